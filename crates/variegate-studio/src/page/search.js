// Finds operations by their own names, by other libraries' names, and by what they do; adds the chosen one.

import { GROUPS } from "./document.js";
import { byId, element } from "./element.js";

const MOST = 40;

// Lower case without blanks and strokes: RandomErasing, random_erasing and "random erasing" are one.
const plain = (text) => text.toLowerCase().replace(/[^a-z0-9]/g, "");

// How well an operation answers, smaller is better, and the foreign name it was found by; null where it does not.
function match(entry, query) {
  const own = plain(entry.name);
  if (own === query) return { rank: 0 };
  const alias = entry.aliases.find((name) => plain(name) === query);
  if (alias) return { rank: 1, alias };
  if (own.startsWith(query)) return { rank: 2 };
  if (own.includes(query)) return { rank: 3 };
  const part = entry.aliases.find((name) => plain(name).includes(query));
  if (part) return { rank: 4, alias: part };
  if (entry.family === query) return { rank: 5 };
  return plain(entry.summary).includes(query) ? { rank: 6 } : null;
}

export function find(entries, text) {
  const query = plain(text);
  if (!query) return entries.map((entry) => ({ entry }));
  const found = entries.map((entry) => ({ entry, ...match(entry, query) })).filter(({ rank }) => rank !== undefined);
  return found.sort((a, b) => a.rank - b.rank || a.entry.name.length - b.entry.name.length);
}

// What may be added: everything that works on one picture, and the groups.
function entriesOf(operations) {
  const shown = [...operations.values()].filter(({ name, targets }) => targets.includes("image") && name !== "custom");
  const groups = Object.entries(GROUPS).map(([name, summary]) => ({ name, summary, family: "group", aliases: [name.replace("_", "")] }));
  return [...groups, ...shown].sort((a, b) => (a.family === b.family ? a.name.localeCompare(b.name) : a.family.localeCompare(b.family)));
}

export function startSearch(studio) {
  const [field, list] = [byId("search"), byId("found")];
  const entries = entriesOf(studio.operations);
  let [found, at] = [[], -1];

  const close = () => {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const choose = (entry) => {
    field.value = "";
    close();
    studio.add(entry.name);
  };
  const mark = (to) => {
    at = to;
    for (const [k, option] of [...list.children].entries()) option.setAttribute("aria-selected", String(k === at));
    if (at < 0) return;
    field.setAttribute("aria-activedescendant", `found-${at}`);
    list.children[at].scrollIntoView({ block: "nearest" });
  };
  const show = () => {
    found = find(entries, field.value).slice(0, field.value ? MOST : entries.length);
    const option = ({ entry, alias }, k) =>
      element("div", { role: "option", id: `found-${k}`, "aria-selected": "false", onmousedown: (event) => {
        event.preventDefault();
        choose(entry);
      } }, element("b", {}, entry.name.replaceAll("_", " ")), alias ? element("i", {}, ` = ${alias}`) : null,
      element("small", {}, `${entry.family} · ${entry.summary}`));
    list.replaceChildren(...found.map(option));
    if (!found.length) list.append(element("p", {}, "Nothing of that name. Try what it does: blur, crop, noise …"));
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    mark(found.length && field.value ? 0 : -1);
  };

  field.addEventListener("input", show);
  field.addEventListener("focus", show);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      field.value = "";
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) show();
      else if (found.length) mark((at + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length);
    } else if (event.key === "Enter" && !list.hidden && found[at]) {
      event.preventDefault();
      choose(found[at].entry);
    }
  });
}
