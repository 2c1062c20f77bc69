// Draws a vendor's JSON by tables of what is known. What a table lacks is shown as not drawn, never left out.

import { h, nodes } from "./dom.js";

/** Any value will do. */
export const ANY = null;

/**
 * `known`: by its `type`, {has, draw}: `has` names the properties it may have, with the values each may take, or ANY;
 * `draw(value, view)` makes its nodes. Returns a function that draws such a value.
 */
export function kinds(known) {
  return (value, view) => {
    const kind = known[value?.type];
    if (!kind) return undrawn(value?.type ?? "something without a type", value);
    return [kind.draw(value, view), strange(value.type, value, kind.has)];
  };
}

/** What there is in `value` besides `has`, each as not drawn. */
export function strange(name, value, has) {
  const more = Object.entries(value).filter(([property, given]) => property !== "type" && !fits(has, property, given));
  return more.map(([property, given]) => undrawn(`${name}.${property}`, given));
}

export function undrawn(what, value) {
  return h("p", { class: "undrawn", title: JSON.stringify(value) }, `Not drawn here: ${what}`);
}

/** `pattern`'s finds in `text` as `draw(found)` makes them, the words between as `plain(words)` does. */
export function pieces(text, pattern, plain, draw) {
  const made = [];
  let end = 0;
  for (const found of text.matchAll(pattern)) {
    made.push(plain(text.slice(end, found.index)), draw(found));
    end = found.index + found[0].length;
  }
  return nodes([made, plain(text.slice(end))]);
}

/** Fetched by the vendor, and by this page only from its own server: others are told in words. */
export function picture(url, words) {
  const own = URL.canParse(url, location.href) && new URL(url, location.href).origin === location.origin;
  return own
    ? h("img", { class: "picture", src: url, alt: words })
    : h("p", { class: "picture-elsewhere", role: "img", "aria-label": words }, `Picture: ${words}`);
}

/** Only what may stand in a message of ours. Anything else stays text. */
export function link(words, url) {
  const allowed = /^(tel:|mailto:|https:\/\/)/i.test(url);
  return allowed ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, words) : undrawn("link", url);
}

function fits(has, property, given) {
  if (!Object.hasOwn(has, property)) return false;
  return has[property] === ANY || has[property].includes(given);
}
