// The grid of live draws. One question is under way at a time; whatever changes meanwhile is asked for once, afterwards.

import { askTiles } from "./ask.js";
import { byId, element } from "./element.js";
import { offer, overlay } from "./overlay.js";
import { warnings } from "./warnings.js";

const TILES = 16;
const SIDE = 224;

const grouped = new Intl.NumberFormat("en");

export class Grid {
  constructor(studio) {
    this.studio = studio;
    this.page = 0;
    this.pages = Math.ceil(studio.pictures / TILES);
    this.busy = false;
    this.again = false;
    this.tiles = new Map();
    byId("before").addEventListener("click", () => this.turn(-1));
    byId("after").addEventListener("click", () => this.turn(1));
    this.turn(0);
  }

  // Each page is spread evenly over the folder, so that the first shows every class.
  numbers() {
    const all = Array.from({ length: TILES }, (_, k) => this.page + k * this.pages);
    return all.filter((number) => number < this.studio.pictures);
  }

  turn(by) {
    this.page = (this.page + by + this.pages) % this.pages;
    byId("pages").textContent = `${this.page + 1} of ${this.pages}`;
    byId("before").disabled = byId("after").disabled = this.pages === 1;
    this.studio.chosen = this.numbers()[0];
    this.draw();
  }

  async draw() {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    const start = performance.now();
    try {
      const { tiles, rate } = await askTiles("api/draw", { document: this.studio.document(), pictures: this.numbers(), epoch: 0, side: SIDE });
      this.show(tiles);
      const took = Math.round(performance.now() - start);
      this.studio.warn(null);
      this.studio.report({ rate, took, count: tiles.length });
      if (!this.again) await this.studio.describe();
    } catch (error) {
      this.studio.warn(error.message);
    }
    this.busy = false;
    if (this.again) {
      this.again = false;
      this.draw();
    }
  }

  show(tiles) {
    const items = tiles.map((tile) => {
      const kept = this.tiles.get(tile.picture);
      const item = kept ?? this.item(tile);
      item.querySelector(".fault").textContent = tile.error ?? "";
      const image = item.querySelector("img");
      image.hidden = !tile.blob;
      if (image.src) URL.revokeObjectURL(image.src);
      if (tile.blob) image.src = URL.createObjectURL(tile.blob);
      item.querySelectorAll(".overlay").forEach((layer) => layer.remove());
      image.after(...(tile.blob ? overlay(this.studio, tile) : []));
      item.querySelector("button").title = tile.blob ? `${tile.name}, ${tile.width} × ${tile.height}` : tile.name;
      return [tile.picture, item];
    });
    this.tiles = new Map(items);
    offer(tiles);
    this.studio.remark(warnings(this.studio, tiles));
    // Moving what stands there already would take the focus away.
    const list = byId("grid");
    const made = [...this.tiles.values()];
    if (made.length !== list.children.length || made.some((item, k) => item !== list.children[k])) list.replaceChildren(...made);
    this.mark();
  }

  item({ picture, name }) {
    const chosen = () => this.studio.choose(picture);
    return element("li", {}, element("button", { type: "button", "aria-pressed": "false", "data-picture": picture, "data-name": name, onclick: chosen, ondblclick: () => this.studio.enlarge() },
      element("img", { alt: `${name}, drawn` }), element("span", { class: "fault" })));
  }

  mark() {
    for (const [number, item] of this.tiles) item.querySelector("button").setAttribute("aria-pressed", String(number === this.studio.chosen));
  }
}

export function spoken({ rate, took, count }, passes) {
  const speed = rate ? ` · ${grouped.format(Math.round(rate))} img/s on one core` : "";
  const plan = passes === undefined ? "" : ` · ${passes} ${passes === 1 ? "pass" : "passes"}`;
  return `${count} ${count === 1 ? "picture" : "pictures"} in ${took} ms${speed}${plan}`;
}
