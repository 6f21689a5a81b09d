/* Suggestions under a search field: an ARIA combobox over the API's answer. The form works without. */
(() => {
  const wait = 120; // milliseconds after a key before we ask

  const dress = (form, number) => {
    const input = form.querySelector("input[type=search]");
    const list = document.createElement("ul");
    const told = document.createElement("p");
    list.id = `suggestions-${number}`;
    list.className = "suggestions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.labels[0].textContent);
    told.className = "hidden-text";
    told.setAttribute("role", "status");
    form.append(list, told);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);

    let timer = 0;
    let asked = "";
    let at = -1;

    const close = () => {
      list.hidden = true;
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };

    const choose = (option) => {
      if (option.dataset.url) location.href = option.dataset.url;
      else { input.value = option.dataset.words; form.submit(); }
    };

    const mark = (to) => {
      const options = [...list.children];
      if (!options.length) return;
      at = (to + options.length) % options.length;
      options.forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
      input.setAttribute("aria-activedescendant", options[at].id);
      options[at].scrollIntoView({ block: "nearest" });
    };

    const show = (suggestions) => {
      list.replaceChildren(...suggestions.map((each, place) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${place}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.textContent = each.text;
        option.className = `suggestion-${each.kind}`;
        if (each.kind === "word") {
          option.dataset.words = each.text; // searched by the form, with what narrows the list
        } else {
          const kind = document.createElement("span");
          kind.className = "suggestion-kind";
          kind.textContent = form.dataset[each.kind];
          option.append(" ", kind);
          // Only the path: the site may be known under another name than the one it is read by.
          option.dataset.url = new URL(each.url).pathname;
        }
        option.addEventListener("mousedown", (event) => { event.preventDefault(); choose(option); });
        return option;
      }));
      at = -1;
      list.hidden = !suggestions.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
      told.textContent = suggestions.length ? `${form.dataset.count} ${suggestions.length}` : "";
    };

    const ask = async () => {
      const typed = input.value.trim();
      if (typed === asked) return;
      asked = typed;
      if (typed.length < 2) { close(); return; }
      try {
        const headers = { "Accept-Language": document.documentElement.lang };
        const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(typed)}`, { headers });
        if (answer.ok && typed === input.value.trim()) show((await answer.json()).suggestions);
      } catch { close(); }
    };

    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, wait); });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !list.hidden) { event.preventDefault(); close(); }
      else if (event.key === "ArrowDown" && !list.hidden) { event.preventDefault(); mark(at + 1); }
      else if (event.key === "ArrowUp" && !list.hidden) { event.preventDefault(); mark(at - 1); }
      else if (event.key === "Enter" && at >= 0) { event.preventDefault(); choose(list.children[at]); }
    });
  };

  document.querySelectorAll("form[data-suggest]").forEach(dress);
})();
