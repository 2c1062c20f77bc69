// The mailbox: mails the demo would have sent, by whom they are for. None ever leaves this machine.

import { arrange, channelAvatar, h } from "./dom.js";
import { renderMessage, summary } from "./message.js";
import { moment } from "./when.js";

const ROOM = "mail:";

export class MailPane {
  #house;
  #list;
  #empty;
  #mails = new Map();
  room = "mail";
  title = "Mailbox";
  shared = true;
  element;

  constructor(house) {
    this.#house = house;
    this.#list = h("div", { class: "log mails", role: "log", "aria-live": "polite", tabindex: "0",
      "aria-label": "Mailbox" });
    this.#empty = h("div", { class: "welcome" },
      h("p", {}, "Mail appears here, such as an escalation to the provider’s address. The demo never sends any."));
    this.element = h("section", { class: "pane mailbox", "aria-label": this.title, data: { room: this.room } },
      h("header", { class: "pane-head" },
        channelAvatar("mail"),
        h("div", { class: "pane-title" },
          h("h3", {}, this.title), h("p", { class: "small" }, "Kept here, never sent"))),
      h("div", { class: "log-frame" }, this.#empty, this.#list));
  }

  update(changed) {
    const mails = changed.filter(({ room }) => room.startsWith(ROOM));
    const fresh = mails.filter(({ key }) => !this.#mails.has(key)).length;
    for (const mail of mails) this.#mails.set(mail.key, this.#draw(mail));
    const newestFirst = this.#house.log.all(({ room }) => room.startsWith(ROOM)).reverse();
    arrange(this.#list, newestFirst.map(({ key }) => this.#mails.get(key)));
    this.#empty.hidden = newestFirst.length > 0;
    return fresh;
  }

  focus() {
    this.#list.focus();
  }

  shown() {
    this.#list.scrollTop = 0;
  }

  #draw({ key, room, entry: { message, at } }) {
    const sent = moment({ at, zone: this.#house.zone, label: this.#house.label }, this.#house.zone);
    return h("details", { class: "mail", data: { key } },
      h("summary", {},
        h("span", { class: "mail-subject" }, summary(message)),
        h("span", { class: "small" }, "To ", room.slice(ROOM.length)),
        h("time", { class: "small", datetime: at }, sent)),
      h("div", { class: "bubble" }, renderMessage(message, null)));
  }
}
