// One entry of a room's log, drawn and drawn again in the same place.

import { avatar, botAvatar, h, icon } from "./dom.js";
import { showJson } from "./json.js";
import { drawMessage } from "./manner.js";
import { summary } from "./message.js";
import { wall } from "./when.js";

/**
 * `room` is the pane it stands in: {zone(), now(), manner, nameOf(id), find(key), fate(key), drop(key),
 * press(item, button), reply(item), shared}; `shared` where several people read along.
 */
export class EntryView {
  #room;
  #drawn = "";
  #fate = h("div", { class: "fate" });
  #row = h("div", { class: "row" });
  /** The row, and under a card its thread: that is the pane's to add. */
  element;

  constructor(room, item) {
    this.#room = room;
    this.element = h("article", { class: "entry", tabindex: "-1", data: { key: item.key } }, this.#row);
    this.update(item);
  }

  update(item) {
    const { acked, ...content } = item.entry;
    const { zone, day, manner } = this.#looks();
    const drawn = JSON.stringify([content, zone, day, manner]);
    if (drawn !== this.#drawn) this.#keepingFocus(() => this.#draw(item));
    this.#drawn = drawn;
    this.element.classList.toggle("unsent", item.entry.kind !== "bot" && !acked);
    this.#fate.replaceChildren(...this.#fateOf(item));
  }

  /** By what the same entry looks different: to whom, when and in whose manner it is shown. */
  #looks() {
    const [zone, now, { manner }] = [this.#room.zone(), this.#room.now(), this.#room];
    return { zone, now, manner, day: now && wall(now, zone).date };
  }

  #draw(item) {
    const { entry } = item;
    const bot = entry.kind === "bot";
    const name = bot ? "Support Hub" : this.#room.nameOf(entry.by);
    this.element.className = `entry ${bot ? "from-bot" : "from-person"} kind-${entry.kind}`;
    this.element.classList.toggle("root", Boolean(entry.root));
    this.element.classList.toggle("private", Boolean(entry.only_for) && this.#room.shared);
    this.element.dataset.from = bot ? "bot" : entry.by;
    this.#row.replaceChildren(
      bot ? botAvatar() : avatar(name, entry.by),
      h("div", { class: "what" },
        this.#meta(name, entry),
        entry.quotes && this.#quoted(entry.quotes),
        h("div", { class: "bubble" }, bot ? this.#said(item) : did(entry)),
        this.#fate),
      this.#tools(item, name),
    );
  }

  #meta(name, { at, edited, only_for: onlyFor }) {
    const zone = this.#room.zone();
    return h("p", { class: "meta" },
      h("span", { class: "who" }, name), " ",
      h("time", { datetime: at }, at && wall(at, zone).time),
      edited && h("span", { class: "edited" }, ` · updated ${wall(edited, zone).time}`),
      onlyFor && this.#room.shared && h("span", { class: "only" }, ` · only ${this.#room.nameOf(onlyFor)} sees this`));
  }

  #said(item) {
    return drawMessage(item, { ...this.#looks(), press: (button) => this.#room.press(item, button) });
  }

  #quoted(key) {
    const there = this.#room.find(key);
    return there && h("p", { class: "answering" }, icon("reply"), h("span", {}, brief(there, this.#room)));
  }

  #tools(item, name) {
    const label = `Reply to this message of ${name}`;
    const json = Object.keys(item.drawn ?? {}).length > 0 && h("button", {
      type: "button", class: "tool", "aria-label": `Show the JSON of this message of ${name}`, title: "Show the JSON",
      on: { click: () => showJson(item, this.#room.manner) },
    }, icon("braces"));
    return h("div", { class: "tools" }, json,
      h("button", { type: "button", class: "tool", "aria-label": label, title: "Reply to this",
        on: { click: () => this.#room.reply(item) } }, icon("reply")));
  }

  #fateOf({ key, entry }) {
    if (entry.kind === "bot" || entry.acked) return [];
    const fate = this.#room.fate(key);
    if (fate?.refused) {
      const drop = () => this.#room.drop(key);
      const remove = h("button", { type: "button", class: "plain", on: { click: drop } }, "Remove");
      return [h("span", { class: "refused" }, `Not sent: ${fate.refused}`), " ", remove];
    }
    if (fate?.failed === 0) return [h("span", { class: "sending" }, "Sending…")];
    return [h("span", { class: "waiting" }, fate ? "Not sent yet, trying again…" : "Not sent yet")];
  }

  /** A card redrawn under somebody's hands leaves them where they were, or on the card itself. */
  #keepingFocus(draw) {
    const before = this.#row.contains(document.activeElement) ? document.activeElement : null;
    const label = before?.textContent;
    draw();
    if (!before) return;
    const same = [...this.#row.querySelectorAll("button")].find((one) => one.textContent === label);
    (same ?? this.element).focus({ preventScroll: true });
  }
}

function did({ kind, text, shown }) {
  if (kind === "said") return h("p", { class: "words" }, text);
  const pressed = kind === "pressed";
  return h("p", { class: "done" }, pressed ? "pressed " : "sent the form ", h("strong", {}, shown || text));
}

/** An entry in a line, for whoever answers it. */
export function brief({ entry }, room) {
  if (entry.kind === "bot") return summary(entry.message);
  return `${room.nameOf(entry.by)}: ${entry.text || entry.shown}`;
}
