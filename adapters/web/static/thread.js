// What was said under a card: the newest few, the earlier ones on demand, and a place to answer.

import { arrange, h } from "./dom.js";
import { Composer } from "./composer.js";

const SHOWN = 3;

export class Thread {
  #list = h("div", { class: "thread-list", role: "group", "aria-label": "Thread" });
  #more;
  #answer;
  #composer;
  #all = false;
  #views = [];
  element;

  /** `send(text, quotes)` says something in this thread. */
  constructor({ key, send }) {
    this.#more = h("button", { type: "button", class: "plain more", on: { click: () => this.#toggle() } });
    this.#answer = h("button", { type: "button", class: "plain answer", on: { click: () => this.open() } });
    const label = "Reply in thread";
    this.#composer = new Composer({ id: `thread-${key}`, label, placeholder: `${label}…`, send });
    this.#composer.element.hidden = true;
    this.element = h("div", { class: "thread" }, this.#more, this.#list, this.#answer, this.#composer.element);
    this.show([]);
  }

  /** `views`: the thread's entries as elements, oldest first. */
  show(views) {
    this.#views = views;
    const hidden = Math.max(0, views.length - SHOWN);
    this.#more.hidden = hidden === 0;
    this.#more.setAttribute("aria-expanded", String(this.#all));
    this.#more.textContent = this.#all ? `Hide ${hidden} earlier` : `Show ${hidden} earlier`;
    this.#answer.textContent = views.length ? `${counted(views.length)} · Reply in thread` : "Reply in thread";
    arrange(this.#list, this.#all ? views : views.slice(-SHOWN));
  }

  open() {
    this.unfolded();
    this.#composer.focus();
  }

  /** Itself, with the place to write in sight. */
  unfolded() {
    this.#composer.element.hidden = false;
    this.#answer.hidden = true;
    return this.element;
  }

  /** See Composer. */
  type(text, beat) {
    this.unfolded();
    return this.#composer.type(text, beat);
  }

  answer(key, line) {
    this.open();
    this.#composer.answer(key, line);
  }

  #toggle() {
    this.#all = !this.#all;
    this.show(this.#views);
  }
}

function counted(number) {
  return number === 1 ? "1 reply" : `${number} replies`;
}
