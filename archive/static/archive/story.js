// Print, copy the address, and listen by the browser's own voice; and open what is folded before printing.
"use strict";
(() => {
  const place = document.getElementById("acts");
  const text = document.getElementById("text");
  window.addEventListener("beforeprint", () => {
    for (const folded of document.querySelectorAll("details.gate")) folded.open = true;
  });
  if (!place || !text) return;
  const button = (words, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button bare";
    made.textContent = words;
    made.addEventListener("click", () => act(made));
    place.append(made);
  };
  button(place.dataset.print, () => window.print());
  if (navigator.clipboard) {
    button(place.dataset.copy, async (made) => {
      await navigator.clipboard.writeText(location.origin + location.pathname);
      made.textContent = place.dataset.copied;
    });
  }
  const voice = window.speechSynthesis;
  if (!voice) return;
  button(place.dataset.listen, (made) => {
    if (voice.speaking) { voice.cancel(); made.textContent = place.dataset.listen; return; }
    // A paragraph at a time: long utterances break off in some browsers.
    const parts = [...text.children].map((each) => each.textContent).filter(Boolean);
    parts.forEach((words, at) => {
      const said = new SpeechSynthesisUtterance(words);
      said.lang = text.lang;
      if (at === parts.length - 1) said.onend = () => { made.textContent = place.dataset.listen; };
      voice.speak(said);
    });
    made.textContent = place.dataset.stop;
  });
  window.addEventListener("pagehide", () => voice.cancel());
})();
