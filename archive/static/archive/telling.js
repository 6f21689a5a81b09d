// A quiet count of words under the text. Nothing is kept in the browser.
"use strict";
(() => {
  const form = document.getElementById("telling");
  const text = form && form.elements.body;
  if (!text) return;
  const count = document.createElement("p");
  count.className = "hint";
  text.after(count);
  const tell = () => {
    const words = text.value.trim().split(/\s+/).filter(Boolean).length;
    count.textContent = words ? `${words} ${form.dataset.words}` : "";
  };
  text.addEventListener("input", tell);
  tell();
})();
