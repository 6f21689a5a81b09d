// Arrow keys and a swipe go to the plate before and after; the links do the same without this.
"use strict";
(() => {
  const go = (rel) => {
    const link = document.querySelector(`a[rel="${rel}"]`);
    if (link) link.click();
  };
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || typing(event.target)) return;
    if (event.key === "ArrowLeft") go("prev");
    else if (event.key === "ArrowRight") go("next");
  });
  const zoomed = () => window.visualViewport && window.visualViewport.scale > 1.05;
  let from = null;
  document.addEventListener("touchstart", (event) => {
    from = event.touches.length === 1 && !zoomed() ? event.touches[0] : null;
  }, { passive: true });
  document.addEventListener("touchend", (event) => {
    if (!from) return;
    const to = event.changedTouches[0];
    const across = to.clientX - from.clientX;
    // Sixty pixels, and clearly more across than down: reading on is no swipe.
    if (Math.abs(across) > 60 && Math.abs(across) > 2 * Math.abs(to.clientY - from.clientY)) go(across < 0 ? "next" : "prev");
    from = null;
  }, { passive: true });
})();
