// Messages and modals as Slack draws them, from the Block Kit that Slack is sent.

import { h } from "./dom.js";
import { ANY, kinds, picture, strange } from "./kinds.js";
import { mrkdwn, unescaped } from "./mrkdwn.js";

const QUESTION = "q:";

/** `messages`: what chat.postMessage is called with. `view`: {zone, now, press(button)}. */
export function slackMessages(messages, view) {
  return messages.map((message) => h("div", { class: "slack" },
    message.blocks.map((one) => block(one, view)), strange("message", message, { text: ANY, blocks: ANY })));
}

/** A modal, as form.js shows it. */
export function slackModal(view) {
  const known = { callback_id: ANY, title: ANY, submit: ANY, close: ANY, blocks: ANY, private_metadata: ANY };
  const { form, draft } = JSON.parse(view.private_metadata);
  return {
    manner: "slack", form, draft, title: unescaped(view.title.text), submit: unescaped(view.submit.text),
    cancel: unescaped(view.close.text),
    fields: [view.blocks.map((one) => block(one, {})), strange("modal", view, known)],
    /** By question, from what the browser has of the form. */
    answers: (data) => Object.fromEntries(view.blocks.filter(({ type }) => type === "input").map(({ block_id: id }) =>
      [id.slice(QUESTION.length), String(data.get(id) ?? "")])),
  };
}

const text = kinds({
  mrkdwn: { has: { text: ANY, verbatim: [true] }, draw: (one, view) => mrkdwn(one.text, view) },
  plain_text: { has: { text: ANY, emoji: [false] }, draw: (one) => unescaped(one.text) },
});

const element = kinds({
  button: {
    has: { action_id: ANY, text: ANY, value: ANY, style: ["primary", "danger"] },
    draw: ({ text: label, value, style = "normal" }, { press }) => h("button", {
      type: "button", class: `slack-button slack-${style}`, title: `Says: ${value}`, data: { line: value },
      on: { click: () => press({ label: unescaped(label.text), line: value }) },
    }, text(label)),
  },
});

const block = kinds({
  header: { has: { text: ANY }, draw: (one, view) => h("h4", { class: "slack-header" }, text(one.text, view)) },
  section: {
    has: { text: ANY, fields: ANY, accessory: ANY },
    draw: (one, view) => h("div", { class: "slack-section" },
      one.text && h("div", { class: "slack-text" }, text(one.text, view)),
      one.fields && h("div", { class: "slack-fields" },
        one.fields.map((field) => h("div", { class: "slack-text" }, text(field, view)))),
      one.accessory && h("div", { class: "slack-accessory" }, element(one.accessory, view))),
  },
  context: {
    has: { elements: ANY },
    draw: (one, view) => h("div", { class: "slack-context" }, one.elements.map((each) => h("span", {}, text(each, view)))),
  },
  actions: {
    has: { elements: ANY },
    draw: (one, view) => h("div", { class: "slack-actions" }, one.elements.map((each) => element(each, view))),
  },
  image: { has: { image_url: ANY, alt_text: ANY }, draw: (one) => picture(one.image_url, one.alt_text) },
  input: {
    has: { block_id: ANY, label: ANY, element: ANY, optional: [true, false], hint: ANY },
    draw: (one) => h("div", { class: "field" },
      h("label", { for: one.block_id }, text(one.label), one.optional && h("span", { class: "small" }, " (optional)")),
      asked(one.element, one),
      one.hint && h("p", { class: "slack-hint", id: `${one.block_id}-hint` }, text(one.hint))),
  },
});

const asked = kinds({
  plain_text_input: {
    has: { action_id: ANY, multiline: [true], max_length: ANY, initial_value: ANY },
    draw: ({ max_length: most, initial_value: begun = "" }, { block_id: id, optional, hint }) =>
      h("textarea", { ...named(id, optional, hint), rows: "3", maxlength: most }, begun),
  },
  static_select: {
    has: { action_id: ANY, options: ANY, initial_option: ANY },
    draw: ({ options, initial_option: chosen }, { block_id: id, optional, hint }) =>
      h("select", named(id, optional, hint), h("option", { value: "" }, "Select an item"),
        options.map((one) => h("option", { value: one.value, selected: one.value === chosen?.value },
          unescaped(one.text.text)))),
  },
});

function named(id, optional, hint) {
  return { id, name: id, "aria-required": String(!optional), "aria-describedby": hint ? `${id}-hint` : null };
}
