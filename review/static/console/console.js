// Small things that plain HTML and htmx cannot do. No inline scripts: the content security policy forbids them.
"use strict";

// Somebody who reads for long is told before the session ends, and can go on with one press.
(() => {
  const box = document.querySelector(".ending");
  if (!box) return;
  const length = Number(box.dataset.session) * 1000;
  const notice = Math.min(120000, length / 2);
  let before = null;
  let warning = 0;
  let end = 0;
  const start = () => {
    box.hidden = true;
    clearTimeout(warning);
    clearTimeout(end);
    warning = setTimeout(() => {
      before = document.activeElement;
      box.hidden = false;
      box.querySelector("button").focus();
    }, length - notice);
    end = setTimeout(() => location.reload(), length + 1000);
  };
  box.querySelector("button").addEventListener("click", async () => {
    const reply = await fetch(box.dataset.address, { redirect: "error" }).catch(() => null);
    if (!reply?.ok) return location.reload();
    start();
    before?.focus?.();
  });
  document.addEventListener("htmx:afterRequest", start);
  start();
})();
