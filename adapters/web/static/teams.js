// Messages and dialogs as Teams draws them, from the activities and Adaptive Cards that Teams is sent.

import { h } from "./dom.js";
import { ANY, kinds, link, picture, pieces, strange, undrawn } from "./kinds.js";
import { spelled, wall } from "./when.js";

const CARD = "application/vnd.microsoft.card.adaptive";
const ACTING = /\[([^\]]*)\]\(([^)]+)\)|\{\{(DATE|TIME)\(([^,)]+)(?:, (SHORT))?\)\}\}/g;
const LOOK = { size: ["small", "large"], isSubtle: [true], weight: ["bolder"], color: ["attention"] };
const CLOSE = { spacing: ["small"] };
const CHOICE = { id: ANY, label: ANY, isRequired: [true, false], errorMessage: ANY };

/** `activities`: what the connector is sent. `view`: {zone, press(button)}. */
export function teamsMessages(activities, view) {
  const known = { text: ANY, textFormat: ["plain"], summary: ANY, attachments: ANY };
  return activities.map((one) => h("div", { class: "teams" },
    one.text && h("p", { class: "teams-words" }, one.text),
    (one.attachments ?? []).map((each) => attached(each, view)), strange("message", one, known)));
}

/** A dialog, as form.js shows it. */
export function teamsDialog({ task }) {
  const { title, card: { content } } = task.value;
  const [submit] = content.actions;
  const { form, draft, asked } = submit.data;
  const known = { title: ANY, height: ["medium"], width: ["medium"], card: ANY };
  return {
    manner: "teams", form, draft, title, submit: submit.title, cancel: "Cancel",
    fields: [content.body.map((one) => element(one, {})), strange("dialog", task.value, known),
      strange(submit.type, submit, { title: ANY, data: ANY })],
    /** By question, from what the browser has of the form. */
    answers: (data) => Object.fromEntries(asked.split(" ").map((id) => [id, String(data.get(id) ?? "")])),
  };
}

function attached({ contentType, content, ...more }, view) {
  if (contentType !== CARD) return undrawn(contentType, content);
  return [card(content, view), strange("attachment", more, {})];
}

const card = kinds({
  AdaptiveCard: {
    has: { $schema: ANY, version: ["1.5"], fallbackText: ANY, msteams: ANY, body: ANY, actions: ANY },
    draw: (one, view) => h("div", { class: "teams-card" },
      one.body.map((each) => element(each, view)), one.actions && actions(one.actions, view)),
  },
});

const run = kinds({
  TextRun: {
    has: { text: ANY, ...LOOK, fontType: ["monospace"], highlight: [true], selectAction: ANY },
    draw: (one) => {
      const { url, ...more } = one.selectAction ?? {};
      const strangers = strange("selectAction", more, { title: ANY });
      return [h(one.fontType ? "code" : "span", { class: look(one, one.highlight && "teams-badge") },
        url ? link(one.text, url) : one.text), strangers];
    },
  },
});

const action = kinds({
  "Action.Execute": {
    has: { verb: ["say"], title: ANY, data: ANY, fallback: ANY, style: ["positive", "destructive"], tooltip: ANY,
      mode: ["secondary"] },
    draw: ({ title, data, style = "default", tooltip }, { press }) => h("button", {
      type: "button", class: `teams-button teams-${style}`, title: tooltip ?? `Says: ${data.say}`,
      "aria-label": tooltip, data: { line: data.say }, on: { click: () => press({ label: title, line: data.say }) },
    }, title),
  },
});

const element = kinds({
  TextBlock: {
    has: { text: ANY, wrap: [true], style: ["heading"], ...LOOK, ...CLOSE },
    draw: (one, view) => h(one.style ? "h4" : "p", { class: look(one) }, marked(one.text, view)),
  },
  RichTextBlock: {
    has: { inlines: ANY, ...CLOSE },
    draw: (one, view) => h("p", { class: look(one, "teams-rich") }, one.inlines.map((each) => run(each, view))),
  },
  FactSet: {
    has: { facts: ANY, ...CLOSE },
    draw: ({ facts }) => h("dl", { class: "teams-facts" },
      facts.map(({ title, value }) => h("div", {}, h("dt", {}, title), h("dd", {}, value)))),
  },
  ColumnSet: {
    has: { columns: ANY, ...CLOSE },
    draw: (one, view) => h("div", { class: look(one, "teams-columns") }, one.columns.map((each) => element(each, view))),
  },
  Column: {
    has: { width: ANY, items: ANY, style: ["emphasis"], minHeight: ANY, spacing: ["none"],
      verticalContentAlignment: ["center"] },
    draw: (one, view) => column(one, view),
  },
  Container: {
    has: { style: ["emphasis"], items: ANY },
    draw: (one, view) => h("div", { class: "teams-emphasis" }, one.items.map((each) => element(each, view))),
  },
  ActionSet: { has: { actions: ANY }, draw: (one, view) => actions(one.actions, view) },
  ProgressBar: {
    has: { value: ANY, max: [100], color: ["accent", "warning", "attention"], fallback: ANY },
    draw: ({ value, color }) => bar(value, color),
  },
  Image: {
    has: { url: ANY, altText: ANY, size: ["stretch"], msteams: ANY },
    draw: ({ url, altText }) => picture(url, altText),
  },
  "Input.Text": {
    has: { ...CHOICE, isMultiline: [true], maxLength: ANY, value: ANY },
    draw: (one) => asked(one, h("textarea", { ...named(one), rows: "3", maxlength: one.maxLength }, one.value ?? "")),
  },
  "Input.ChoiceSet": {
    has: { ...CHOICE, style: ["compact"], choices: ANY, value: ANY, placeholder: ANY },
    draw: (one) => asked(one, h("select", named(one), h("option", { value: "" }, one.placeholder),
      one.choices.map(({ title, value }) => h("option", { value, selected: value === one.value }, title)))),
  },
});

/** Those beyond what fits stand behind dots, as Teams does it. */
function actions(all, view) {
  const hidden = all.filter(({ mode }) => mode === "secondary");
  return h("div", { class: "teams-actions" },
    all.filter((one) => !hidden.includes(one)).map((one) => action(one, view)),
    hidden.length > 0 && h("details", { class: "teams-more" }, h("summary", { "aria-label": "More actions" }, "…"),
      h("div", {}, hidden.map((one) => action(one, view)))));
}

function column(one, view) {
  const made = h("div", { class: one.style ? "teams-emphasis" : null }, one.items.map((each) => element(each, view)));
  const { width } = one;
  made.style.flex = typeof width === "number" ? `${width} 0 0` : width === "stretch" ? "1 1 0" : "0 0 auto";
  if (String(width).endsWith("px")) made.style.width = width;
  if (one.verticalContentAlignment) made.style.alignSelf = "center";
  return made;
}

function bar(value, color) {
  const made = h("div", { class: "teams-bar", role: "progressbar", "aria-label": "Response time used",
    "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": value, data: { color } }, h("span", {}));
  made.firstChild.style.inlineSize = `${value}%`;
  return made;
}

/** A TextBlock's text: links, and a clock's functions, which Teams fills in for whoever looks. */
function marked(text, view) {
  return pieces(text, ACTING, (words) => words, ([, label, url, name, at]) => {
    if (url) return link(label, url);
    const { weekday, hour, minute, half } = wall(at, view.zone);
    const words = name === "DATE" ? `${weekday}, ${spelled(at, view.zone)}` : `${hour}:${minute} ${half}`;
    return h("time", { datetime: at, class: "moment" }, words);
  });
}

function asked({ id, label, isRequired, errorMessage }, input) {
  return h("div", { class: "field" },
    h("label", { for: id }, label, isRequired && h("span", { class: "required", "aria-hidden": "true" }, " *")),
    input, errorMessage && h("p", { class: "visually-hidden", id: `${id}-hint` }, errorMessage));
}

function named({ id, isRequired, errorMessage }) {
  return { id, name: id, "aria-required": String(isRequired), "aria-describedby": errorMessage ? `${id}-hint` : null };
}

function look({ size, isSubtle, weight, color, spacing }, more) {
  const names = [size && `teams-size-${size}`, isSubtle && "teams-subtle", weight && `teams-${weight}`,
    color && `teams-${color}`, spacing && "teams-close", more];
  return names.filter(Boolean).join(" ") || null;
}
