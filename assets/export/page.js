"use strict";
// What is under the pointer: a card with the position, the way to it and its figures. No network, nothing is stored.
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const data = JSON.parse(document.getElementById("data").textContent);
  const tree = document.getElementById("tree");
  const card = document.getElementById("card");
  const ring = document.getElementById("ring");
  const home = { x: 0, y: 0, width: data.width, height: data.height };
  let view = Object.assign({}, home);
  let focus = 0;

  const make = (parent, name, attributes = {}, text = "") => {
    const element = document.createElementNS(parent instanceof SVGElement || name === "svg" ? SVG : null, name);
    const made = element.namespaceURI === SVG ? element : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.textContent = text;
    parent.appendChild(made);
    return made;
  };

  const signed = (value) => (value < 0 ? "\u2212" : value > 0 ? "+" : "") + Math.abs(value).toFixed(2);
  const percent = (share) => (100 * share).toFixed(1) + " %";

  function path(slot) {
    const words = [];
    for (let at = slot; at > 0; at = data.slots[at].up) if (data.slots[at].text) words.unshift(data.slots[at].text);
    return words;
  }

  function drawBoard(parent, slot) {
    if (!slot.board) return;
    const { rows, columns, style } = data;
    const svg = make(parent, "svg", { viewBox: `0 0 ${45 * columns} ${45 * rows}`, "aria-hidden": "true" });
    for (let cell = 0; cell < rows * columns; cell++) {
      const x = 45 * (cell % columns), y = 45 * (rows - 1 - Math.floor(cell / columns));
      const light = (cell % columns + Math.floor(cell / columns)) % 2 || style !== "chess";
      make(svg, "rect", { x, y, width: 45, height: 45, fill: `var(--board-${light ? "light" : "dark"})` });
      if (slot.marked.includes(cell))
        make(svg, "rect", { x, y, width: 45, height: 45, fill: "var(--board-marked)", opacity: 0.6 });
      const piece = slot.board[cell];
      if (style === "discs") {
        const fill = piece === "X" ? "var(--disc-first)" : piece === "O" ? "var(--disc-second)" : "var(--background)";
        make(svg, "circle", { cx: x + 22.5, cy: y + 22.5, r: 18, fill, stroke: "var(--outline)" });
      } else if (piece !== "." && document.getElementById("piece-" + piece)) {
        make(svg, "use", { href: "#piece-" + piece, x, y, width: 45, height: 45 });
      } else if (piece !== ".") {
        make(svg, "text", { x: x + 22.5, y: y + 32, "font-size": 28, "text-anchor": "middle" }, piece);
      }
    }
  }

  function show(at, clientX, clientY) {
    const slot = data.slots[at];
    card.replaceChildren();
    if (!slot) { card.hidden = true; return; }
    drawBoard(card, slot);
    if (slot.kind === "node") {
      const words = path(at);
      make(card, "strong", {}, words.length ? words[words.length - 1] : "Root");
      if (words.length > 1) make(card, "p", { class: "path" }, words.join(" "));
      if (slot.status) make(card, "p", { class: "status" }, slot.status);
      const list = make(card, "dl");
      const rows = [["Visits N", slot.n.toLocaleString("en")], ["Value Q", slot.proven || signed(slot.q)],
                    ["Raw value V", signed(slot.v)]];
      if (slot.p !== null) rows.push(["Prior P", percent(slot.p)], ["Share of visits", percent(slot.share)]);
      if (slot.pruned) rows.push(["Pruned", slot.pruned]);
      for (const [name, value] of rows) { make(list, "dt", {}, name); make(list, "dd", {}, value); }
    } else {
      make(card, "p", { class: "path" }, path(slot.up).join(" "));
      make(card, "div", {}, slot.said);
    }
    card.hidden = false;
    const box = card.getBoundingClientRect();
    const left = clientX + 18 + box.width > innerWidth ? clientX - box.width - 18 : clientX + 18;
    card.style.left = Math.max(4, left) + "px";
    card.style.top = Math.max(4, Math.min(clientY + 12, innerHeight - box.height - 4)) + "px";
    const isNode = slot.kind === "node";
    ring.setAttribute("visibility", isNode ? "visible" : "hidden");
    if (isNode) for (const [key, value] of [["cx", slot.x], ["cy", slot.y], ["r", slot.r + 5]]) ring.setAttribute(key, value);
  }

  function hide() {
    card.hidden = true;
    ring.setAttribute("visibility", "hidden");
  }

  function look() {
    tree.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
  }

  function toPicture(clientX, clientY) {
    return new DOMPoint(clientX, clientY).matrixTransform(tree.getScreenCTM().inverse());
  }

  function toScreen(slot) {
    return new DOMPoint(slot.x, slot.y).matrixTransform(tree.getScreenCTM());
  }

  function zoom(factor, point) {
    const width = Math.min(home.width * 1.5, Math.max(home.width / 200, view.width * factor));
    const share = width / view.width;
    view = { x: point.x - (point.x - view.x) * share, y: point.y - (point.y - view.y) * share,
             width, height: view.height * share };
    look();
  }

  let drag = null;
  tree.addEventListener("pointerdown", (event) => {
    drag = { x: event.clientX, y: event.clientY, from: Object.assign({}, view) };
    tree.setPointerCapture(event.pointerId);
  });
  tree.addEventListener("pointermove", (event) => {
    if (drag && (event.buttons & 1)) {
      const pixel = 1 / tree.getScreenCTM().a;
      view = { x: drag.from.x - (event.clientX - drag.x) * pixel, y: drag.from.y - (event.clientY - drag.y) * pixel,
               width: view.width, height: view.height };
      tree.classList.add("moving");
      hide();
      look();
      return;
    }
    const hit = document.elementFromPoint(event.clientX, event.clientY);
    const at = hit && hit.dataset ? hit.dataset.s : undefined;
    if (at === undefined) { hide(); return; }
    focus = Number(at);
    show(focus, event.clientX, event.clientY);
  });
  for (const end of ["pointerup", "pointercancel"])
    tree.addEventListener(end, () => { drag = null; tree.classList.remove("moving"); });
  tree.addEventListener("pointerleave", hide);
  tree.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(Math.pow(1.0015, event.deltaY), toPicture(event.clientX, event.clientY));
  }, { passive: false });
  tree.addEventListener("dblclick", () => { view = Object.assign({}, home); look(); });

  // Walking: right = most visited child, left = parent, up and down = siblings.
  const nodes = Object.keys(data.slots).map(Number).filter((at) => data.slots[at].kind === "node");
  const children = (at) => nodes.filter((one) => data.slots[one].up === at && one !== at);
  function neighbour(key) {
    const slot = data.slots[focus];
    if (key === "ArrowLeft") return slot.up;
    if (key === "ArrowRight") return children(focus).sort((a, b) => data.slots[b].n - data.slots[a].n)[0];
    const beside = children(slot.up).sort((a, b) => data.slots[a].y - data.slots[b].y);
    return beside[beside.indexOf(focus) + (key === "ArrowDown" ? 1 : -1)];
  }
  tree.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { hide(); return; }
    if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
    if (!data.slots[focus] || data.slots[focus].kind !== "node") focus = 0;
    const next = card.hidden ? focus : neighbour(event.key);
    if (next !== undefined && next >= 0) focus = next;
    const point = toScreen(data.slots[focus]);
    show(focus, point.x, point.y);
  });
})();
