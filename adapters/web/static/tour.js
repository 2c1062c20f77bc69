// The guided tour: plays the story step by step, until its end or until somebody would rather play alone.

import { Coach } from "./coach.js";
import { Hands } from "./hands.js";
import { STEPS } from "./story.js";
import { Left } from "./waiting.js";

export class Tour {
  #house;
  #coach;
  #hands = null;
  #onLeave;

  /** `house`: what the hands work with, see hands.js. `onLeave()` follows the end, whichever way it came. */
  constructor(element, house, onLeave) {
    this.#house = house;
    this.#onLeave = onLeave;
    this.#coach = new Coach(element, { hurry: () => this.#hands.hurry(true), leave: () => this.leave() });
  }

  async start() {
    if (this.#hands) return;
    this.#hands = new Hands(this.#house, (slow) => this.#coach.slow(slow));
    try {
      await this.#play(this.#hands);
      this.leave();
    } catch (error) {
      if (error instanceof Left) return;
      this.#coach.lost();
      throw error;
    }
  }

  leave() {
    this.#hands?.leave();
    this.#hands = null;
    this.#coach.hide();
    this.#onLeave();
  }

  async #play(hands) {
    const found = {};
    for (const [index, step] of STEPS.entries()) {
      this.#coach.show(step, index + 1, STEPS.length);
      hands.hurry(false);
      await step.play(hands, found);
      await this.#coach.played(index + 1 === STEPS.length);
    }
  }
}
