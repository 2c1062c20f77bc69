// A room as a pane: its head, its log and where to write. One for each person, and the desk's shared one with threads.

import { Refusal } from "./acts.js";
import { choice } from "./choice.js";
import { Composer } from "./composer.js";
import { arrange, avatar, channelAvatar, h } from "./dom.js";
import { brief, EntryView } from "./entry.js";
import { openForm } from "./form.js";
import { Thread } from "./thread.js";
import { wall } from "./when.js";

/** Pixels from the end of a log within which its reader counts as following it. */
const NEAR = 60;

export class Pane {
  #house;
  #views = new Map();
  #threads = new Map();
  #log;
  #newer;
  #empty;
  #composer;
  #speaker;
  #forms = false;
  #following = true;
  #top = 0;
  room;
  element;

  /**
   * `house`: {log, acts, cast, zone}. `speakers`: the cast members who can speak here, the first of them chosen;
   * `shared`: several read along, and what is said about a card stands in a thread under it.
   */
  constructor(house, { room, title, about, speakers, shared = false }) {
    this.#house = house;
    this.room = room;
    this.title = title;
    this.shared = shared;
    this.#speaker = speakers[0];
    this.#log = h("div", { class: "log", role: "log", "aria-live": "polite", tabindex: "0",
      "aria-label": `${title}: conversation`, on: { scroll: () => this.#scrolled() } });
    this.#newer = h("button", { type: "button", class: "newer", hidden: true, on: { click: () => this.#toEnd() } },
      "New messages ↓");
    new ResizeObserver(() => this.#following && this.#toEnd()).observe(this.#log);
    this.#composer = new Composer({
      id: `say-${room}`, label: `Write as ${title}`, placeholder: shared ? "Message the desk" : "Write to Support Hub",
      send: (text, quotes) => this.#say(text, "", quotes),
    });
    this.#empty = this.#welcome(speakers[0]);
    this.element = h("section", { class: shared ? "pane shared" : "pane", "aria-label": title, data: { room } },
      this.#head(title, about, speakers),
      h("div", { class: "log-frame" }, this.#empty, this.#log, this.#newer),
      this.#composer.element);
  }

  // What an entry needs to know of where it stands ------------------------------------------------------------------

  zone() {
    return this.shared ? this.#house.zone : this.#speaker.zone;
  }

  nameOf(id) {
    return this.#house.cast.get(id)?.name ?? id;
  }

  find(key) {
    return this.#house.log.find(key);
  }

  fate(key) {
    return this.#house.acts.fate(key);
  }

  drop(key) {
    this.#house.acts.drop(key);
  }

  press(item, { label, line }) {
    this.#do({ kind: "pressed", line, shown: label, thread: this.#threadOf(item) });
  }

  reply(item) {
    const thread = this.#threads.get(this.#threadOf(item));
    (thread ?? this.#composer).answer(item.key, brief(item, this));
  }

  // What others do with a pane --------------------------------------------------------------------------------------

  fill(text) {
    this.#composer.fill(text);
  }

  focus() {
    this.#composer.focus();
  }

  /** Draws what changed; returns how many of the bot's messages are new to the room. */
  update(changed) {
    const mine = changed.filter((item) => item.room === this.room);
    if (!mine.length) return 0;
    const following = this.#following;
    let fresh = 0;
    for (const item of mine) {
      if (item.entry.kind === "bot" && !this.#views.has(item.key)) fresh++;
      this.#draw(item);
    }
    this.#arrange();
    const ownWords = mine.some((item) => item.revision === 0 && !item.thread);
    if (following || ownWords) this.#toEnd();
    else if (fresh) this.#newer.hidden = false;
    return fresh;
  }

  /** After it was out of sight: the end is what counts. */
  shown() {
    this.#toEnd();
  }

  // ------------------------------------------------------------------------------------------------------------------

  #head(title, about, speakers) {
    const forms = choice({
      name: `forms-${this.room}`, legend: `How Support Hub asks ${title}`, chosen: "chat",
      options: [["chat", "Conversation"], ["forms", "Forms"]],
      choose: (value) => { this.#forms = value === "forms"; },
    });
    const speaking = speakers.length > 1 && h("div", { class: "speaking" },
      h("span", { class: "small", "aria-hidden": "true" }, "You are"),
      choice({
        name: `speaker-${this.room}`, legend: `Who speaks in ${title}`, chosen: speakers[0].id,
        options: speakers.map((one) => [one.id, one.name.split(" ")[0]]),
        choose: (value) => this.#speakAs(value),
      }));
    return h("header", { class: "pane-head" },
      this.shared ? channelAvatar("hash") : avatar(title, this.room),
      h("div", { class: "pane-title" }, h("h3", {}, title), h("p", { class: "small" }, about)),
      h("div", { class: "pane-controls" }, speaking, forms));
  }

  #welcome(speaker) {
    const offers = speaker.suggestions.map((line) =>
      h("button", { type: "button", class: "chip", on: { click: () => this.fill(line) } }, line));
    const first = speaker.name.split(" ")[0];
    const words = this.shared
      ? "Each case gets one card here. It changes as the case does, and what is said about it stands in its thread."
      : `Nothing said yet. Write as ${first}${offers.length ? ", or start with one of these:" : "."}`;
    return h("div", { class: "welcome" }, h("p", {}, words), !this.shared && h("div", { class: "chips" }, offers));
  }

  #speakAs(id) {
    this.#speaker = this.#house.cast.get(id);
    this.#arrange(); // what only one of them sees comes and goes
  }

  #say(text, thread, quotes) {
    this.#do({ kind: "said", text, thread, quotes });
  }

  async #do(act) {
    const { acts } = this.#house;
    const who = this.#speaker;
    const send = (what) => acts.do({ who: who.id, room: this.room, forms: this.#forms, ...what });
    try {
      const form = await send(act);
      if (!form) return;
      openForm(form, who.name, ({ form: name, title, draft }, answers) =>
        send({ kind: "submitted", form: name, answers, draft, shown: title, thread: act.thread }));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error; // a refusal stands beside the words themselves
    }
  }

  #draw(item) {
    const there = this.find(item.key);
    if (!there) this.#views.delete(item.key);
    else if (this.#views.has(item.key)) this.#views.get(item.key).update(there);
    else this.#views.set(item.key, new EntryView(this, there));
  }

  #arrange() {
    const items = this.#house.log.in(this.room).filter((item) => this.#visible(item));
    const roots = new Set(items.filter((item) => this.shared && item.entry.root).map((item) => item.key));
    arrange(this.#log, this.#dated(items.filter((item) => !roots.has(item.thread))));
    for (const root of roots) {
      const under = items.filter((item) => item.thread === root);
      this.#thread(root).show(this.#grouped(under));
    }
    this.#empty.hidden = items.length > 0;
  }

  #visible({ entry }) {
    if (entry.kind === "submitted") return entry.acked && !entry.returned;
    return !entry.only_for || entry.only_for === this.#speaker.id;
  }

  #dated(items) {
    const made = [];
    let day = "";
    for (const [index, item] of items.entries()) {
      const { date, day: words } = wall(item.entry.at, this.zone());
      if (date !== day) made.push(this.#divider(date, words));
      made.push(this.#view(item, date === day ? items[index - 1] : undefined));
      day = date;
    }
    return made;
  }

  #divider(date, words) {
    const key = `day ${date}`;
    if (!this.#views.has(key)) this.#views.set(key, { element: h("p", { class: "day" }, h("span", {}, words)) });
    return this.#views.get(key).element;
  }

  #grouped(items) {
    return items.map((item, index) => this.#view(item, items[index - 1]));
  }

  /** The entry's element; one that goes on where the same person just spoke needs no name of its own. */
  #view(item, before) {
    const { element } = this.#views.get(item.key);
    const same = before && author(before) === author(item) && !before.entry.root && !item.entry.root;
    const soon = same && Date.parse(item.entry.at) - Date.parse(before.entry.at) < 5 * 60_000;
    element.classList.toggle("again", Boolean(soon && !item.entry.only_for === !before.entry.only_for));
    return element;
  }

  #thread(root) {
    if (!this.#threads.has(root)) {
      this.#threads.set(root, new Thread({ key: root, send: (text, quotes) => this.#say(text, root, quotes) }));
    }
    const thread = this.#threads.get(root);
    const card = this.#views.get(root).element;
    if (thread.element.parentNode !== card) card.append(thread.element);
    return thread;
  }

  #threadOf(item) {
    return item.thread || (this.shared && item.entry.root ? item.key : "");
  }

  #toEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#following = true;
    this.#newer.hidden = true;
  }

  /** Whoever went up to read is not pulled away by what is new; a log that only became shorter is still followed. */
  #scrolled() {
    const near = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < NEAR;
    if (near || this.#log.scrollTop < this.#top) this.#following = near;
    if (near) this.#newer.hidden = true;
    this.#top = this.#log.scrollTop;
  }
}

function author({ entry }) {
  return entry.kind === "bot" ? "bot" : `by ${entry.by}`;
}
