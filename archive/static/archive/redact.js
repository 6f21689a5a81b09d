// Draws the covers of a photograph: mouse, finger or keys. The number fields are the truth, and all
// that is sent; a shape on the picture is a handle to one row of them.
"use strict";
(() => {
  const stage = document.querySelector("form .stage");
  if (!stage) return;
  const form = stage.closest("form");
  const rows = form.querySelector("[data-regions]");
  const total = form.querySelector('[name$="-TOTAL_FORMS"]');
  const most = Number(form.querySelector('[name$="-MAX_NUM_FORMS"]').value);
  const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
  const chosen = (name) => form.querySelector(`[name="tool-${name}"]:checked`).value;
  const LEAST = 1; // hundredths of the picture: smaller is a slip of the hand

  const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
  const read = (row) => Object.fromEntries([..."xywh"].map((name) => [name, Number(field(row, name).value)]));
  const filled = (row) => [..."xywh"].every((name) => field(row, name).value !== "");
  const write = (row, box) => {
    box.w = clamp(box.w, LEAST, 100);
    box.h = clamp(box.h, LEAST, 100);
    box.x = clamp(box.x, 0, 100 - box.w);
    box.y = clamp(box.y, 0, 100 - box.h);
    for (const name of "xywh") field(row, name).value = box[name].toFixed(2);
    show(row);
  };

  // One shape for one row.
  const shapes = new Map();
  const show = (row) => {
    const gone = field(row, "DELETE").checked || !filled(row);
    row.hidden = field(row, "DELETE").checked;
    let shape = shapes.get(row);
    if (gone) {
      if (shape) shape.remove();
      shapes.delete(row);
      return;
    }
    if (!shape) {
      shape = document.createElement("div");
      shape.tabIndex = 0;
      shape.setAttribute("role", "group");
      shape.append(document.createElement("i"));
      shapes.set(row, shape);
      stage.append(shape);
      shape.addEventListener("keydown", (event) => press(event, row));
    }
    const box = read(row);
    shape.className = `cover ${field(row, "shape").value} ${field(row, "how").value}`;
    shape.setAttribute("aria-label", `${stage.dataset.name} ${[...shapes.keys()].indexOf(row) + 1}. ${stage.dataset.keys}`);
    Object.assign(shape.style, { left: `${box.x}%`, top: `${box.y}%`, width: `${box.w}%`, height: `${box.h}%` });
  };

  const freshRow = () => {
    const empty = [...rows.children].find((row) => !filled(row) && !field(row, "DELETE").checked);
    if (empty) return empty;
    if (Number(total.value) >= most) return null;
    const made = document.createElement("div");
    made.innerHTML = form.querySelector("template").innerHTML.replaceAll("__prefix__", total.value);
    total.value = Number(total.value) + 1;
    const row = made.querySelector("[data-region]");
    rows.append(row);
    return row;
  };
  const add = (box) => {
    const row = freshRow();
    if (!row) return null;
    field(row, "shape").value = chosen("shape");
    field(row, "how").value = chosen("how");
    write(row, box);
    return row;
  };
  const takeOff = (row) => {
    field(row, "DELETE").checked = true;
    show(row);
  };

  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const press = (event, row) => {
    const step = STEPS[event.key];
    if (event.key === "Delete" || event.key === "Backspace") takeOff(row);
    else if (step && event.shiftKey) {
      const box = read(row);
      write(row, { ...box, w: box.w + step[0], h: box.h + step[1] });
    } else if (step) {
      const box = read(row);
      write(row, { ...box, x: box.x + step[0], y: box.y + step[1] });
    } else return;
    event.preventDefault();
  };

  const where = (event) => {
    const frame = stage.getBoundingClientRect();
    return [((event.clientX - frame.left) / frame.width) * 100, ((event.clientY - frame.top) / frame.height) * 100].map((at) => clamp(at, 0, 100));
  };
  const between = ([ax, ay], [bx, by]) => ({ x: Math.min(ax, bx), y: Math.min(ay, by), w: Math.abs(ax - bx), h: Math.abs(ay - by) });
  // What a movement of the hand does: size a shape by its corner, move it, or draw a new one.
  const grasp = (target, start) => {
    const row = [...shapes].find(([, shape]) => shape.contains(target))?.[0];
    if (!row) {
      let drawn = null;
      return (now) => {
        const box = between(start, now);
        if (drawn) write(drawn, box);
        else if (box.w > LEAST && box.h > LEAST) drawn = add(box);
      };
    }
    const before = read(row);
    if (target.localName === "i") return (now) => write(row, { ...before, w: before.w + now[0] - start[0], h: before.h + now[1] - start[1] });
    return (now) => write(row, { ...before, x: before.x + now[0] - start[0], y: before.y + now[1] - start[1] });
  };
  stage.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    const move = grasp(event.target, where(event));
    event.target.closest(".cover")?.focus();
    stage.setPointerCapture(event.pointerId);
    const follow = (later) => move(where(later));
    stage.addEventListener("pointermove", follow);
    const stop = () => stage.removeEventListener("pointermove", follow);
    stage.addEventListener("pointerup", stop, { once: true });
    stage.addEventListener("pointercancel", stop, { once: true });
  });
  form.querySelector("[data-add]").addEventListener("click", () => {
    const row = add({ x: 40, y: 40, w: 20, h: 20 });
    if (row) shapes.get(row).focus();
  });
  rows.addEventListener("input", (event) => {
    const row = event.target.closest("[data-region]");
    if (row) show(row);
  });

  stage.parentElement.classList.add("drawing");
  form.querySelector(".tools").hidden = false;
  form.querySelector("[data-hint]").hidden = false;
  form.querySelector(".numbers").open = Boolean(form.querySelector(".numbers .wrong"));
  for (const row of rows.children) show(row);
})();
