// The chain of operations: cards in order, with their switches, places and controls. Groups hold cards of their own.
// It changes nodes only through `studio.change`, so that everything can be undone.

import { control } from "./control.js";
import { GROUPS, move, moveBefore, placeOf } from "./document.js";
import { byId, element } from "./element.js";

const CHANCE = { name: "p", kind: "real", bounds: [0, 1], usual: [0, 1], default: 1, doc: "The chance that it is applied." };
const COUNT = { kind: "integer", bounds: [0, 16], usual: [1, 4], default: 1 };
const OWN = {
  some_of: [{ ...COUNT, name: "n", doc: "How many of them." }],
  select_channels: [{ kind: "numbers", name: "channels", default: null, doc: "Which channels, counted from 0, as a list: [0, 2]." }],
  repeat: [{ ...COUNT, name: "times", default: 2, doc: "How many times." }],
};

const open = new Set();
let dragged = null;

export const unfold = (id) => open.add(id);

const words = (name) => name.replaceAll("_", " ");

function summary(node) {
  if (node.of) return `${node.of.length} ${node.of.length === 1 ? "member" : "members"}`;
  const given = Object.entries(node.body).map(([key, value]) => `${key} ${shown(value)}`);
  return given.join(", ") || "defaults";
}

// A value in few words; two numbers are a range here, and merely two where they are drawn already.
export function shown(value, between = "…") {
  if (typeof value === "number") return String(Number(value.toPrecision(4)));
  if (Array.isArray(value) && value.length === 2 && value[0] === value[1]) return shown(value[0]);
  if (Array.isArray(value)) return value.map((item) => shown(item, between)).join(between);
  if (value?.uniform) return shown(value.uniform);
  if (value && typeof value === "object") return Object.entries(value).map(([k, v]) => `${words(k)} ${shown(v, ", ")}`).join(" ");
  return String(value);
}

function parameters(studio, node) {
  const spec = studio.operations.get(node.name);
  const chance = node.name === "maybe" ? { ...CHANCE, default: 0.5 } : CHANCE;
  const list = [...(spec ? spec.parameters : OWN[node.name] ?? []), ...(spec?.family === "finish" ? [] : [chance])];
  return list.map((parameter) => {
    const label = `${words(node.name)}: ${words(parameter.name)}`;
    const changed = (value, settled) => {
      studio.change(`${node.id}.${parameter.name}`, () => {
        if (JSON.stringify(value) === JSON.stringify(parameter.default)) delete node.body[parameter.name];
        else node.body[parameter.name] = value;
      }, settled);
      const line = byId("chain").querySelector(`[data-id="${node.id}"] .summary`);
      if (line) line.textContent = summary(node);
    };
    const unit = parameter.unit && parameter.unit !== "fraction" ? element("small", {}, ` ${parameter.unit}`) : null;
    return element("div", { class: "parameter" },
      element("div", { class: "name", title: parameter.doc }, words(parameter.name), unit),
      control(parameter, label, node.body[parameter.name], changed),
      element("p", { class: "doc" }, parameter.doc));
  });
}

function card(studio, node, list, at) {
  const name = words(node.name);
  const act = (what) => studio.restructure(what);
  const button = (key, label, text, enabled, does) =>
    element("button", { type: "button", class: "icon", "data-key": `${node.id}.${key}`, "aria-label": `${label} ${name}`, title: label, disabled: !enabled, onclick: does }, text);
  const grip = element("span", { class: "grip", draggable: "true", title: "Drag to another place", "aria-hidden": "true" }, "⠿");
  grip.addEventListener("dragstart", (event) => {
    dragged = node.id;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", node.name);
  });
  const unfolded = open.has(node.id);
  const title = element("button", { type: "button", class: "title", "data-key": `${node.id}.title`, "aria-expanded": String(unfolded), onclick: () => {
    if (open.has(node.id)) open.delete(node.id);
    else open.add(node.id);
    studio.showChain();
  } }, element("span", {}, name), element("small", { class: "summary" }, summary(node)));
  const enabled = element("input", { type: "checkbox", class: "switch", role: "switch", checked: node.enabled, "data-key": `${node.id}.switch`, "aria-label": `Use ${name}`,
    onchange: (event) => act(() => { node.enabled = event.target.checked; }) });
  const made = element("li", { class: node.enabled ? "card" : "card off", "data-id": node.id },
    element("div", { class: "row" }, grip, enabled, title,
      button("up", "Move up", "↑", at > 0, () => act(() => move(studio.state.chain, node.id, at - 1))),
      button("down", "Move down", "↓", at < list.length - 1, () => act(() => move(studio.state.chain, node.id, at + 1))),
      button("remove", "Remove", "×", true, () => act(() => {
        list.splice(at, 1);
        if (studio.target && !placeOf(studio.state.chain, studio.target)) studio.target = null;
      }))));
  made.addEventListener("dragover", (event) => {
    if (dragged === null) return;
    event.preventDefault();
    event.stopPropagation();
    made.classList.add("over");
  });
  made.addEventListener("dragleave", () => made.classList.remove("over"));
  made.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
    const id = dragged;
    dragged = null;
    made.classList.remove("over");
    if (id !== null) act(() => moveBefore(studio.state.chain, id, node.id));
  });
  if (unfolded) {
    const about = studio.operations.get(node.name)?.summary ?? GROUPS[node.name] ?? "";
    made.append(element("div", { class: "body" }, element("p", { class: "about" }, about), ...parameters(studio, node)));
  }
  if (node.of) {
    const inner = element("ol", { class: "chain inner" }, ...node.of.map((member, k) => card(studio, member, node.of, k)));
    const here = studio.target === node.id;
    const add = element("button", { type: "button", "data-key": `${node.id}.add`, "aria-pressed": String(here), onclick: () => studio.aim(here ? null : node.id) }, here ? "Adding here" : "Add into this group");
    made.append(inner, add);
  }
  return made;
}

export function showChain(studio) {
  const focused = document.activeElement?.dataset?.key;
  const { chain } = studio.state;
  const none = element("li", { class: "none" }, "No operations yet. Search above for one, or choose a preset.");
  byId("chain").replaceChildren(...(chain.length ? chain.map((node, at) => card(studio, node, chain, at)) : [none]));
  if (!focused) return;
  const again = byId("chain").querySelector(`[data-key="${focused}"]`);
  if (again && !again.disabled) again.focus();
  // A button that went, or that leads nowhere now, hands the focus to its card.
  else (byId("chain").querySelector(`[data-key="${focused.split(".")[0]}.title"]`) ?? byId("search")).focus();
}
