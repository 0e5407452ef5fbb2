// Keyboard shortcuts: an element says with data-key which key presses it; j and k walk over [data-step].
// They are off while somebody types or corrects a message, with a modifier key, and when switched off (kept on this device only).
// Escape leaves a correction: at once where nothing was filled in, else the form stays open and only the focus goes.
"use strict";
(() => {
  const OFF = "sneltoetsen-uit";
  const stored = { get: () => { try { return localStorage.getItem(OFF); } catch { return null; } },
    set: (off) => { try { off ? localStorage.setItem(OFF, "1") : localStorage.removeItem(OFF); } catch { /* private window */ } } };
  const quiet = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const steps = () => [...document.querySelectorAll("[data-step]")];
  const typing = (target) => target.isContentEditable
    || target.matches("textarea, select, [role=combobox], input:not([type=radio], [type=checkbox], [type=hidden])");
  const current = () => document.activeElement.closest("[data-step]");

  const go = (element) => {
    if (!element) return;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "center", behavior: quiet() ? "auto" : "smooth" });
  };
  // From where nothing has the focus, walking starts at what can be seen.
  const near = () => steps().findIndex((step) => step.getBoundingClientRect().bottom > 80);
  const walk = (by, list = steps()) => {
    const here = list.indexOf(current());
    go(here < 0 ? list[Math.max(0, near())] : list[here + by]);
  };
  const look = () => {
    const all = steps(), from = all.indexOf(current());
    go(all.find((step, index) => index > from && step.matches(".look")) ?? all.find((step) => step.matches(".look")));
  };
  const correct = () => {
    const here = current() ?? steps().find((step) => step.querySelector("[data-correct]"));
    here?.querySelector("[data-correct]")?.click();
  };
  const help = () => {
    const list = document.getElementById("sneltoetsen");
    list.open = !list.open;
    if (list.open) list.querySelector("summary").focus();
  };
  const acts = { j: () => walk(1), k: () => walk(-1), g: look, c: correct, "?": help };

  const touched = (event) => event.target.closest(".judge")?.setAttribute("data-touched", "");
  for (const kind of ["input", "change"]) document.addEventListener(kind, touched);
  const leave = (form) => {
    const cancel = form.querySelector("[data-cancel]");
    if (cancel && !form.hasAttribute("data-touched")) cancel.click();
    else form.closest("[data-step]")?.focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (stored.get()) return;
    const form = event.target.closest(".judge") ?? (event.target.matches("[data-step]") && event.target.querySelector(".judge"));
    if (event.key === "Escape" && form) return leave(form);
    if (typing(event.target) || event.target.closest(".judge")) return;
    if (event.key === "Enter" && event.target.matches("[data-step]")) event.target.querySelector("[data-open]")?.click();
    const button = /^[a-z]$/.test(event.key) && document.querySelector(`[data-key="${event.key}"]`);
    const act = button ? () => button.click() : Object.hasOwn(acts, event.key) && acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-jump][href^='#']");
    if (!link) return;
    event.preventDefault();
    go(document.getElementById(link.hash.slice(1)));
  });

  // What came in place of what had the focus gets it, so that nobody is thrown back to the top of the page.
  document.addEventListener("htmx:afterSettle", (event) => {
    const fresh = event.detail.elt;
    const target = fresh.matches?.("[data-focus]") ? fresh : fresh.querySelector?.("[data-focus]");
    target?.removeAttribute("data-focus");
    target?.focus({ preventScroll: false });
    const form = !target && (fresh.closest?.(".judge") ?? fresh.querySelector?.(".judge"));
    if (!form) return;
    (form.querySelector("input[type=radio]:checked") ?? form.querySelector("input[type=radio]"))?.focus({ preventScroll: true });
    form.scrollIntoView({ block: "nearest", behavior: quiet() ? "auto" : "smooth" });
  });

  const toggle = document.querySelector("[data-keys-switch]");
  if (toggle) {
    toggle.checked = !stored.get();
    toggle.addEventListener("change", () => stored.set(!toggle.checked));
  }
  if (location.hash.startsWith("#bericht-")) document.getElementById(location.hash.slice(1))?.focus();
})();
