// Keys at the desk. A letter goes to its button and does not press it: nothing is decided by a slip.
"use strict";
(() => {
  const typing = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  const rows = () => [...document.querySelectorAll(".queue tbody th a")];
  const step = (by) => {
    const all = rows();
    const next = all[all.indexOf(document.activeElement) + by];
    if (next) next.focus();
  };
  const listed = document.getElementById("keys");
  const off = () => localStorage.getItem("keys") === "off";
  if (listed) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button bare";
    const say = () => { made.textContent = off() ? listed.dataset.on : listed.dataset.off; };
    made.addEventListener("click", () => { localStorage.setItem("keys", off() ? "on" : "off"); say(); });
    say();
    listed.append(made);
  }
  document.addEventListener("keydown", (event) => {
    if (off() || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (/^[1-9]$/.test(event.key)) document.querySelector(`[data-pick="${event.key}"]`)?.closest("label").click();
    else {
      const goal = /^[a-z]$/.test(event.key) && document.querySelector(`[data-key="${event.key}"]`);
      if (!goal) return;
      event.preventDefault();
      goal.focus();
    }
  });
})();
