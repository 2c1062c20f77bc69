// What people do in each step of the tour. No answer is scripted: everything goes on from what the bot really said.
// `it` carries what was found out from scene to scene: {since, number, due, minutes, card}, `since` being the place in
// the log where the case begins.

import { asked, buttons, caseOf, promise } from "./reading.js";

const MINUTE = 60_000;
/** A warning comes within a second or two of its time; after this long the clock goes on by a quarter of an hour. */
const PATIENCE = 8000;

const says = (pattern) => (item) => buttons(item).some(({ line }) => pattern.test(line));
const about = (number) => (item) => caseOf(item) === number;

export async function asksHow(hands) {
  await hands.clear("ann");
  const before = await hands.types("ann", "How do I share a view?");
  const question = await hands.answer("ann", before, (item) => asked(item) === "helped");
  await hands.show("ann", question);
  const pressed = await hands.presses("ann", /^answer \d+ helped yes$/, { after: before });
  await hands.show("ann", await hands.answer("ann", pressed));
}

export async function reports(hands, it) {
  await hands.clear("ann");
  await hands.beginInWorkingHours();
  let before = await hands.types("ann", "The quote form is broken since this morning");
  const first = await hands.answer("ann", before, (item) => promise(item) || asked(item) === "case");
  if (asked(first) === "case") before = await hands.presses("ann", /^answer \d+ case new$/, { after: before });
  const receipt = await hands.answer("ann", before, promise);
  Object.assign(it, promise(receipt), { number: caseOf(receipt), since: before });
  await hands.show("ann", receipt);
  let question = await hands.answer("ann", before, asked);
  while (question) {
    await hands.show("ann", question);
    question = await hands.question("ann", await answered(hands, question));
  }
  const isCard = (item) => item.entry.root && caseOf(item) === it.number;
  it.card = (await hands.answer("desk", 0, isCard)).key;
}

/** Ann says what happens and how bad it is, and skips the rest. */
function answered(hands, question) {
  switch (asked(question)) {
    case "details": return hands.types("ann", "Error 500 as soon as I press Send");
    case "priority": return hands.presses("ann", /^answer \d+ priority high$/, { after: question.place - 1 });
    default: return hands.presses("ann", /^answer \d+ \w+ skip$/, { after: question.place - 1 });
  }
}

export async function warns(hands, it) {
  const warning = says(new RegExp(`^ack ${it.number}$`));
  const left = (share) => Date.parse(it.due) - it.minutes * MINUTE * (1 - share) + 1000;
  await hands.moveClock(left(0.5));
  const half = await hands.answer("desk", it.since, warning, PATIENCE);
  if (half) await hands.show("desk", half);
  await hands.moveClock(left(0.75));
  const warned = await toCora();
  await hands.show("cora", warned);
  const pressed = await hands.presses("cora", new RegExp(`^ack ${it.number}$`), { after: it.since });
  await hands.answer("cora", pressed);
  await hands.show("desk", await hands.answer("desk", pressed, about(it.number)));

  async function toCora() {
    for (let late = 15; ; late += 15) {
      const found = await hands.answer("cora", it.since, warning, PATIENCE);
      if (found) return found;
      await hands.moveClock(left(0.75) + late * MINUTE);
    }
  }
}

export async function answers(hands, it) {
  const inThread = { room: "desk", thread: it.card };
  let before = await hands.presses("sam", new RegExp(`^take ${it.number}$`), { room: "desk", on: it.card });
  await hands.answer("ann", before, about(it.number));
  before = await hands.types("sam", `reply ${it.number} I see the error too and am looking into it`, inThread);
  await hands.show("ann", await hands.answer("ann", before, about(it.number)));
  before = await hands.types("sam", `note ${it.number} Their own script breaks it; tell them kindly`, inThread);
  await hands.show("desk", await hands.answer("desk", before));
}

export async function closes(hands, it) {
  const thread = { room: "desk", thread: it.card };
  const before = await hands.types("sam", `close ${it.number} The form sends again`, thread);
  const confirm = new RegExp(`^confirm ${it.number} `);
  await hands.show("ann", await hands.answer("ann", before, says(confirm)));
  const pressed = await hands.presses("ann", confirm, { after: before });
  await hands.show("ann", await hands.answer("ann", pressed, about(it.number)));
  await hands.answer("desk", pressed, about(it.number));
  await hands.show("desk", { key: it.card });
}

export async function looks(hands, it) {
  const listed = says(new RegExp(`^status ${it.number}$`));
  await hands.clear("bob");
  await hands.show("bob", await hands.answer("bob", await hands.types("bob", "cases"), listed));
  await hands.clear("eve");
  await hands.show("eve", await hands.answer("eve", await hands.types("eve", `status ${it.number}`), about(it.number)));
}

export async function hasBase(hands) {
  await hands.clear("eve");
  const before = await hands.types("eve", "How do I merge duplicates?");
  await hands.show("eve", await hands.answer("eve", before, (item) => asked(item) === "helped"));
  const pressed = await hands.presses("eve", /^answer \d+ helped none$/, { after: before });
  await hands.show("eve", await hands.answer("eve", pressed));
}

export async function hasTerrasoft(hands) {
  await hands.clear("tess");
  for (const line of ["What is your response time?", "price premium 4", "price premium 5"]) {
    await hands.show("tess", await hands.answer("tess", await hands.types("tess", line)));
  }
}
