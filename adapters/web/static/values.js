// The typed values inside a sentence, one renderer for each kind; a plain string is the bot's own wording.
// Their words are those of plain(), the reference rendering; what is not in English bears its own.

import { h } from "./dom.js";
import { date, moment } from "./when.js";

const VALUES = {
  quoted: ({ text }) => h("span", { class: "quoted" }, text),
  person: ({ name, role }) => person(name, role),
  case: ({ number }) => h("strong", { class: "case" }, `#${number}`),
  moment: (value, zone) => h("time", { datetime: value.at, class: "moment" }, value.words ?? moment(value, zone)),
  day: ({ on }) => date(on),
  duration: ({ minutes, business }) => duration(minutes, business),
  count: ({ number }) => String(number),
  percent: ({ number }) => `${number} %`,
  money: ({ amount, sign }) => `${sign}${grouped(amount)}`,
  clause: ({ id }) => h("span", { class: "clause", title: `Clause ${id} of the provider’s terms` }, id),
  printed: ({ text }) => text,
  link: ({ text, url }) => link(text, url),
  code: ({ text }) => h("code", {}, text),
};

/** Spans as nodes and strings; `zone` is the reader's. */
export function spans(list, zone) {
  return list.map((span) => (typeof span === "string" ? span : value(span, zone)));
}

function value(span, zone) {
  const render = VALUES[span.kind];
  if (!render) throw new Error(`no renderer for the value ${span.kind}`);
  return span.words && span.kind !== "moment" ? span.words : render(span, zone);
}

/** The role is the desk's word for them, drawn as a label, so that a name cannot pass for one. */
export function person(name, role) {
  const mark = (sign) => h("span", { class: "visually-hidden" }, sign);
  const label = role && [" ", h("span", { class: "role" }, mark("("), role, mark(")"))];
  return h("span", { class: "person" }, h("strong", {}, name), label);
}

/** "4 business hours", "1 h 30 min of business time", "30 minutes". */
export function duration(minutes, business) {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  const kind = business ? "business " : "";
  if (hours && rest) return `${hours} h ${String(rest).padStart(2, "0")} min${business ? " of business time" : ""}`;
  return hours ? `${hours} ${kind}hour${hours > 1 ? "s" : ""}` : `${rest} ${kind}minute${rest === 1 ? "" : "s"}`;
}

/** In groups of three, with cents where there are any. As text: an amount is a decimal, which no float can hold. */
function grouped(amount) {
  const [whole, cents = ""] = amount.split(".");
  const digits = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return /^0*$/.test(cents) ? digits : `${digits}.${cents.padEnd(2, "0")}`;
}

/** Only what a catalogue may hold: a telephone number, a mail address or a page. Anything else stays text. */
function link(text, url) {
  const allowed = /^(tel:|mailto:|https:\/\/)/i.test(url);
  return allowed ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text) : text;
}
