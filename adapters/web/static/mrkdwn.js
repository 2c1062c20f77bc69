// Slack's mark-up: bold, code, links and dates, which are all that we send. Whatever else would act is not drawn.

import { h } from "./dom.js";
import { link, pieces, undrawn } from "./kinds.js";
import { relative, spelled, wall } from "./when.js";

const MARKED = /<([^<>\n]+)>|`([^`\n]+)`|(?<![A-Za-z0-9*])\*(?!\s)([^*\n]+?)(?<!\s)\*(?![A-Za-z0-9*])/g;
const ACTING = /(?<![A-Za-z0-9])([_~])(?!\s)[^\n]+?(?<!\s)\1(?![A-Za-z0-9])|^\s*>|```/m;
const DATE = /^!date\^(\d+)\^\{date_short_pretty\} \{time\}\|(.*)$/;
const LINK = /^((?:https|mailto|tel):[^|]+)\|(.*)$/;
const SIGNS = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

/** Nodes and strings; `view` is {zone, now}, by which Slack writes dates for whoever looks. */
export function mrkdwn(text, view) {
  return pieces(text, MARKED, plain, ([, special, code, bold]) => {
    if (special) return sign(special, view);
    return code ? h("code", {}, unescaped(code)) : h("strong", {}, unescaped(bold));
  });
}

/** Text without mark-up is escaped all the same. */
export function unescaped(text) {
  return text.replace(/&(?:amp|lt|gt);/g, (found) => SIGNS[found]);
}

function plain(words) {
  return ACTING.test(words) ? [unescaped(words), undrawn("mark-up", words)] : unescaped(words);
}

function sign(special, view) {
  const date = DATE.exec(special);
  if (date) return moment(Number(date[1]), unescaped(date[2]), view);
  const target = LINK.exec(special);
  return target ? link(unescaped(target[2]), unescaped(target[1])) : undrawn("mark-up", special);
}

function moment(seconds, fallback, { zone, now }) {
  const at = new Date(seconds * 1000).toISOString();
  const { hour, minute, half } = wall(at, zone);
  const day = relative(at, now, zone) ?? spelled(at, zone);
  return h("time", { datetime: at, class: "moment", title: fallback }, `${day} ${hour}:${minute} ${half}`);
}
