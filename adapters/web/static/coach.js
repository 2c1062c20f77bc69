// The tour's card: which step this is, what happens in it and why, and the ways on and out.

import { h } from "./dom.js";
import { spans } from "./values.js";

const PLAYING = "Playing…";
const PLAYED = "Look around.";
const TOLD = "That was the story. Everything is still here to play with.";
const SLOW = "Still waiting for the real answer. You may leave: what was done stays.";
const LOST = "Something else was answered than this tour expects. From here on it is yours.";
/** Where Enter means something of its own. */
const CONTROLS = "a, button, input, textarea, summary, dialog";

export class Coach {
  #element;
  #leave;
  #hurry;
  #told = h("div", { class: "coach-told", role: "status", "aria-atomic": "true" });
  #state = h("p", { class: "coach-state small", role: "status" });
  #next;
  #onward = null;
  #pressed = false;

  /** `hurry()`: Next was pressed before the step was over; `leave()`: back to free play. */
  constructor(element, { hurry, leave }) {
    this.#element = element;
    this.#hurry = hurry;
    this.#leave = leave;
    this.#next = h("button", { type: "button", class: "say say-primary", "aria-keyshortcuts": "Enter",
      on: { click: () => this.#goOn() } });
    element.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.repeat) event.preventDefault(); // a key held down would run through it all
    });
    element.replaceChildren(
      this.#told,
      h("div", { class: "coach-ways" },
        this.#state,
        h("button", { type: "button", class: "plain", "aria-keyshortcuts": "Escape", on: { click: leave } },
          "Back to free play", key("Esc")),
        this.#next));
  }

  /** Begins a step: {title, words}, its words as spans. */
  show({ title, words }, step, of) {
    this.#pressed = false;
    this.#onward = null;
    this.#told.replaceChildren(
      h("p", { class: "coach-step" }, `Step ${step} of ${of}`),
      h("div", {}, h("h2", {}, title), h("p", {}, spans(words, "UTC"))));
    this.#state.textContent = PLAYING;
    this.#next.replaceChildren(step < of ? "Next" : "Finish", key("Enter"));
    this.#element.dataset.state = "playing";
    if (!this.#element.hidden) return;
    this.#element.hidden = false;
    this.#next.focus();
    document.addEventListener("keydown", this.#onKey);
  }

  /** The step is over; resolves when somebody wants to go on. */
  played(last) {
    this.#state.textContent = last ? TOLD : PLAYED;
    this.#element.dataset.state = "played";
    return new Promise((resolve) => {
      this.#onward = resolve;
      if (this.#pressed && !last) resolve();
    });
  }

  slow(slow) {
    const words = slow ? SLOW : PLAYING;
    if (this.#state.textContent !== words) this.#state.textContent = words;
  }

  lost() {
    this.#state.textContent = LOST;
  }

  hide() {
    this.#element.hidden = true;
    document.removeEventListener("keydown", this.#onKey);
  }

  #goOn() {
    this.#pressed = true;
    if (this.#onward) this.#onward();
    else this.#hurry();
  }

  #onKey = (event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") this.#leave();
    if (event.key === "Enter" && !event.repeat && !event.target.closest?.(CONTROLS)) this.#goOn();
  };
}

/** Which key does the same; screen readers hear of it from aria-keyshortcuts. */
function key(name) {
  return h("kbd", { "aria-hidden": "true" }, name);
}
