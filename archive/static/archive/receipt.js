// Copy, print and save a receipt, where the browser can. The words stand in the page, translated.
"use strict";
(() => {
  const place = document.getElementById("keep");
  const code = document.getElementById("receipt-code");
  if (!place || !code) return;
  const button = (words, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button";
    made.textContent = words;
    made.addEventListener("click", () => act(made));
    place.append(made);
  };
  if (navigator.clipboard) {
    button(place.dataset.copy, async (made) => {
      await navigator.clipboard.writeText(code.textContent.trim());
      made.textContent = place.dataset.copied;
    });
  }
  button(place.dataset.print, () => window.print());
  button(place.dataset.save, () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([`${code.textContent.trim()}\n`], { type: "text/plain" }));
    link.download = "receipt.txt";
    link.click();
    URL.revokeObjectURL(link.href);
  });
})();
