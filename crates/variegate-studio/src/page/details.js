// One picture and what happens to it: before and after, its recipe, the fused plan, and the pipeline as text.

import { askTiles } from "./ask.js";
import { shown } from "./chain.js";
import { byId, element } from "./element.js";
import { overlay } from "./overlay.js";

let code = "yaml";

export async function copied(button, text) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Select the text and copy it";
  }
}

export function download(name, text) {
  const link = element("a", { href: URL.createObjectURL(new Blob([text], { type: "text/plain" })), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}

function recipe({ steps }) {
  const values = ({ op, ...rest }) => Object.entries(rest).filter(([, value]) => value !== null && !String(value).startsWith("key:"));
  const step = (drawn) => element("li", {}, element("b", {}, drawn.op.replaceAll("_", " ")),
    element("span", {}, values(drawn).map(([key, value]) => `${key.replaceAll("_", " ")} ${shown(value, ", ")}`).join(", ")));
  return steps.length ? element("ol", { class: "recipe" }, ...steps.map(step)) : element("p", {}, "Nothing was drawn for this picture.");
}

function texts(studio, answer) {
  const text = element("pre", { tabindex: "0", "aria-label": "The pipeline as text" }, answer[code]);
  const pick = (kind, label) => element("button", { type: "button", "data-code": kind, "aria-pressed": String(code === kind), onclick: () => {
    code = kind;
    showDetails(studio, answer);
    byId("details").querySelector(`[data-code="${kind}"]`).focus();
  } }, label);
  const name = code === "yaml" ? "pipeline.yaml" : "pipeline.py";
  const copy = element("button", { type: "button", onclick: () => copied(copy, answer[code]) }, "Copy");
  return [element("div", { class: "choices" }, pick("yaml", "YAML"), pick("python", "Python"), copy,
    element("button", { type: "button", onclick: () => download(name, answer[code]) }, "Download")), text];
}

export function showDetails(studio, answer) {
  const tile = byId("grid").querySelector(`[data-picture="${studio.chosen}"]`);
  byId("details").replaceChildren(
    element("div", { class: "chosen" }, element("b", {}, tile?.title ?? ""),
      element("button", { type: "button", id: "enlarge", onclick: () => studio.enlarge() }, "Before and after, large")),
    element("h3", {}, "Recipe of this picture"), recipe(answer.recipe),
    element("h3", {}, "Plan"), element("pre", { class: "plan", tabindex: "0", "aria-label": "The fused plan" }, answer.plan),
    element("h3", {}, "Pipeline"), ...texts(studio, answer));
}

// Before and after in the picture's own size, so exactly what a training gets.
export async function enlarge(studio) {
  const dialog = byId("large");
  const picture = studio.chosen;
  const figure = (label) => element("figure", {}, element("div", { class: "frame" }, element("img", { alt: label })), element("figcaption", {}, label));
  const [before, after] = [figure("Before"), figure("After")];
  const close = element("button", { type: "button", onclick: () => dialog.close() }, "Close");
  const name = byId("grid").querySelector(`[data-picture="${picture}"]`)?.dataset.name ?? "";
  dialog.replaceChildren(element("div", { class: "head" }, element("h2", {}, name), close), element("div", { class: "pair" }, before, after));
  if (!dialog.open) dialog.showModal();
  const fill = async (place, document) => {
    const image = place.querySelector("img");
    try {
      const [tile] = (await askTiles("api/large", { picture, document, epoch: 0 })).tiles;
      image.src = URL.createObjectURL(tile.blob);
      await image.decode();
      image.after(...overlay(studio, tile));
      place.querySelector("figcaption").textContent += `, ${image.naturalWidth} × ${image.naturalHeight}`;
    } catch (error) {
      image.remove();
      place.querySelector("figcaption").textContent = error.message;
    }
  };
  await Promise.all([fill(before, null), fill(after, studio.document())]);
  const release = () => [before, after].forEach((place) => URL.revokeObjectURL(place.querySelector("img")?.src ?? ""));
  dialog.addEventListener("close", release, { once: true });
}
