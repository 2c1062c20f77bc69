// How much of a response time is gone, as a slim bar: its colour says how near the promise is to being broken.

import { h } from "./dom.js";

const FULL = 100;
/** From this share on, in percent; the first that fits counts. */
const SHADES = [[FULL, "over"], [75, "late"], [50, "half"], [0, "calm"]];

/** `percent` may be more than 100: the bar is full then, and the words beside it say by how much it is late. */
export function meter(percent) {
  const share = Math.min(percent, FULL);
  const [, shade] = SHADES.find(([from]) => percent >= from);
  const made = h("div", {
    class: "meter", role: "meter", "aria-label": "Response time used", "aria-valuemin": "0", "aria-valuemax": FULL,
    "aria-valuenow": share, "aria-valuetext": `${percent} %`, data: { shade },
  }, h("span", { class: "meter-fill" }));
  made.firstChild.style.inlineSize = `${share}%`;
  return made;
}
