// Where people write: Enter sends, Shift+Enter begins a new line.

import { h, icon } from "./dom.js";

export class Composer {
  #text;
  #answering = h("div", { class: "answering-now", hidden: true });
  #quotes = "";
  #send;
  element;

  /** `send(text, quotes)` takes what was written and the key of the message it answers, if any. */
  constructor({ id, label, placeholder, send }) {
    this.#send = send;
    this.#text = h("textarea", {
      id, rows: "1", placeholder, "aria-label": label, "aria-describedby": "composer-help", enterkeyhint: "send",
      autocomplete: "off",
      on: { keydown: (event) => this.#onKey(event), input: () => this.#changed() },
    });
    this.element = h("form", { class: "composer", on: { submit: (event) => this.#submit(event) } },
      this.#answering,
      h("div", { class: "composer-row" },
        this.#text,
        h("button", { type: "submit", class: "send", "aria-label": "Send", title: "Send (Enter)" }, icon("send"))));
    this.#changed();
  }

  fill(text) {
    this.#put(text);
    this.focus();
  }

  focus() {
    this.#text.focus();
  }

  /** Types and sends `text` letter by letter, after each waiting for `beat()`; focus and draft stay as they were. */
  async type(text, beat) {
    const draft = this.#text.value;
    try {
      for (let end = 1; end <= text.length; end++) {
        this.#put(text.slice(0, end));
        await beat();
      }
      this.#send(text, "");
    } finally {
      this.#put(draft);
    }
  }

  answer(key, line) {
    this.#quotes = key;
    this.#answering.replaceChildren(
      icon("reply"), h("span", { class: "line" }, h("span", { class: "visually-hidden" }, "Replying to: "), line),
      h("button", { type: "button", class: "tool", "aria-label": "Do not reply to it",
        on: { click: () => this.#unquote() } }, icon("close")));
    this.#answering.hidden = false;
    this.focus();
  }

  #put(text) {
    this.#text.value = text;
    this.#changed();
  }

  #unquote() {
    this.#quotes = "";
    this.#answering.hidden = true;
    this.focus();
  }

  #onKey(event) {
    if (event.key === "Escape" && this.#quotes) this.#unquote();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.element.requestSubmit();
  }

  #submit(event) {
    event.preventDefault();
    const text = this.#text.value;
    if (!text.trim()) return;
    this.#send(text, this.#quotes);
    this.#quotes = "";
    this.#answering.hidden = true;
    this.fill("");
  }

  #changed() {
    this.element.classList.toggle("empty", !this.#text.value.trim());
    this.#text.style.height = "auto";
    if (this.#text.value) this.#text.style.height = `${Math.min(this.#text.scrollHeight, 140)}px`;
  }
}
