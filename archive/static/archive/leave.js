// Leave at once: the page is emptied before anything is asked of the network, and its place in the
// history is taken by where we go. Without this script the button is a plain link.
"use strict";
(() => {
  const link = document.getElementById("leave");
  if (!link) return;
  const PRESSES = 3, WITHIN = 5000; // milliseconds, as on the pages people may know
  let presses = [];

  const leave = () => {
    document.title = " ";
    document.body.replaceChildren();
    location.replace(link.href);
  };
  link.addEventListener("click", (event) => { event.preventDefault(); leave(); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") { presses = []; return; }
    if (event.repeat) return;
    const now = Date.now();
    presses = [...presses.filter((at) => now - at < WITHIN), now];
    if (presses.length >= PRESSES) leave();
  });
  // A page kept for the Back button must not show what was on it.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
