// What a message is made of, for developers: the bot's own JSON, and what each vendor is sent for it.

import { choice } from "./choice.js";
import { h, icon } from "./dom.js";
import { NAMES, PLAIN } from "./manner.js";

/** Shows an entry's JSON in a dialog, beginning with that of `manner`. */
export function showJson({ entry, drawn = {} }, manner) {
  const all = { [PLAIN]: entry.message, ...drawn };
  const text = h("pre", { class: "json", tabindex: "0", "aria-label": "JSON" });
  const show = (name) => { text.textContent = JSON.stringify(all[name], null, 2); };
  const dialog = h("dialog", { class: "form json-of", "aria-labelledby": "json-title" },
    h("header", {},
      h("h2", { id: "json-title" }, "What is sent"),
      h("button", { type: "button", class: "tool", "aria-label": "Close", on: { click: () => dialog.close() } },
        icon("close"))),
    choice({ name: "json-of", legend: "Whose JSON", chosen: all[manner] ? manner : PLAIN, choose: show,
      options: Object.keys(all).map((name) => [name, NAMES[name]]) }),
    text);
  const before = document.activeElement;
  dialog.addEventListener("close", () => {
    dialog.remove();
    before?.focus();
  });
  show(all[manner] ? manner : PLAIN);
  document.body.append(dialog);
  dialog.showModal();
}
