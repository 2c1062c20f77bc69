// A Message as the page shows it, one renderer for each kind of part.

import { h } from "./dom.js";
import { meter } from "./meter.js";
import { person, spans } from "./values.js";

const PARTS = {
  text: ({ spans: words, style }, zone) => TEXTS[style](spans(words, zone)),
  facts: ({ facts }, zone) =>
    h("dl", { class: "facts" }, facts.map(([label, words]) =>
      h("div", {}, h("dt", {}, label), h("dd", {}, spans(words, zone))))),
  quote: ({ by, words, internal }) =>
    h("figure", { class: internal ? "quote internal" : "quote" },
      h("figcaption", {}, person(by.name, by.role),
        internal && h("span", { class: "badge-internal", title: "Only the desk sees this" }, "INTERNAL")),
      h("blockquote", {}, words)),
  buttons: ({ buttons }, _zone, press) => h("div", { class: "buttons" }, buttons.map((one) => button(one, press))),
  items: ({ items }, zone, press) =>
    h("ul", { class: "items" }, items.map((item) =>
      h("li", {}, h("div", { class: "item-words" }, spans(item.spans, zone)),
        item.button && button(item.button, press)))),
  picture: ({ url, spans: words }, zone) =>
    h("img", { class: "picture", src: url, alt: h("span", {}, spans(words, zone)).textContent }),
  bar: ({ percent, spans: words }, zone) =>
    h("div", { class: "gauge" }, meter(percent), h("span", {}, spans(words, zone))),
};

const TEXTS = {
  normal: (words) => h("p", {}, words),
  heading: (words) => h("h4", { class: "heading" }, words),
  small: (words) => h("p", { class: "small" }, words),
  alert: (words) => h("p", { class: "alert" }, h("span", { class: "alert-mark", "aria-hidden": "true" }, "!"),
    h("span", {}, words)),
};

/** The parts as elements; `press(button)` is called with what was pressed, or null where nothing can be. */
export function renderMessage(message, press) {
  return message.parts.map((part) => {
    const render = PARTS[part.kind];
    if (!render) throw new Error(`no renderer for the part ${part.kind}`);
    return render(part, message.zone, press);
  });
}

function button(one, press) {
  return h("button", {
    type: "button", class: `say say-${one.style}`, title: press ? `Says: ${one.line}` : null, disabled: !press,
    data: { line: one.line }, on: press ? { click: () => press(one) } : {},
  }, one.label);
}

/** A message's first words, in one line: for a reply's reference and a mail's subject. */
export function summary(message) {
  const texts = message.parts.filter((part) => part.kind === "text");
  const first = texts.find((part) => part.style === "heading") ?? texts[0];
  const made = h("span", {}, first ? spans(first.spans, message.zone) : "A message");
  return made.textContent.replace(/\s+/g, " ").trim();
}
