// Builds elements. What is said reaches the page only as text nodes and attributes, never as markup.

const SVG = "http://www.w3.org/2000/svg";

/**
 * One element. `attributes` may hold `on` (listeners by event) and `data` (data-* values); one that is null or false
 * is left out, true is set empty. Children are nodes, strings or lists of them; null and false are left out.
 */
export function h(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  const { on = {}, data = {}, ...rest } = attributes;
  for (const [name, value] of Object.entries(rest)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  Object.assign(made.dataset, data);
  for (const [event, listener] of Object.entries(on)) made.addEventListener(event, listener);
  made.append(...nodes(children));
  return made;
}

export function nodes(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

/** Puts `wanted` into `parent` in this order, moving and removing no more than it must: focus and scrolling stay. */
export function arrange(parent, wanted) {
  const kept = new Set(wanted);
  for (const node of [...parent.childNodes]) if (!kept.has(node)) node.remove();
  let here = parent.firstChild;
  for (const node of wanted) {
    if (node === here) here = here.nextSibling;
    else parent.insertBefore(node, here);
  }
}

const ICONS = {
  send: "M3 11.4 20.5 3.6c.6-.3 1.2.3.9.9L13.6 21c-.3.7-1.3.6-1.5-.1l-1.9-6.1-6.1-1.9c-.8-.2-.8-1.2-.1-1.5z",
  reply: "M10 5 4 11l6 6v-4c5 0 8 1.5 10 5-.5-6-4-9.5-10-10z",
  close: "M6 6l12 12M18 6 6 18",
  mail: "M4 6h16v12H4z M4 7l8 6 8-6",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z M12 7.5V12l3 2",
  forward: "M5 6l7 6-7 6z M13 6l7 6-7 6z",
  braces: "M9 4c-2.5 0-2.5 2-2.5 4S6 12 4 12c2 0 2.5 2 2.5 4S6.5 20 9 20M15 4c2.5 0 2.5 2 2.5 4s.5 4 2.5 4c-2 0-2.5 2-2.5 4s0 4-2.5 4",
  clip: "M20 11.5 12 19.5a5 5 0 0 1-7-7l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7L9.8 17a1.7 1.7 0 0 1-2.4-2.4l7.6-7.6",
  hash: "M9.5 4 7.5 20M16.5 4l-2 16M4.5 9.2h16M3.5 14.8h16",
};
const OUTLINED = new Set(["clip", "close", "mail", "clock", "hash", "braces"]);

/** A picture beside words or inside a labelled button: nothing a screen reader should name. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", OUTLINED.has(name) ? "icon outlined" : "icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

const HUES = 6;

/** Initials on a colour that stays with the name. */
export function avatar(name, id = name) {
  const initials = name.split(/\s+/).map((word) => word[0]).slice(0, 2).join("").toUpperCase();
  const hue = [...id].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 997, 7) % HUES;
  return h("span", { class: `avatar hue-${hue}`, "aria-hidden": "true" }, initials);
}

/** The picture of a place that is nobody's own. */
export function channelAvatar(name) {
  return h("span", { class: "avatar channel", "aria-hidden": "true" }, icon(name));
}

export function botAvatar() {
  return h("span", { class: "avatar bot", "aria-hidden": "true" },
    h("img", { src: "/play/static/logo.svg", alt: "", width: "22", height: "22" }));
}
