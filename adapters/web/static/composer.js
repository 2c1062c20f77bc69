// Where people write: Enter sends, Shift+Enter begins a new line.

import { h, icon } from "./dom.js";

export class Composer {
  #text;
  #answering = h("div", { class: "answering-now", hidden: true });
  #chosen = h("div", { class: "chosen-files", role: "status", hidden: true });
  #files = h("input", { type: "file", multiple: true, hidden: true, on: { change: () => this.#attached() } });
  #quotes = "";
  #send;
  element;

  /**
   * `send(text, quotes, files)` takes what was written, the key of the message it answers, if any, and what is told of
   * the files that came along: the playground keeps none.
   */
  constructor({ id, label, placeholder, send }) {
    this.#send = send;
    this.#text = h("textarea", {
      id, rows: "1", placeholder, "aria-label": label, "aria-describedby": "composer-help", enterkeyhint: "send",
      autocomplete: "off",
      on: { keydown: (event) => this.#onKey(event), input: () => this.#changed() },
    });
    this.element = h("form", { class: "composer", on: { submit: (event) => this.#submit(event) } },
      this.#answering, this.#chosen, this.#files,
      h("div", { class: "composer-row" },
        this.#text,
        h("button", { type: "button", class: "tool", "aria-label": "Add files", title: "Add files: their names, sizes and kinds are told",
          on: { click: () => this.#files.click() } }, icon("clip")),
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

  #told() {
    return [...this.#files.files].map(({ name, type, size }) => ({ name: name.slice(0, 300), type: type.slice(0, 200), size }));
  }

  #attached() {
    const names = this.#told().map(({ name }) => name);
    this.#chosen.textContent = names.map((name) => `📎 ${name}`).join(" ");
    this.#chosen.hidden = !names.length;
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
    const text = this.#text.value, files = this.#told();
    if (!text.trim() && !files.length) return;
    this.#send(text, this.#quotes, files);
    this.#files.value = this.#quotes = "";
    this.#attached();
    this.#answering.hidden = true;
    this.fill("");
  }

  #changed() {
    this.element.classList.toggle("empty", !this.#text.value.trim() && !this.#files.files.length);
    this.#text.style.height = "auto";
    if (this.#text.value) this.#text.style.height = `${Math.min(this.#text.scrollHeight, 140)}px`;
  }
}
