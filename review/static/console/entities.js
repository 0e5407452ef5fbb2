// Marking a ground or a domain: select words in the message, with the mouse or with Shift and the arrows, and press "Duid aan".
// Without scripts the words are typed into the fields.
"use strict";
(() => {
  const enhance = (box) => {
    if (box.dataset.ready) return;
    box.dataset.ready = "1";
    const source = box.querySelector("[data-source]"), mark = box.querySelector("[data-mark]");
    const rows = box.querySelector("[data-rows]"), told = box.querySelector("[data-told]");
    const blank = rows.querySelector("[data-blank]");
    const part = (row, name) => row.querySelector(`[name$="-${name}"]`);
    let number = 0;

    const selection = () => {
      let { selectionStart: start, selectionEnd: end } = source;
      const text = source.value;
      while (start < end && /\s/.test(text[start])) start += 1;
      while (end > start && /\s/.test(text[end - 1])) end -= 1;
      return { start, end, words: text.slice(start, end) };
    };
    // Positions count characters as Python does, not UTF-16 halves.
    const points = (text) => [...text].length;
    const prepare = (row) => {
      const remove = row.querySelector("[data-remove]");
      remove.hidden = false;
      remove.addEventListener("click", () => {
        told.textContent = `“${part(row, "stuk").value}” weggehaald.`;
        row.remove();
        source.focus();
      });
      part(row, "stuk").addEventListener("input", () => { part(row, "begin").value = part(row, "einde").value = ""; });
    };
    const add = () => {
      const { start, end, words } = selection();
      if (!words) { told.textContent = "Selecteer eerst woorden in het bericht."; source.focus(); return; }
      const row = blank.cloneNode(true);
      row.removeAttribute("data-blank");
      row.hidden = false;
      number += 1;
      for (const field of row.querySelectorAll("[id]")) {
        row.querySelector(`label[for="${field.id}"]`).htmlFor = `${field.id}-${number}`;
        field.id += `-${number}`;
      }
      for (const field of row.querySelectorAll("input, select")) field.disabled = false;
      part(row, "stuk").value = words;
      part(row, "begin").value = points(source.value.slice(0, start));
      part(row, "einde").value = points(source.value.slice(0, end));
      part(row, "waarde").value = "";
      prepare(row);
      rows.append(row);
      told.textContent = `“${words}” aangeduid. Kies wat het is.`;
      part(row, "waarde").focus();
    };

    for (const row of rows.querySelectorAll("[data-row]:not([data-blank])")) prepare(row);
    blank.hidden = true;
    for (const field of blank.querySelectorAll("input, select")) field.disabled = true;
    for (const only of box.querySelectorAll(".only-js")) only.hidden = false;
    mark.hidden = false;
    // A field that is read-only has no caret to walk with in every browser; this one has, and keeps its text.
    source.readOnly = false;
    source.setAttribute("aria-readonly", "true");
    source.addEventListener("beforeinput", (event) => event.preventDefault());
    mark.addEventListener("mousedown", (event) => event.preventDefault());
    mark.addEventListener("click", add);
    source.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); add(); }
    });
  };
  const scan = (root) => root.querySelectorAll?.("[data-entities]").forEach(enhance);
  scan(document);
  document.addEventListener("htmx:load", (event) => scan(event.detail.elt));
})();
