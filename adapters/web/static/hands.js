// The tour's hands: they open a pane, type, press and move the clock as people do, and wait for what is really answered.

import { buttons } from "./reading.js";

const LETTER = 22; // milliseconds
const BEFORE_PRESSING = 600;
const TO_READ = 1400;
const SLOW = 12_000;

/** Somebody left the tour: whatever its hands were at ends here. */
export class Left extends Error {}

export class Hands {
  #house;
  #gone = new AbortController();
  #hurried = false;
  #wakes = new Set();
  #shown = [];

  /**
   * `house`: {panes: panes by room, layout, clock, clockElement, log, onWait(slow)}; `onWait` hears of every wait for
   * an answer that begins and ends (false), and of one that takes long (true).
   */
  constructor(house) {
    this.#house = house;
  }

  get clock() {
    return this.#house.clock;
  }

  /** Stops whatever is going on, at once: it throws Left. */
  leave() {
    this.#gone.abort(new Left());
    this.#wake();
    this.point();
  }

  /** No more pauses until `calm()`. */
  hurry() {
    this.#hurried = true;
    this.#wake();
  }

  calm() {
    this.#hurried = false;
  }

  /** Where the log ends now: what is newer has a larger place. */
  get end() {
    return this.#house.log.all(({ revision }) => revision > 0).at(-1)?.place ?? 0;
  }

  /** Opens the panes of these rooms, the first of them on top, and points at that one. */
  look(...rooms) {
    this.#check();
    const panes = rooms.map((room) => this.#house.panes.get(room));
    for (const pane of [...panes].reverse()) this.#house.layout.open(pane);
    this.point(panes[0].element);
  }

  /** Puts a ring around these elements, and around no others. */
  point(...elements) {
    for (const element of this.#shown) element.classList.remove("pointed");
    for (const element of elements) element.classList.add("pointed");
    this.#shown = elements;
  }

  /** `who` types `text` in a room of theirs and sends it; returns where the log ended before. */
  async types(who, text, { room = who, thread = "" } = {}) {
    this.look(room);
    this.#as(who, room);
    const pane = this.#house.panes.get(room);
    if (thread) this.#bring(pane, thread, "end");
    else pane.shown();
    const before = this.end;
    const calm = this.#hurried || still();
    await pane.type(text, () => this.pause(calm ? 0 : LETTER));
    return before;
  }

  /** `who` presses the button that says a line like `line` in the newest entry that has one. */
  async presses(who, line, { room = who, after = 0 } = {}) {
    this.look(room);
    this.#as(who, room);
    const pane = this.#house.panes.get(room);
    const has = (item) => buttons(item).some((one) => line.test(one.line));
    const find = () => {
      const item = this.#newest(room, has, after);
      return item && shownButton(pane, item.key, line);
    };
    const button = await this.#until(find);
    button.scrollIntoView({ block: "nearest", behavior: still() ? "auto" : "smooth" });
    button.classList.add("about-to-press");
    await this.pause(BEFORE_PRESSING).finally(() => button.classList.remove("about-to-press"));
    const before = this.end;
    (await this.#until(find)).click(); // a card may have been drawn anew meanwhile
    return before;
  }

  /** The newest entry of the bot's in a room that is `wanted`, once there is one newer than `after`. */
  answer(room, after, wanted = () => true) {
    return this.#until(() => this.#newest(room, wanted, after));
  }

  /** The same, or nothing when it has not come within `patience` milliseconds. */
  async answerWithin(patience, room, after, wanted) {
    const late = new Promise((resolve) => setTimeout(resolve, patience));
    const giveUp = new AbortController();
    const found = this.#until(() => giveUp.signal.aborted ? true : this.#newest(room, wanted, after));
    const first = await Promise.race([found, late.then(() => { giveUp.abort(); this.#wake(); })]);
    return first;
  }

  /** Shows an entry where it stands, and leaves time to read it. */
  async show(room, { key }) {
    this.look(room);
    const pane = this.#house.panes.get(room);
    this.#bring(pane, key, "nearest");
    const bubble = elementOf(pane, key)?.querySelector(".bubble");
    if (bubble) this.point(pane.element, bubble);
    await this.pause(TO_READ);
  }
}
