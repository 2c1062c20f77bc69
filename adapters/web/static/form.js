// A form as a dialog: every question with its label, and what is wrong with an answer beside it.

import { h, icon } from "./dom.js";
import { Refusal } from "./acts.js";
import { vendorForm } from "./manner.js";

const ONE_LINE = 200;
let opened = 0;

/**
 * Shows `form` (a ShowForm) to `who`, in that `manner`. `submit(form, answers)` resolves to the form to show next, or null when that
 * was all. Closing it loses nothing the bot has asked: its questions stand in the chat.
 */
export function openForm(form, who, manner, submit) {
  const before = document.activeElement;
  const dialog = h("dialog", { class: "form", data: { form: form.form } });
  dialog.addEventListener("close", () => {
    dialog.remove();
    before?.focus();
  });
  draw(dialog, form, who, manner, submit);
  document.body.append(dialog);
  dialog.showModal();
  focusFirst(dialog);
}

function draw(dialog, form, who, manner, submit) {
  const id = `form-${++opened}`;
  const shown = vendorForm(form, manner) ?? ours(form, id);
  const problem = h("p", { class: "problem", role: "alert" });
  const button = h("button", { type: "submit", class: "say say-primary" }, shown.submit);
  const close = () => dialog.close();
  dialog.dataset.manner = shown.manner;
  dialog.setAttribute("aria-labelledby", `${id}-title`);
  dialog.replaceChildren(h("form", { novalidate: true, on: { submit: send } },
    h("header", {},
      h("div", {}, h("p", { class: "small" }, who), h("h2", { id: `${id}-title` }, shown.title)),
      h("button", { type: "button", class: "tool", "aria-label": "Close", on: { click: close } }, icon("close"))),
    h("div", { class: "fields" }, shown.fields),
    problem,
    h("footer", {}, h("button", { type: "button", class: "say", on: { click: close } }, shown.cancel), button)));

  async function send(event) {
    event.preventDefault();
    button.disabled = true;
    problem.textContent = "";
    try {
      const { title, form: name, draft } = shown;
      const next = await submit({ form: name, draft, title }, shown.answers(new FormData(event.target)));
      if (!dialog.open) return;
      if (!next) return close();
      draw(dialog, next, who, manner, submit);
      focusFirst(dialog);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problem.textContent = error.message;
      button.disabled = false;
    }
  }
}

/** Our own: {manner, form, draft, title, submit, cancel, fields, answers(data)}, as vendors' are shown too. */
function ours({ form, draft, title, submit, fields }, id) {
  const required = fields.some((field) => field.required);
  return {
    manner: "plain", form, draft, title, submit, cancel: "Cancel",
    fields: [fields.map((field) => fieldset(field, `${id}-${field.name}`)),
      required && h("p", { class: "small" }, mark(), " must be answered")],
    answers: (data) => Object.fromEntries(fields.map(({ name }) => [name, String(data.get(name) ?? "")])),
  };
}

function fieldset(field, id) {
  const mistake = field.mistake && h("p", { class: "mistake", id: `${id}-mistake` }, field.mistake);
  const wrong = field.mistake ? { "aria-invalid": "true", "aria-describedby": `${id}-mistake` } : {};
  const required = field.required ? { "aria-required": "true" } : {};
  const label = [field.label, field.required && mark()];
  if (field.choices.length) {
    return h("fieldset", { class: "field choices", role: "radiogroup", ...required, ...wrong },
      h("legend", {}, label),
      field.choices.map(([value, words]) => h("label", { class: "option" },
        h("input", { type: "radio", name: field.name, value, checked: value === field.answer }), h("span", {}, words))),
      mistake);
  }
  const long = field.longest === null || field.longest > ONE_LINE;
  const input = h(long ? "textarea" : "input", {
    id, name: field.name, maxlength: field.longest, autocomplete: "off",
    ...(long ? { rows: "3" } : { type: "text" }), ...required, ...wrong,
  });
  input.value = field.answer;
  return h("div", { class: "field" }, h("label", { for: id }, label), input, mistake);
}

function mark() {
  return h("span", { class: "required" }, h("span", { "aria-hidden": "true" }, " *"),
    h("span", { class: "visually-hidden" }, " (required)"));
}

/** The first mistake, or else the first question. */
function focusFirst(dialog) {
  const wrong = dialog.querySelector("[aria-invalid]");
  const field = wrong?.matches("fieldset") ? wrong.querySelector("input") : wrong;
  (field ?? dialog.querySelector(".fields input:checked, .fields :is(input, textarea, select)"))?.focus();
}
