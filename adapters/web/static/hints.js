// A first hint of what to try: the tour, and a few steps, each leading to where it happens.

import { h, icon, nodes } from "./dom.js";

const KEPT = "supporthub-tour";

/**
 * `steps`: [{title, words, go, label}]; `go()` leads there. `takeTour()` starts the tour, where there is one. Shown
 * until closed, and again on demand; returns a function that puts the hints away for now.
 */
export function hints(element, toggle, steps, takeTour) {
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
  element.replaceChildren(...nodes([
    h("h2", { id: "hints-title", class: "visually-hidden" }, "What to try"),
    takeTour && invitation(takeTour),
    h("ol", { class: "steps" }, steps.map(({ title, words, go, label }) => h("li", {},
      h("div", {}, h("strong", {}, title), " ", h("span", {}, words)),
      h("button", { type: "button", class: "plain", on: { click: go } }, label)))),
    h("button", { type: "button", class: "tool", "aria-label": "Close the hints", on: { click: close } },
      icon("close"))]));
  show(localStorage.getItem(KEPT) !== "closed");
  return () => show(false);
}

function invitation(takeTour) {
  return h("div", { class: "invitation" },
    h("p", {}, h("strong", {}, "The whole story"), " ",
      h("span", { class: "small" }, "in three minutes, played for you")),
    h("button", { type: "button", class: "say say-primary", on: { click: takeTour } }, "Take the tour"));
}
