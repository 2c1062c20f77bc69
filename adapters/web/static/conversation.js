// A room's log as people read it: its entries by day, a card's thread under it, and the newest in sight.

import { arrange, h } from "./dom.js";
import { EntryView } from "./entry.js";
import { Thread } from "./thread.js";
import { wall } from "./when.js";

/** Pixels from the end of a log within which its reader counts as following it. */
const NEAR = 60;
/** Within this time somebody goes on speaking, and needs no name of their own again. */
const GOES_ON = 5 * 60_000;

export class Conversation {
  #pane;
  #views = new Map();
  #days = new Map();
  #threads = new Map();
  #log;
  #newer;
  #empty;
  #following = true;
  #top = 0;
  element;

  /** `pane`: where it stands (see pane.js, and entry.js for what entries need); `empty` is shown until there is one. */
  constructor(pane, empty) {
    this.#pane = pane;
    this.#empty = empty;
    this.#log = h("div", { class: "log", role: "log", "aria-live": "polite", tabindex: "0",
      "aria-label": `${pane.title}: conversation`, on: { scroll: () => this.#scrolled() } });
    this.#newer = h("button", { type: "button", class: "newer", hidden: true, on: { click: () => this.toEnd() } },
      "New messages ↓");
    new ResizeObserver(() => this.#following && this.toEnd()).observe(this.#log);
    this.element = h("div", { class: "log-frame" }, empty, this.#log, this.#newer);
  }

  /** Draws what changed in this room; returns how many of the bot's messages are new to it. */
  update(changed) {
    const following = this.#following;
    const fresh = changed.filter(({ key, entry }) => entry.kind === "bot" && !this.#views.has(key)).length;
    for (const item of changed) this.#draw(item);
    this.arrange();
    const ownWords = changed.some((item) => item.revision === 0 && !item.thread);
    if (following || ownWords) this.toEnd();
    else if (fresh) this.#newer.hidden = false;
    return fresh;
  }

  /** Puts everything that is visible to whoever reads in its place. */
  arrange() {
    const items = this.#pane.items().filter((item) => this.#visible(item));
    const roots = new Set(items.filter((item) => this.#pane.shared && item.entry.root).map(({ key }) => key));
    arrange(this.#log, this.#dated(items.filter((item) => !roots.has(item.thread))));
    for (const root of roots) {
      const under = items.filter((item) => item.thread === root);
      this.#threadUnder(root).show(under.map((item, index) => this.#view(item, under[index - 1])));
    }
    this.#empty.hidden = items.length > 0;
  }

  /** Every entry again, as it looks now; whoever follows goes on following. */
  redraw() {
    const following = this.#following;
    for (const [key, view] of this.#views) view.update(this.#pane.find(key));
    if (following) this.toEnd();
  }

  toEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#top = this.#log.scrollTop;
    this.#following = true;
    this.#newer.hidden = true;
  }

  /** Brings an element of it into sight, from its beginning where it is too high; its reader is not pulled away. */
  bring(element, block) {
    const [frame, box] = [this.#log, element].map((one) => one.getBoundingClientRect());
    if (box.top >= frame.top && box.bottom <= frame.bottom) return;
    this.#following = false;
    element.scrollIntoView({ block: block ?? (box.height < frame.height ? "nearest" : "start") });
  }

  /** An entry's own row, without its thread. */
  row(key) {
    return this.#views.get(key)?.element.querySelector(".row");
  }

  /** The thread under a card, if there is one. */
  thread(root) {
    return this.#threads.get(root);
  }

  #draw({ key }) {
    const there = this.#pane.find(key);
    if (!there) this.#views.delete(key);
    else if (this.#views.has(key)) this.#views.get(key).update(there);
    else this.#views.set(key, new EntryView(this.#pane, there));
  }

  /** A form shows once it is through: until then it is open in its dialog. */
  #visible({ entry }) {
    if (entry.kind === "submitted") return entry.acked && !entry.returned;
    return !entry.only_for || entry.only_for === this.#pane.speaker.id;
  }

  #dated(items) {
    const made = [];
    let before;
    for (const item of items) {
      const { date, day } = wall(item.entry.at, this.#pane.zone());
      const sameDay = before && wall(before.entry.at, this.#pane.zone()).date === date;
      if (!sameDay) made.push(this.#divider(date, day));
      made.push(this.#view(item, sameDay ? before : undefined));
      before = item;
    }
    return made;
  }

  #divider(date, day) {
    if (!this.#days.has(date)) this.#days.set(date, h("p", { class: "day" }, h("span", {}, day)));
    return this.#days.get(date);
  }

  #view(item, before) {
    const { element } = this.#views.get(item.key);
    element.classList.toggle("again", Boolean(before) && goesOn(before, item));
    return element;
  }

  #threadUnder(root) {
    if (!this.#threads.has(root)) {
      const send = (text, quotes, files) => this.#pane.say(text, root, quotes, files);
      this.#threads.set(root, new Thread({ key: root, send }));
      this.#views.get(root).element.append(this.#threads.get(root).element);
    }
    return this.#threads.get(root);
  }

  /** Whoever went up to read is not pulled away by what is new; a log that only became shorter is still followed. */
  #scrolled() {
    const near = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < NEAR;
    if (near || this.#log.scrollTop < this.#top) this.#following = near;
    if (near) this.#newer.hidden = true;
    this.#top = this.#log.scrollTop;
  }
}

function goesOn({ entry: before }, { entry: now }) {
  const same = before.kind === "bot" ? now.kind === "bot" : before.by === now.by;
  const alike = !before.root && !now.root && !before.only_for === !now.only_for;
  return same && alike && Date.parse(now.at) - Date.parse(before.at) < GOES_ON;
}
