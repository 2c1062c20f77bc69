// A first hint of what to try: a few steps, each leading to where it happens.

import { h, icon } from "./dom.js";

const KEPT = "supporthub-tour";

/** `steps`: [{title, words, go, label}]; `go()` leads there. Shown until closed, and again on demand. */
export function tour(element, toggle, steps) {
  const show = (open) => {
    element.hidden = !open;
    toggle.setAttribute("aria-expanded", String(open));
  };
  const close = () => {
    show(false);
    localStorage.setItem(KEPT, "closed");
    toggle.focus();
  };
  toggle.addEventListener("click", () => {
    show(element.hidden);
    localStorage.setItem(KEPT, element.hidden ? "closed" : "open");
  });
  element.replaceChildren(
    h("h2", { id: "tour-title", class: "visually-hidden" }, "What to try"),
    h("ol", { class: "steps" }, steps.map(({ title, words, go, label }) => h("li", {},
      h("div", {}, h("strong", {}, title), " ", h("span", {}, words)),
      h("button", { type: "button", class: "plain", on: { click: go } }, label)))),
    h("button", { type: "button", class: "tool", "aria-label": "Close the hints", on: { click: close } },
      icon("close")));
  show(localStorage.getItem(KEPT) !== "closed");
}
