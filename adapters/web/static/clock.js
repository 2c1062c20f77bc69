// The business clock: what time it is for the desk, and the ways to make it later.

import { post } from "./acts.js";
import { h, icon } from "./dom.js";
import { wall } from "./when.js";

const STEPS = [["+15 min", 15], ["+1 h", 60], ["+4 h", 240]];

export class Clock {
  #zone;
  #label;
  #now = "";
  #time = h("time", { class: "clock-time" });
  #day = h("span", { class: "clock-day" });
  #problem = h("p", { class: "problem", role: "alert" });
  #exact;
  #details;
  #element;
  #onDay;

  /** `onDay()` follows the beginning of another day. */
  constructor(element, { zone, label, onDay }) {
    this.#element = element;
    this.#onDay = onDay;
    this.#zone = zone;
    this.#label = label;
    this.#exact = h("input", { type: "datetime-local", id: "clock-to", step: "60" });
    this.#details = h("details", { class: "clock-exact" },
      h("summary", {}, "Set…"),
      h("form", { on: { submit: (event) => { event.preventDefault(); this.#goTo(this.#exact.value); } } },
        h("label", { for: "clock-to" }, `To (${label})`), this.#exact,
        h("button", { type: "submit", class: "say say-primary" }, "Go")));
    element.replaceChildren(
      icon("clock"),
      h("p", { class: "clock-now", title: "Business time: the time that cases live by" }, this.#time, this.#day),
      h("div", { class: "clock-steps", role: "group", "aria-label": "Move the business clock forward" },
        STEPS.map(([words, minutes]) => this.#button(words, () => this.#move({ forward_minutes: minutes }))),
        this.#button("Next morning", () => this.toMorning(), "When the desk opens again"),
        this.#button("Next event", () => this.#move({ next: "event" }),
          "When the next case has something to tell by itself: a warning, a breach, a reminder"),
        this.#details),
      this.#problem);
  }

  get now() {
    return this.#now;
  }

  /** What the desk's wall clock shows: see when.js. */
  get wall() {
    return wall(this.#now, this.#zone);
  }

  /** Moves on to `at`, an instant in ISO 8601; one that has passed already is refused. */
  to(at) {
    return this.#move({ to: at });
  }

  /** Moves on to the beginning of the next day of work. */
  toMorning() {
    return this.#move({ next: "morning" });
  }

  show(now) {
    const before = this.#now && this.wall.date;
    this.#now = now;
    const { day, time, year } = this.wall;
    this.#time.textContent = `${time} ${this.#label}`;
    this.#time.setAttribute("datetime", now);
    this.#day.textContent = `${day} ${year}`;
    if (!this.#details.open) this.#exact.value = this.#wallInput();
    if (before && before !== this.wall.date) this.#onDay();
  }

  #wallInput() {
    const { date, time } = this.wall;
    return `${date}T${time}`;
  }

  #button(words, move, title = null) {
    return h("button", { type: "button", title, on: { click: move } }, words);
  }

  async #goTo(to) {
    if (to) await this.#move({ to });
  }

  async #move(body) {
    this.#element.setAttribute("aria-busy", "true"); // until all that this brings about has been seen
    const answer = await post("/play/clock", body).finally(() => this.#element.removeAttribute("aria-busy"));
    this.#problem.textContent = answer.ok ? "" : answer.body.error;
    if (!answer.ok) return;
    this.#details.open = false;
    this.show(answer.body.now);
  }
}
