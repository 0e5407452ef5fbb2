// Turns a select into a search box over the same choices (WAI-ARIA combobox with a list), asking the server for what was typed.
// Without scripts the select stays what it is.
"use strict";
(() => {
  const enhance = (box) => {
    if (box.dataset.ready) return;
    box.dataset.ready = "1";
    const select = box.querySelector("select"), label = box.querySelector("label");
    const all = [...select.options].filter((option) => option.value)
      .map((option) => ({ name: option.value, title: option.text, example: option.parentElement.label ?? "" }));
    const input = document.createElement("input"), list = document.createElement("ul"), told = document.createElement("p");
    const id = `${select.id}-zoek`, listId = `${select.id}-lijst`;
    Object.assign(input, { id, type: "text", autocomplete: "off", spellcheck: false, placeholder: box.dataset.hint ?? "" });
    for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", listId], ["aria-autocomplete", "list"]]) input.setAttribute(name, value);
    list.id = listId;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", label.textContent);
    told.className = "visually-hidden";
    told.setAttribute("role", "status");
    label.htmlFor = id;
    select.hidden = true;
    box.querySelector(".find")?.remove();
    select.after(input, list, told);
    let shown = [], active = -1, asked = 0;

    const titleOf = () => select.selectedOptions[0]?.value ? select.selectedOptions[0].text : "";
    input.value = titleOf();
    const close = () => { list.hidden = true; active = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
    const point = (index) => {
      active = index;
      [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
      if (index < 0) { input.removeAttribute("aria-activedescendant"); return; }
      input.setAttribute("aria-activedescendant", list.children[index].id);
      list.children[index].scrollIntoView({ block: "nearest" });
    };
    const show = (hits) => {
      shown = hits;
      list.replaceChildren(...hits.map((hit, index) => {
        const option = document.createElement("li"), title = document.createElement("b"), example = document.createElement("span");
        option.id = `${listId}-${index}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        title.textContent = hit.title;
        example.textContent = hit.example;
        option.append(title, example);
        return option;
      }));
      list.hidden = hits.length === 0;
      input.setAttribute("aria-expanded", String(hits.length > 0));
      told.textContent = hits.length ? `${hits.length} bedoelingen` : "Niets gevonden";
      point(-1);
    };
    const choose = (index) => {
      if (!shown[index]) return;
      select.value = shown[index].name;
      select.dispatchEvent(new Event("change", { bubbles: true }));
      input.value = titleOf();
      close();
    };
    const ask = async () => {
      const query = input.value.trim(), number = ++asked;
      if (!query) { show(all); return; }
      const answer = await fetch(`${box.dataset.combobox}?vorm=json&zoek=${encodeURIComponent(query)}`, { headers: { Accept: "application/json" } })
        .then((response) => (response.ok ? response.json() : { hits: [] })).catch(() => ({ hits: [] }));
      if (number === asked && document.activeElement === input) show(answer.hits);
    };

    let wait;
    input.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(ask, 150); });
    input.addEventListener("focus", () => input.select());
    input.addEventListener("keydown", (event) => {
      const open = !list.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!open) { show(all); return; }
        const by = event.key === "ArrowDown" ? 1 : -1;
        point((active + by + shown.length) % shown.length);
      } else if (event.key === "Enter" && open) {
        event.preventDefault();
        choose(Math.max(0, active));
      } else if (event.key === "Escape" && open) {
        event.preventDefault();
        event.stopPropagation();
        input.value = titleOf();
        close();
      }
    });
    // Typed over but nothing chosen: what was chosen before stands, and is shown.
    input.addEventListener("blur", () => { asked += 1; clearTimeout(wait); input.value = titleOf(); close(); });
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) choose([...list.children].indexOf(option));
    });
  };
  const scan = (root) => root.querySelectorAll?.("[data-combobox]").forEach(enhance);
  scan(document);
  document.addEventListener("htmx:load", (event) => scan(event.detail.elt));
})();
