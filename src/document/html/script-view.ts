/** Part of the page's script: moving about in the diagram, by pointer, wheel, fingers and keyboard. */
export const VIEW_SCRIPT = String.raw`
  // Pan and zoom.
  const size = { width: +svg.dataset.width, height: +svg.dataset.height };
  let at = { x: 0, y: 0, scale: 1 };
  // The size of what is drawn of one deletion alone, in a grid; null where all tables are drawn.
  let focused = null;
  const show = () => {
    view.setAttribute("transform", "translate(" + at.x + " " + at.y + ") scale(" + at.scale + ")");
    svg.classList.toggle("far", at.scale < 0.45);
  };
  const fit = () => {
    const { clientWidth: w, clientHeight: h } = svg;
    const { width, height } = focused ?? size;
    const scale = Math.min(1.25, (w - 40) / width, (h - 90) / height);
    at = { scale, x: (w - width * scale) / 2, y: Math.max(20, (h - 50 - height * scale) / 2) };
    show();
  };
  const zoom = (factor, x = svg.clientWidth / 2, y = svg.clientHeight / 2) => {
    const scale = Math.min(4, Math.max(0.02, at.scale * factor));
    at = { scale, x: x - ((x - at.x) * scale) / at.scale, y: y - ((y - at.y) * scale) / at.scale };
    show();
  };
  const center = (i) => {
    const [, x, y] = /translate\(([-\d.]+) ([-\d.]+)\)/.exec(nodes[i].getAttribute("transform"));
    const rect = nodes[i].querySelector("rect");
    const middle = { x: +x + rect.width.baseVal.value / 2, y: +y + rect.height.baseVal.value / 2 };
    const seen = { x: middle.x * at.scale + at.x, y: middle.y * at.scale + at.y };
    const inside = seen.x > 60 && seen.y > 30 && seen.x < svg.clientWidth - 60 && seen.y < svg.clientHeight - 70;
    if (inside && at.scale >= 0.6) return;
    if (at.scale < 0.6) at.scale = 0.8;
    at.x = svg.clientWidth / 2 - middle.x * at.scale;
    at.y = svg.clientHeight / 2 - middle.y * at.scale;
    show();
  };
  svg.addEventListener("wheel", (event) => {
    event.preventDefault();
    const { left, top } = svg.getBoundingClientRect();
    zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0016)), event.clientX - left, event.clientY - top);
  }, { passive: false });
  const fingers = new Map();
  let moved = 0;
  svg.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, event);
    moved = 0;
  });
  svg.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const [dx, dy] = [event.clientX - before.clientX, event.clientY - before.clientY];
    moved += Math.abs(dx) + Math.abs(dy);
    if (moved > 4 && !svg.hasPointerCapture(event.pointerId)) svg.setPointerCapture(event.pointerId);
    if (fingers.size === 2) {
      const other = [...fingers].find(([id]) => id !== event.pointerId)[1];
      const gap = (e) => Math.hypot(e.clientX - other.clientX, e.clientY - other.clientY);
      const { left, top } = svg.getBoundingClientRect();
      zoom(gap(event) / Math.max(1, gap(before)), (event.clientX + other.clientX) / 2 - left, (event.clientY + other.clientY) / 2 - top);
    } else {
      at.x += dx;
      at.y += dy;
      svg.classList.add("drag");
      show();
    }
    fingers.set(event.pointerId, event);
  });
  const lift = (event) => {
    fingers.delete(event.pointerId);
    svg.classList.remove("drag");
  };
  svg.addEventListener("pointerup", lift);
  svg.addEventListener("pointercancel", lift);
  by("in").onclick = () => zoom(1.3);
  by("out").onclick = () => zoom(1 / 1.3);
  by("fit").onclick = fit;
  svg.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    if (step) { at.x += step[0]; at.y += step[1]; show(); }
    else if (event.key === "+" || event.key === "=") zoom(1.3);
    else if (event.key === "-") zoom(1 / 1.3);
    else if (event.key === "0") fit();
    else return;
    event.preventDefault();
  });
`;
