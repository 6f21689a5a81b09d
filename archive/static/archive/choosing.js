// Sends chosen photographs one at a time, the moment they are chosen: each with its own progress and
// preview, and a second try where one breaks. Lets them be ordered by drag and by buttons. The same
// post to the same address as the form's own button, which does all of it without this script.
"use strict";
(() => {
  const form = document.getElementById("telling");
  const line = document.querySelector("[data-incoming]");
  if (!form || !line) return;
  const input = form.elements.photos, told = document.querySelector("[data-told]");
  const section = document.querySelector("[data-brought]"), list = section.querySelector("ol");
  const words = line.dataset;
  const SIDE = 96; // pixels of a preview
  const items = []; // as they were chosen
  let busy = false, waiting = null;

  const make = (tag, text = "", name = "") => Object.assign(document.createElement(tag), { textContent: text, className: name });
  const button = (text, act) => {
    const made = make("button", text, "button bare");
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  };

  // --- sending
  const preview = async (item) => {
    try {
      const small = await createImageBitmap(item.file, { resizeHeight: SIDE });
      const canvas = make("canvas");
      [canvas.width, canvas.height] = [small.width, small.height];
      canvas.getContext("2d").drawImage(small, 0, 0);
      small.close();
      item.line.prepend(canvas);
    } catch { /* a kind that this browser cannot show; the archive can */ }
  };
  const take = async (files) => {
    const taken = [...files].map((file) => {
      const item = { file, line: make("li"), says: make("span", words.waiting), bar: make("progress") };
      item.bar.max = 1;
      item.bar.value = 0;
      item.bar.setAttribute("aria-label", file.name);
      item.line.append(make("span", file.name, "file"), item.bar, item.says);
      line.append(item.line);
      return item;
    });
    items.push(...taken);
    work();
    for (const item of taken) await preview(item);
  };
  const post = (item) => new Promise((done) => {
    const data = new FormData();
    for (const name of ["csrfmiddlewaretoken", "step", "token", "key", "new_shown"]) data.set(name, form.elements[name].value);
    if (form.elements.keep_original.checked) data.set("keep_original", "on");
    data.set("go", "photo");
    data.set("photos", item.file);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      item.bar.value = event.loaded / event.total;
      item.says.textContent = event.loaded < event.total ? words.sending.replace("{n}", Math.round(item.bar.value * 100)) : words.cleaning;
    });
    request.addEventListener("loadend", () => done(request.response || {}));
    request.send(data);
  });
  const place = (item, answer) => {
    const holder = make("div");
    holder.innerHTML = answer.html; // our own page's part, escaped by the server
    const article = holder.querySelector("article");
    section.hidden = false;
    const beside = answer.beside && document.getElementById(`photo-${answer.beside}`);
    if (beside) {
      item.shown = beside.closest("li");
      item.shown.classList.add("pair");
      item.shown[article.querySelector("[name^=place_]") ? "prepend" : "append"](article);
      return;
    }
    item.shown = make("li");
    item.shown.append(article);
    // One that broke and was sent again comes back to where it was chosen.
    const before = items.slice(0, items.indexOf(item)).reverse().find((each) => each.shown?.isConnected);
    const after = items.slice(items.indexOf(item) + 1).find((each) => each.shown?.isConnected);
    if (before) before.shown.after(item.shown);
    else if (after) after.shown.before(item.shown);
    else list.append(item.shown);
    renumber();
  };
  const send = async (item) => {
    item.state = "sending";
    item.bar.hidden = false;
    item.line.querySelectorAll("button").forEach((each) => each.remove());
    const answer = await post(item);
    if (answer.key) form.dispatchEvent(new CustomEvent("opened", { detail: answer }));
    if (answer.html) {
      item.line.remove();
      item.state = "here";
      place(item, answer);
      return;
    }
    item.state = "broken";
    item.bar.hidden = true;
    item.says.textContent = answer.refused || words.broken;
    item.says.className = "wrong-words";
    const drop = () => { item.line.remove(); item.state = "gone"; };
    const next = answer.final
      ? button(words.another, () => { drop(); input.click(); }) // the same file would be refused again
      : button(words.again, () => { item.state = ""; work(); });
    item.line.append(next, button(words.without, drop));
  };
  const work = async () => {
    if (busy) return;
    busy = true;
    for (let next; (next = items.find((each) => !each.state));) await send(next);
    busy = false;
    const well = items.every((each) => each.state !== "broken");
    told.textContent = well ? words.done : "";
    if (waiting && well) form.requestSubmit(waiting);
    waiting = null;
  };

  input.addEventListener("change", () => { take(input.files); input.value = ""; });
  const field = input.closest(".dropping");
  const carries = (event) => event.dataTransfer.types.includes("Files");
  field.addEventListener("dragover", (event) => { if (carries(event)) { event.preventDefault(); field.classList.add("over"); } });
  field.addEventListener("dragleave", () => field.classList.remove("over"));
  field.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    field.classList.remove("over");
    take(event.dataTransfer.files);
  });
  // Capture: before the listener that may send the form on.
  form.addEventListener("submit", (event) => {
    if (!busy) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting = event.submitter;
    told.textContent = words.wait;
  }, true);
  document.querySelector("[data-plain]").hidden = true;

  // --- ordering
  const renumber = () => [...list.children].forEach((each, at) => {
    const number = each.querySelector("[name^=place_]");
    if (number) number.value = at + 1;
  });
  const moved = (item) => {
    renumber();
    list.dispatchEvent(new Event("input", { bubbles: true }));
    told.textContent = words.moved.replace("{n}", [...list.children].indexOf(item) + 1);
  };
  list.addEventListener("click", (event) => {
    const pressed = event.target.closest('[value^="earlier:"], [value^="later:"]');
    if (!pressed) return;
    event.preventDefault();
    const item = pressed.closest("li");
    if (pressed.value.startsWith("earlier")) item.previousElementSibling?.before(item);
    else item.nextElementSibling?.after(item);
    pressed.focus();
    moved(item);
  });
  let held = null;
  list.addEventListener("pointerdown", (event) => {
    const sight = event.target.closest(".sight");
    if (sight) sight.draggable = true;
  });
  list.addEventListener("dragstart", (event) => {
    held = event.target.closest(".sight") && event.target.closest("li");
    if (held) { event.dataTransfer.effectAllowed = "move"; held.classList.add("held"); }
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest(".brought > li");
    if (!held || !over) return;
    event.preventDefault();
    if (over === held) return;
    const down = held.compareDocumentPosition(over) & Node.DOCUMENT_POSITION_FOLLOWING;
    over[down ? "after" : "before"](held);
  });
  list.addEventListener("drop", (event) => { if (held) event.preventDefault(); });
  list.addEventListener("dragend", () => {
    if (!held) return;
    held.classList.remove("held");
    moved(held);
    held = null;
  });
})();
