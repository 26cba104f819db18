// The studio: holds the state, and joins the parts of the page. Everything that changes the pipeline passes `change`,
// `restructure` or `replace`, so that it is drawn and can be undone.

import { askJson } from "./ask.js";
import { showChain, unfold } from "./chain.js";
import { enlarge, showDetails } from "./details.js";
import { documentOf, FIRST, nodeOf, placeOf, stateOf } from "./document.js";
import { byId, element } from "./element.js";
import { exchange } from "./exchange.js";
import { Grid, spoken } from "./grid.js";
import { History } from "./history.js";
import { startSearch } from "./search.js";

// What a size is where it must be given.
const SIZE = 224;

class Studio {
  constructor({ operations, pictures, classes, colours, document, libraries, save }) {
    this.classes = classes;
    this.colours = colours;
    this.operations = new Map(operations.map((entry) => [entry.name, entry]));
    this.pictures = pictures;
    this.libraries = libraries;
    this.savesTo = save;
    this.state = stateOf(document);
    this.history = new History(this.state);
    this.target = null;
    this.chosen = 0;
  }

  document() {
    return documentOf(this.state);
  }

  // A control moved: the chain stands as it is.
  change(key, does, settled = true) {
    does();
    this.history.push(this.state, key);
    if (settled) this.history.settle();
    this.refresh();
  }

  // The chain itself is another.
  restructure(does) {
    does();
    this.history.push(this.state);
    this.showChain();
    this.refresh();
  }

  replace(document) {
    this.target = null;
    this.restructure(() => {
      this.state = stateOf(document);
    });
  }

  step(state) {
    if (!state) return;
    this.state = state;
    if (this.target && !placeOf(this.state.chain, this.target)) this.target = null;
    this.showChain();
    this.refresh();
  }

  add(name) {
    const spec = this.operations.get(name);
    const required = (spec?.parameters ?? []).filter((parameter) => parameter.required);
    const body = Object.fromEntries(required.map((parameter) => [parameter.name, SIZE]));
    const node = nodeOf({ [name]: spec ? body : { ...FIRST[name], of: [] } });
    unfold(node.id);
    this.restructure(() => {
      const list = this.target ? placeOf(this.state.chain, this.target).node.of : this.state.chain;
      // What writes the final numbers stays last.
      const last = list.at(-1);
      const before = last && this.operations.get(last.name)?.family === "finish" ? 1 : 0;
      list.splice(list.length - before, 0, node);
      if (!spec) this.target = node.id;
    });
    this.aim(this.target);
    byId("chain").querySelector(`[data-id="${node.id}"]`).scrollIntoView({ block: "nearest" });
  }

  // Where the next operation goes: into a group, or to the end.
  aim(target) {
    this.target = target;
    const group = target && placeOf(this.state.chain, target).node.name.replaceAll("_", " ");
    byId("target").hidden = !target;
    byId("target").replaceChildren(`Added into ${group}. `, element("button", { type: "button", onclick: () => this.aim(null) }, "Add to the end instead"));
    this.showChain();
  }

  showChain() {
    showChain(this);
    if (!this.target) byId("target").hidden = true;
  }

  refresh() {
    byId("undo").disabled = !this.history.past.length;
    byId("redo").disabled = !this.history.future.length;
    byId("seed").value = this.state.options.seed ?? 0;
    this.grid.draw();
  }

  warn(message) {
    byId("alert").hidden = message === null;
    byId("alert").textContent = message ?? "";
  }

  // What is worth knowing and no fault.
  remark(lines) {
    byId("remarks").hidden = !lines.length;
    byId("remarks").replaceChildren(...lines.map((line) => element("li", {}, line)));
  }

  report(drawn) {
    this.drawn = drawn;
    byId("status").textContent = spoken(drawn, this.passes);
  }

  async describe() {
    const answer = await askJson("api/describe", { document: this.document(), picture: this.chosen, epoch: 0 });
    this.passes = answer.passes;
    if (this.drawn) byId("status").textContent = spoken(this.drawn, this.passes);
    showDetails(this, answer);
  }

  async choose(picture) {
    this.chosen = picture;
    this.grid.mark();
    try {
      await this.describe();
    } catch (error) {
      this.warn(error.message);
    }
  }

  enlarge() {
    return enlarge(this);
  }

  reseed(seed) {
    this.change("seed", () => {
      this.state.options.seed = seed;
    });
  }
}

function pane(name) {
  document.body.dataset.pane = name;
  for (const button of document.querySelectorAll(".bar button")) button.setAttribute("aria-pressed", String(button.dataset.pane === name));
}

function theme(dark) {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  byId("theme").setAttribute("aria-pressed", String(dark));
}

function keys(studio) {
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input:not([type=range]):not([type=checkbox]), textarea, select");
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && key === "z" && !typing) {
      event.preventDefault();
      studio.step(event.shiftKey ? studio.history.redo() : studio.history.undo());
    } else if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey && !document.querySelector("dialog[open]")) {
      if (key === "/") {
        event.preventDefault();
        pane("chain");
        byId("search").focus();
      } else if (key === "r") byId("dice").click();
    }
  });
}

async function start() {
  const given = await askJson("api/start");
  const studio = new Studio(given);
  studio.grid = new Grid(studio);
  byId("preset").append(...given.presets.map(({ name }) => element("option", { value: name }, name.replaceAll("_", " "))));
  byId("preset").addEventListener("change", (event) => {
    const preset = given.presets.find(({ name }) => name === event.target.value);
    if (preset) studio.replace({ ...preset.document, seed: studio.state.options.seed ?? 0 });
    event.target.value = "";
  });
  byId("seed").addEventListener("change", () => {
    const seed = byId("seed").valueAsNumber;
    if (Number.isSafeInteger(seed) && seed >= 0) studio.reseed(seed);
    else byId("seed").value = studio.state.options.seed ?? 0;
  });
  byId("dice").addEventListener("click", () => studio.reseed(crypto.getRandomValues(new Uint32Array(1))[0] % 1e6));
  byId("undo").addEventListener("click", () => studio.step(studio.history.undo()));
  byId("redo").addEventListener("click", () => studio.step(studio.history.redo()));
  byId("exchange").addEventListener("click", () => exchange(studio));
  byId("save").hidden = !studio.savesTo;
  byId("save").title = studio.savesTo ?? "";
  byId("save").addEventListener("click", async () => {
    try {
      const { saved } = await askJson("api/save", { document: studio.document() });
      byId("status").textContent = `Saved to ${saved}`;
    } catch (error) {
      studio.warn(error.message);
    }
  });
  byId("theme").addEventListener("click", () => theme(document.documentElement.dataset.theme !== "dark"));
  for (const button of document.querySelectorAll(".bar button")) button.addEventListener("click", () => pane(button.dataset.pane));
  theme(matchMedia("(prefers-color-scheme: dark)").matches);
  pane("grid");
  keys(studio);
  startSearch(studio);
  studio.showChain();
  studio.refresh();
}

start().catch((error) => {
  byId("alert").hidden = false;
  byId("alert").textContent = error.message;
});
