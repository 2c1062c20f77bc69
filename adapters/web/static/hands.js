// The tour's hands: they open a pane, type, press and move the clock as people do, and read what is really answered.

import { asked, buttons, waits } from "./reading.js";
import { Waiting } from "./waiting.js";

// Milliseconds
const LETTER = 22;
const BEFORE_PRESSING = 650;
const TO_READ = 1500;

export class Hands {
  #panes;
  #layout;
  #clock;
  #log;
  #waiting;
  #pointed = [];

  /** `panes`: by their room. `clock`: {element, clock}. `onSlow`: see waiting.js. */
  constructor({ panes, layout, clock, log }, onSlow) {
    this.#panes = panes;
    this.#layout = layout;
    this.#clock = clock;
    this.#log = log;
    this.#waiting = new Waiting(log, onSlow);
  }

  /** In a hurry nothing is shown for longer than it takes. */
  hurry(hurried) {
    this.#waiting.hurry(hurried);
  }

  /** Ends whatever they are doing. */
  leave() {
    this.#waiting.leave();
    this.#point();
  }

  // Doing ------------------------------------------------------------------------------------------------------------

  /** `who` types `text` in their own room or another, or under a card there; returns where the log ended before. */
  async types(who, text, { room = who, thread = "" } = {}) {
    const pane = this.#goes(who, room);
    const before = this.end;
    await pane.type(text, () => this.#waiting.pause(still() ? 0 : LETTER), thread);
    return before;
  }

  /** `who` presses what says `line` in the newest entry that has it, or in the one of the key `on`. */
  async presses(who, line, { room = who, after = 0, on = "" } = {}) {
    const pane = this.#goes(who, room);
    const has = (item) => (!on || item.key === on) && buttons(item).some((one) => line.test(one.line));
    const find = () => buttonIn(pane.bring(this.newest(room, has, after)?.key), line);
    const button = await this.#waiting.until(find);
    button.classList.add("about-to-press");
    await this.#waiting.pause(BEFORE_PRESSING).finally(() => button.classList.remove("about-to-press"));
    const before = this.end;
    (await this.#waiting.until(find)).click(); // the card may have been drawn anew meanwhile
    return before;
  }

  /** Ends what the bot still wants to know of `who`: it would take the next words for the answer. */
  async clear(who) {
    const room = this.#log.in(who);
    const spoke = room.findLastIndex(({ entry }) => entry.by === who);
    if (!room.slice(spoke + 1).some(waits)) return;
    await this.answer(who, await this.types(who, "cancel"));
  }

  /** Moves the business clock on to an instant, in milliseconds since 1970; never back. */
  async moveClock(to) {
    await this.#showClock();
    if (to > Date.parse(this.#clock.clock.now)) await this.#clock.clock.to(new Date(to).toISOString());
    await this.#waiting.pause(BEFORE_PRESSING);
  }

  /** Moves the clock on to a morning at work, unless a whole promise still fits into the day. */
  async beginInWorkingHours() {
    for (let days = 0; days < 4 && !fits(this.#clock.clock.wall); days++) {
      await this.#showClock();
      await this.#clock.clock.toMorning();
      await this.#waiting.pause(BEFORE_PRESSING);
    }
  }

  async #showClock() {
    this.#waiting.check();
    this.#point(this.#clock.element);
    await this.#waiting.pause(BEFORE_PRESSING);
  }

  // Reading ----------------------------------------------------------------------------------------------------------

  /** Where the log ends: the place of the newest entry. What is newer than `end` has a larger one. */
  get end() {
    return this.#log.all(({ revision }) => revision > 0).at(-1)?.place ?? 0;
  }

  /** The newest entry of the bot's in a room that is `wanted`. */
  newest(room, wanted = () => true, after = 0) {
    return this.#log.in(room).findLast((item) => item.entry.kind === "bot" && item.place > after && wanted(item));
  }

  /** The same, once there is one; nothing if it has not come within `patience` milliseconds, where that is given. */
  answer(room, after, wanted, patience) {
    return this.#waiting.until(() => this.newest(room, wanted, after), patience);
  }

  /** The bot's next question to somebody, or nothing when it has something else to say. */
  async question(who, after) {
    const said = await this.answer(who, after);
    return asked(said) ? said : undefined;
  }

  /** Shows an entry where it stands, and leaves time to read it. */
  async show(room, { key }) {
    const pane = this.#open(room);
    const row = pane.bring(key);
    if (row) this.#point(pane.element, row.querySelector(".bubble"));
    await this.#waiting.pause(TO_READ);
  }

  // ------------------------------------------------------------------------------------------------------------------

  /** `who` is the one who speaks in the room, and is asked in the chat itself: nobody fills in forms on a tour. */
  #goes(who, room) {
    const pane = this.#open(room);
    choose(pane, "speaker", who);
    choose(pane, "forms", "chat");
    return pane;
  }

  #open(room) {
    this.#waiting.check();
    const pane = this.#panes.get(room);
    this.#layout.open(pane);
    this.#point(pane.element);
    return pane;
  }

  /** A ring around these elements, and around no others. */
  #point(...elements) {
    for (const element of this.#pointed) element.classList.remove("pointed");
    for (const element of elements) element.classList.add("pointed");
    this.#pointed = elements;
  }
}

/** Whether the promise to be made today, of half a day, is also to be kept today: Monday to Friday, before noon. */
function fits({ weekday, time }) {
  return !["Sat", "Sun"].includes(weekday) && time >= "08:00" && time < "12:00";
}

function buttonIn(row, line) {
  return row && [...row.querySelectorAll("button")].find((one) => line.test(one.dataset.line ?? ""));
}

function choose(pane, group, value) {
  const radios = [...pane.element.querySelectorAll("input[type=radio]")];
  const wanted = radios.find((one) => one.name === `${group}-${pane.room}` && one.value === value);
  if (wanted && !wanted.checked) wanted.click();
}

/** Whether whoever looks asked for less motion. */
function still() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
