// On a wide window the ways to narrow a list stand open, also in browsers whose styles cannot
// open a closed <details>.
"use strict";
(() => {
  const sieve = document.querySelector(".sieve");
  if (!sieve) return;
  const wide = matchMedia("(min-width: 62rem)");
  const fit = () => { sieve.open = wide.matches; };
  wide.addEventListener("change", fit);
  fit();
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !wide.matches) sieve.open = false;
  });
})();
