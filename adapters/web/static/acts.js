// Sends what people do, in order, again and again under the same key until it is acknowledged.

const KEPT = "supporthub-unsent";
const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 8000;
/** Acts in one room leave in order, but one that cannot get through holds up the next for no longer than this. */
const HELD_UP = 5000;

/** The server will not take it, however often it is sent. */
export class Refusal extends Error {}

export class Acts {
  #log;
  #now;
  #lanes = new Map();
  #unsent = new Map();
  #fates = new Map();

  /** `now()` is business time, shown beside an act until the server says when it was. */
  constructor(log, now) {
    this.#log = log;
    this.#now = now;
  }

  /**
   * Does `act` ({who, room, thread, kind, ...}); shown in its room at once. Resolves to the form to show, or null;
   * rejects with a Refusal.
   */
  do(act) {
    return this.#send({ ...act, key: nonce() });
  }

  /** What an earlier page began: left in this tab, or kept by the server without the bot having it. */
  resume() {
    const left = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
    const unacked = this.#log.all(({ entry }) => entry.kind !== "bot" && !entry.acked).map(again);
    const known = new Set(unacked.map(keyOf));
    for (const act of [...unacked, ...left.filter((act) => !known.has(keyOf(act)))]) {
      if (this.#log.find(keyOf(act))?.entry.acked) continue;
      this.#send(act).catch(() => {}); // its fate stands beside it
    }
    this.#keep();
  }

  /** How the sending of an entry goes: undefined, or {failed: times, refused: sentence}. */
  fate(key) {
    return this.#fates.get(key);
  }

  /** Takes a refused act away. */
  drop(key) {
    this.#fates.delete(key);
    this.#log.forget(key);
  }

  #send(act) {
    const key = keyOf(act);
    this.#unsent.set(key, act);
    this.#keep();
    this.#fates.set(key, { failed: 0 });
    this.#log.expect(key, act.room, act.thread ?? "", asEntry(act, this.#now()));
    const turn = this.#lanes.get(act.room) ?? Promise.resolve();
    const taken = turn.then(() => this.#untilTaken(act, key));
    this.#lanes.set(act.room, turn.then(() => Promise.race([taken.catch(() => {}), pause(HELD_UP)])));
    return taken;
  }

  async #untilTaken(act, key) {
    for (let failed = 1; ; failed++) {
      const answer = await post("/play/act", act);
      if (answer.ok) {
        this.#settle(key);
        return answer.body.form;
      }
      if (answer.final) {
        this.#settle(key, { failed: 0, refused: answer.body.error });
        throw new Refusal(answer.body.error);
      }
      this.#fates.set(key, { failed });
      this.#log.touch(key);
      await pause(Math.min(FIRST_PAUSE * 2 ** (failed - 1), LONGEST_PAUSE) * (0.75 + Math.random() / 2));
    }
  }

  #settle(key, fate) {
    this.#unsent.delete(key);
    this.#keep();
    if (fate) this.#fates.set(key, fate);
    else this.#fates.delete(key);
    this.#log.touch(key);
  }

  #keep() {
    sessionStorage.setItem(KEPT, JSON.stringify([...this.#unsent.values()]));
  }
}

/** The log's key of the act's own words. */
export function keyOf({ who, key }) {
  return `web:${who}:${key}:said`;
}

function asEntry(act, at) {
  const { who, kind, text, line, files = [], shown = "", form = "", answers = {}, draft = null, quotes = "", forms = false } = act;
  return { kind, by: who, at, text: text || line || files.map(({ name }) => `📎 ${name}`).join("\n"), shown, form, answers, draft, quotes, forms, acked: false };
}

/** The act that an unacknowledged entry came from. */
function again({ key, room, thread, entry }) {
  const { by: who, kind, text, shown, form, answers, draft, quotes, forms } = entry;
  const act = { who, room, thread, key: key.split(":")[2], kind, shown, quotes, forms };
  if (kind === "said") return { ...act, text };
  return kind === "pressed" ? { ...act, line: text } : { ...act, form, answers, draft };
}

/** {ok, final, body}: `final` when sending the same again would be refused again. */
export async function post(path, body) {
  try {
    const response = await fetch(path, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    const transient = response.status >= 500 || response.status === 408 || response.status === 429;
    const answered = await response.json().catch(() => ({ error: "The answer could not be read." }));
    return { ok: response.ok, final: !response.ok && !transient, body: answered };
  } catch {
    return { ok: false, final: false, body: { error: "The server cannot be reached." } };
  }
}

function nonce() {
  return crypto.randomUUID();
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
