// A room as a pane: its head, its conversation and where to write. One for each person, and the desk's shared one.

import { Refusal } from "./acts.js";
import { choice } from "./choice.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { avatar, channelAvatar, h } from "./dom.js";
import { brief } from "./entry.js";
import { openForm } from "./form.js";
import { NAMES, PLAIN } from "./manner.js";

export class Pane {
  #house;
  #conversation;
  #composer;
  #forms = false;
  #side;
  room;
  title;
  shared;
  speaker;
  manner;
  element;

  /**
   * `house`: {log, acts, cast, zone, clock, manners}. `speakers`: the cast members who can speak here, the first of
   * them chosen; `manner`: how it is drawn at first, see manner.js; `side`: whose it is, "desk" or "customers";
   * `shared`: several read along, and what is said about a card stands in a thread under it.
   */
  constructor(house, { room, title, about, speakers, manner, side = "desk", shared = false }) {
    this.#house = house;
    this.room = room;
    this.title = title;
    this.shared = shared;
    this.speaker = speakers[0];
    this.manner = house.manners.includes(manner) ? manner : PLAIN;
    this.#conversation = new Conversation(this, this.#welcome(speakers[0]));
    this.#composer = new Composer({
      id: `say-${room}`, label: `Write as ${title}`, placeholder: shared ? "Message the desk" : "Write to Support Hub",
      send: (text, quotes, files) => this.say(text, "", quotes, files),
    });
    this.#side = side;
    this.element = h("section", { class: shared ? "pane shared" : "pane", "aria-label": title, data: { room } },
      this.#head(about, speakers), this.#conversation.element, this.#composer.element);
    this.#looks();
  }

  // What others do with a pane --------------------------------------------------------------------------------------

  /** Draws what changed; returns how many of the bot's messages are new to the room. */
  update(changed) {
    const mine = changed.filter((item) => item.room === this.room);
    return mine.length ? this.#conversation.update(mine) : 0;
  }

  /** Draws anew what looks different by now: the day, or the manner. */
  redraw() {
    this.#looks();
    this.#conversation.redraw();
  }

  /** After it was out of sight: the end is what counts. */
  shown() {
    this.#conversation.toEnd();
  }

  fill(text) {
    this.#composer.fill(text);
  }

  focus() {
    this.#composer.focus();
  }

  /** Somebody types and sends `text` here, or in the thread under a card; see Composer. */
  type(text, beat, card = "") {
    this.#conversation.toEnd();
    const thread = this.#conversation.thread(card);
    if (thread) this.#conversation.bring(thread.unfolded(), "end");
    return (thread ?? this.#composer).type(text, beat);
  }

  /** An entry's own row, without what stands under it; brought into sight. */
  bring(key) {
    const row = this.#conversation.row(key);
    if (row) this.#conversation.bring(row);
    return row;
  }

  // What its conversation and entries ask of it ----------------------------------------------------------------------

  zone() {
    return this.shared ? this.#house.zone : this.speaker.zone;
  }

  now() {
    return this.#house.clock.now;
  }

  nameOf(id) {
    return this.#house.cast.get(id)?.name ?? id;
  }

  items() {
    return this.#house.log.in(this.room);
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

  say(text, thread, quotes, files = []) {
    this.#do({ kind: "said", text, thread, quotes, files });
  }

  press(item, { label, line }) {
    this.#do({ kind: "pressed", line, shown: label, thread: this.#threadOf(item) });
  }

  reply(item) {
    const thread = this.#conversation.thread(this.#threadOf(item));
    (thread ?? this.#composer).answer(item.key, brief(item, this));
  }

  // ------------------------------------------------------------------------------------------------------------------

  #looks() {
    const rows = { slack: true, teams: this.shared }[this.manner] ?? this.#side === "desk";
    this.element.dataset.manner = this.manner;
    this.element.classList.toggle("rows", rows);
    this.element.classList.toggle("bubbles", !rows);
  }

  async #do(act) {
    const { id: who, name } = this.speaker;
    const send = (what) => this.#house.acts.do({ who, room: this.room, forms: this.#forms, ...what });
    try {
      const form = await send(act);
      if (!form) return;
      openForm(form, name, this.manner, ({ form: sent, title, draft }, answers) =>
        send({ kind: "submitted", form: sent, answers, draft, shown: title, thread: act.thread }));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error; // a refusal stands beside the words themselves
    }
  }

  /** Under a card, what is done with it belongs to its thread. */
  #threadOf(item) {
    return item.thread || (this.shared && item.entry.root ? item.key : "");
  }

  #head(about, speakers) {
    const forms = choice({
      name: `forms-${this.room}`, legend: `How Support Hub asks ${this.title}`, chosen: "chat",
      options: [["chat", "Chat"], ["forms", "Forms"]],
      choose: (value) => { this.#forms = value === "forms"; },
    });
    return h("header", { class: "pane-head" },
      this.shared ? channelAvatar("hash") : avatar(this.title, this.room),
      h("div", { class: "pane-title" }, h("h3", {}, this.title), h("p", { class: "small" }, about)),
      h("div", { class: "pane-controls" }, speakers.length > 1 && this.#speaking(speakers), forms,
        this.#house.manners.length > 0 && this.#drawnAs()));
  }

  #drawnAs() {
    return choice({
      name: `manner-${this.room}`, legend: `How ${this.title} is drawn`, chosen: this.manner,
      options: [PLAIN, ...this.#house.manners].map((name) => [name, NAMES[name]]),
      choose: (manner) => {
        this.manner = manner;
        this.redraw();
      },
    });
  }

  #speaking(speakers) {
    return h("div", { class: "speaking" },
      h("span", { class: "small", "aria-hidden": "true" }, "You are"),
      choice({
        name: `speaker-${this.room}`, legend: `Who speaks in ${this.title}`, chosen: this.speaker.id,
        options: speakers.map((one) => [one.id, one.name.split(" ")[0]]),
        choose: (id) => {
          this.speaker = this.#house.cast.get(id);
          this.#conversation.arrange(); // what only one of them sees comes and goes
        },
      }));
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
}
