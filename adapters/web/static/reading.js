// What an entry of the log says, for whoever acts on it: its buttons, its values, its questions.

const QUESTION = /^answer \d+ (\w+) /;

/** Everything that can be pressed on an entry, as {label, line}. */
export function buttons({ entry }) {
  return parts(entry).flatMap((part) => {
    if (part.kind === "buttons") return part.buttons;
    return part.kind === "items" ? part.items.flatMap(({ button }) => button ?? []) : [];
  });
}

/** The values of a kind in an entry, in their order. */
export function values({ entry }, kind) {
  return parts(entry).flatMap(spansOf).filter((span) => span.kind === kind);
}

/** The first case that an entry names. */
export function caseOf(item) {
  return values(item, "case")[0]?.number;
}

/** The response promised in an entry, as {due, minutes}: an instant, and the whole time in business minutes. */
export function promise(item) {
  const [due] = values(item, "moment");
  const target = values(item, "duration").find(({ business }) => business);
  return due && target && { due: due.at, minutes: target.minutes };
}

/** What a question with buttons asks for, such as "priority"; nothing for any other entry. */
export function asked(item) {
  return buttons(item).map(({ line }) => QUESTION.exec(line)?.[1]).find(Boolean);
}

/** Whether an entry waits for an answer: by its buttons, or since it ends with a question. */
export function waits(item) {
  const last = parts(item.entry).filter(({ kind }) => kind === "text").at(-1)?.spans.at(-1);
  return Boolean(asked(item)) || (typeof last === "string" && last.trimEnd().endsWith("?"));
}

function parts(entry) {
  return entry.kind === "bot" ? entry.message.parts : [];
}

function spansOf(part) {
  if (part.kind === "facts") return part.facts.flatMap(([, spans]) => spans);
  if (part.kind === "items") return part.items.flatMap(({ spans }) => spans);
  return part.spans ?? [];
}
