// In whose manner a pane is drawn: our own plain one, or a vendor's from its own JSON.

import { renderMessage } from "./message.js";
import { slackMessages, slackModal } from "./slack.js";
import { teamsDialog, teamsMessages } from "./teams.js";

export const PLAIN = "plain";
export const NAMES = { [PLAIN]: "Plain", slack: "Slack", teams: "Teams" };
const MESSAGES = { slack: slackMessages, teams: teamsMessages };
const FORMS = { slack: slackModal, teams: teamsDialog };

/** A message of the bot's as nodes. `view`: {manner, zone, now, press(button)}. */
export function drawMessage({ entry, drawn }, view) {
  const draw = drawn?.[view.manner] && MESSAGES[view.manner];
  return draw ? draw(drawn[view.manner], view) : renderMessage(entry.message, view.press);
}

/** A form as `manner` has it, see form.js; nothing where that is our own. */
export function vendorForm(form, manner) {
  const draw = form.drawn?.[manner] && FORMS[manner];
  return draw && draw(form.drawn[manner]);
}
