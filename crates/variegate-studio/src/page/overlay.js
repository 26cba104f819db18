// What is attached to a picture, drawn over it: boxes and points as lines that stay thin at every size, masks as colours.
// The grid and the large view lay it over their pictures; which kinds are seen is one setting for both.

import { byId, element } from "./element.js";

const KINDS = { boxes: "Boxes", masks: "Masks", points: "Points" };

// Drawings have a namespace, which the page's own empty one knows: no address stands in the scripts.
function drawn(tag, given, ...children) {
  const made = document.createElementNS(byId("ink").namespaceURI, tag);
  for (const [key, value] of Object.entries(given)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// Over a picture of `head.width` × `head.height` that keeps its shape in whatever room it has.
export function overlay(studio, head) {
  const { attached, width, height, maskBlob } = head;
  if (!attached) return [];
  const layers = [];
  if (maskBlob) {
    const mask = element("img", { class: "overlay masks", alt: "" });
    mask.src = URL.createObjectURL(maskBlob);
    mask.addEventListener("load", () => URL.revokeObjectURL(mask.src), { once: true });
    layers.push(mask);
  }
  const colour = (label) => studio.colours[label % studio.colours.length];
  const boxes = attached.boxes.map(([x0, y0, x1, y1, label]) => drawn("rect", { x: x0, y: y0, width: x1 - x0, height: y1 - y0, stroke: colour(label) },
    drawn("title", {}, document.createTextNode(studio.classes[label] ?? String(label)))));
  // A line of no length with round ends is a dot of the same size everywhere.
  const points = attached.points.flatMap(([x, y]) => ["rim", "dot"].map((part) => drawn("path", { class: part, d: `M${x} ${y}h0` })));
  layers.push(drawn("svg", { class: "overlay", viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" },
    drawn("g", { class: "boxes under" }, ...boxes.map((box) => box.cloneNode())), drawn("g", { class: "boxes" }, ...boxes), drawn("g", { class: "points" }, ...points)));
  return layers;
}

// A switch for each kind that any picture of the page has; one that is there stays.
export function offer(tiles) {
  const has = {
    boxes: tiles.some(({ attached }) => attached?.had),
    masks: tiles.some(({ maskBlob }) => maskBlob),
    points: tiles.some(({ attached }) => attached?.points.length),
  };
  for (const [kind, label] of Object.entries(KINDS)) {
    if (!has[kind] || byId(`show-${kind}`)) continue;
    const field = element("input", { type: "checkbox", id: `show-${kind}`, checked: true,
      onchange: (event) => document.body.classList.toggle(`no-${kind}`, !event.target.checked) });
    byId("kinds").append(element("label", { class: "kind" }, field, label));
  }
}
