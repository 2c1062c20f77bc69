// Waits as the tour does: for what is really answered, or for a moment to read; never for longer than somebody wants.

const SLOW = 15_000;

/** Somebody left: whatever was waited for no longer matters. */
export class Left extends Error {}

export class Waiting {
  #log;
  #onSlow;
  #bell = new EventTarget();
  #hurried = false;
  #left = false;

  /** `onSlow(true)` when an answer takes long, `onSlow(false)` when it is there after all. */
  constructor(log, onSlow) {
    this.#log = log;
    this.#onSlow = onSlow;
  }

  /** What `find()` makes of the log, as soon as that is something; nothing once `patience` milliseconds are over. */
  until(find, patience = 0) {
    const found = find();
    return this.#wait(({ end, whenever }) => {
      if (found) return end(found);
      whenever(this.#log.watch(() => {
        const now = find();
        if (now) end(now);
      }));
      const slow = setTimeout(() => this.#onSlow(true), SLOW);
      const late = patience && setTimeout(end, patience);
      whenever(() => {
        clearTimeout(slow);
        clearTimeout(late);
        this.#onSlow(false);
      });
    });
  }

  /** Time to see what happens; none for whoever is in a hurry. */
  pause(milliseconds) {
    return this.#wait(({ end, whenever, over }) => {
      if (this.#hurried || !milliseconds) return end();
      const timer = setTimeout(end, milliseconds);
      whenever(() => clearTimeout(timer));
      this.#bell.addEventListener("hurry", () => end(), { signal: over });
    });
  }

  hurry(hurried) {
    this.#hurried = hurried;
    if (hurried) this.#bell.dispatchEvent(new Event("hurry"));
  }

  leave() {
    this.#left = true;
    this.#bell.dispatchEvent(new Event("leave"));
  }

  /** Throws for whoever has left. */
  check() {
    if (this.#left) throw new Left();
  }

  /** A promise that leaving ends; `begin` gets its end, what to do at any end, and the signal of that. */
  async #wait(begin) {
    this.check();
    const over = new AbortController();
    const whenever = (then) => over.signal.addEventListener("abort", then);
    return new Promise((resolve, reject) => {
      this.#bell.addEventListener("leave", () => reject(new Left()), { signal: over.signal });
      begin({ end: resolve, whenever, over: over.signal });
    }).finally(() => over.abort());
  }
}
