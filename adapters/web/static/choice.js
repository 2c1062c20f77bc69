// A few alternatives side by side, one of them chosen: radio buttons that look like a switch.

import { h } from "./dom.js";

/** `options`: [[value, label]]; `choose(value)` follows every change. Returns the fieldset. */
export function choice({ name, legend, options, chosen, choose }) {
  return h("fieldset", { class: "choice" },
    h("legend", { class: "visually-hidden" }, legend),
    options.map(([value, label]) => h("label", {},
      h("input", { type: "radio", name, value, checked: value === chosen, on: { change: () => choose(value) } }),
      h("span", {}, label))));
}
