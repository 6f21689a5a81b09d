// A quiet count of words, and saving while somebody writes: the same post as the buttons, to the same
// address. Nothing is kept in the browser. Without this script every page is saved by its buttons.
"use strict";
(() => {
  const form = document.getElementById("telling");
  if (!form) return;
  const REST = 2500; // milliseconds without a key before it is saved
  const text = form.elements.body, count = document.getElementById("count");
  const told = document.getElementById("saved");
  let timer = 0, saving = null, line = null, changed = false, going = false;

  const counted = () => {
    const words = text.value.trim().split(/\s+/).filter(Boolean).length;
    const of = words === 1 ? form.dataset.one : form.dataset.words;
    count.textContent = words ? `${words.toLocaleString(document.documentElement.lang)} ${of}` : "";
  };
  if (text && count) { text.addEventListener("input", counted); counted(); }

  const keep = async () => {
    changed = false;
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    data.set("go", "save");
    line = new AbortController();
    const asked = { method: "POST", body: data, credentials: "same-origin", signal: line.signal };
    try {
      const answer = await fetch(form.action, asked);
      const said = await answer.json();
      if (told) told.textContent = said.said;
      if (answer.ok && said.key) opened(said);
      changed ||= !answer.ok;
    } catch {
      changed = true;
      if (told && !going) told.textContent = form.dataset.unsaved;
    }
  };
  const opened = (said) => {
    const first = !form.elements.key.value;
    form.elements.key.value = said.key;
    const kept = document.getElementById("kept");
    if (!first || !kept || !kept.hidden) return;
    document.getElementById("receipt-code").textContent = said.receipt;
    kept.hidden = false;
  };
  form.addEventListener("opened", (event) => opened(event.detail)); // by another script's first post
  const save = () => { saving ||= keep().finally(() => { saving = null; if (changed && !going) soon(); }); return saving; };
  const soon = () => { clearTimeout(timer); timer = setTimeout(save, REST); };

  if (told) form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    changed = true;
    soon();
  });
  // A save that is under way must not arrive after the post that follows it, with older words: it is
  // waited for a little, and then broken off.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!saving || going) return;
    event.preventDefault();
    going = true;
    const { submitter } = event;
    Promise.race([saving, new Promise((done) => setTimeout(done, 3000))])
      .finally(() => { line.abort(); form.requestSubmit(submitter); });
  });
})();
