// Which panes are open: as many as fit beside each other, chosen on each side's rail; one where the window is narrow.

import { h } from "./dom.js";

/** How many panes a window this wide shows, customers' and desk's; the first that fits counts. */
const FITS = [[2200, 3, 3], [1540, 2, 2], [1180, 1, 2], [780, 1, 1]];

export class Layout {
  #sides;
  #tabs = new Map();
  #unread = new Map();
  #recent;
  #slots;

  /** `sides`: two of {element, panes: [{pane, face, name}]}, `face` the picture on the rail; first come, first open. */
  constructor(sides) {
    this.#sides = sides;
    this.#recent = sides.flatMap(({ panes }) => panes.map(({ pane }) => pane));
    for (const { element, panes } of sides) {
      element.querySelector(".rail").replaceChildren(...panes.map((one) => this.#tab(one)));
      element.querySelector(".panes").replaceChildren(...panes.map(({ pane }) => pane.element));
    }
    addEventListener("resize", () => this.#fit());
    this.#fit();
  }

  /** Opens a pane, if need be in the place of the one opened longest ago on its side. */
  open(pane) {
    this.#recent = [pane, ...this.#recent.filter((other) => other !== pane)];
    this.#show();
  }

  /** Marks a pane that is out of sight as having something new. */
  news(pane, count) {
    if (!count || !pane.element.hidden) return;
    this.#unread.set(pane, (this.#unread.get(pane) ?? 0) + count);
    this.#label(pane);
  }

  #tab({ pane, face, name }) {
    const badge = h("span", { class: "badge", hidden: true });
    const tab = h("button", { type: "button", class: "tab", data: { tab: pane.room },
      on: { click: () => { this.open(pane); pane.focus(); } } },
      face, h("span", { class: "tab-name" }, name), badge);
    this.#tabs.set(pane, { tab, badge });
    return tab;
  }

  #fit() {
    const [, customers, desk] = FITS.find(([width]) => innerWidth >= width) ?? [0, 0, 0];
    const slots = [customers, desk];
    if (String(slots) === String(this.#slots)) return;
    this.#slots = slots;
    document.body.classList.toggle("narrow", !customers);
    this.#show();
  }

  #show() {
    const narrow = !this.#slots[0];
    for (const [side, { element, panes }] of this.#sides.entries()) {
      const own = this.#recent.filter((pane) => panes.some((one) => one.pane === pane));
      const open = new Set(narrow ? this.#recent.slice(0, 1) : own.slice(0, this.#slots[side]));
      element.dataset.slots = this.#slots[side];
      for (const { pane } of panes) this.#toggle(pane, open.has(pane));
    }
  }

  #toggle(pane, open) {
    const opened = open && pane.element.hidden;
    pane.element.hidden = !open;
    if (open) this.#unread.delete(pane);
    if (opened) pane.shown();
    this.#label(pane);
  }

  #label(pane) {
    const { tab, badge } = this.#tabs.get(pane);
    const news = this.#unread.get(pane) ?? 0;
    badge.replaceChildren(news > 9 ? "9+" : String(news), h("span", { class: "visually-hidden" }, " new"));
    badge.hidden = !news;
    tab.setAttribute("aria-pressed", String(!pane.element.hidden));
    tab.title = pane.title;
  }
}
