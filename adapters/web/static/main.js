// Puts the page together: how things stand, the panes, the live line.

import { Acts } from "./acts.js";
import { Clock } from "./clock.js";
import { avatar, channelAvatar } from "./dom.js";
import { Layout } from "./layout.js";
import { hints } from "./hints.js";
import { connect } from "./live.js";
import { MailPane } from "./mail.js";
import { Pane } from "./pane.js";
import { RoomLog } from "./roomlog.js";
import { CAST } from "./story.js";
import { Tour } from "./tour.js";

const SHARED = { room: "desk", title: "Desk", about: "Everybody on the desk" };
/** One case in two channels: customers are in Teams, the desk in Slack. */
const [CUSTOMERS, DESKS] = ["teams", "slack"];
const PROBLEM = "The quote form is broken since this morning";
const RETRY = 1000;
const CONNECTION = { live: "Live", away: "Reconnecting…" };

const byId = (id) => document.getElementById(id);
start(await state());

/** How things stand, as soon as the server says so. */
async function state() {
  for (;;) {
    const response = await fetch("/play/state").catch(() => null);
    if (response?.ok) return response.json();
    await new Promise((resolve) => setTimeout(resolve, RETRY));
  }
}

function start({ run, now, zone, label, cast, manners, entries }) {
  const log = new RoomLog();
  const clock = new Clock(byId("clock"), { zone, label, onDay: () => panes.forEach((pane) => pane.redraw?.()) });
  const acts = new Acts(log, () => clock.now);
  const house = { log, acts, cast: new Map(cast.map((one) => [one.id, one])), zone, label, clock, manners };
  const personal = (one) => ({
    pane: new Pane(house, { room: one.id, title: one.name, about: one.about, speakers: [one],
      side: one.desk ? "desk" : "customers", manner: one.desk ? DESKS : CUSTOMERS }),
    face: avatar(one.name, one.id), name: first(one),
  });
  const team = cast.filter((one) => one.desk);
  const customers = cast.filter((one) => !one.desk).map(personal);
  const desk = [
    { pane: new Pane(house, { ...SHARED, speakers: team, shared: true, manner: DESKS }), face: channelAvatar("hash"), name: "Desk" },
    ...team.map(personal),
    { pane: new MailPane(house), face: channelAvatar("mail"), name: "Mailbox" },
  ];
  const panes = [...customers, ...desk].map(({ pane }) => pane);
  const layout = new Layout([
    { element: document.querySelector(".side-customers"), panes: customers },
    { element: document.querySelector(".side-desk"), panes: desk },
  ]);

  clock.show(now);
  log.take(entries);
  for (const pane of panes) {
    pane.update(entries); // what was there before is not news
    pane.shown?.();
  }
  log.watch((changed) => panes.forEach((pane) => layout.news(pane, pane.update(changed))));
  acts.resume();
  toTry({ layout, log, clock, cast, panes: new Map(panes.map((pane) => [pane.room, pane])) });
  connect({
    since: () => log.revision,
    onState: (connection) => {
      byId("connection").textContent = CONNECTION[connection];
      byId("connection").dataset.state = connection;
      document.body.toggleAttribute("data-ready", connection === "live");
    },
    onFrame: async (frame) => {
      if (frame.run !== run) {
        const anew = await state(); // the server was started again: over the same log, or over another one
        if (log.lacks(anew.entries)) return location.reload();
        ({ run } = anew);
      }
      clock.show(frame.now);
      log.take(frame.entries);
    },
  });
}

/** The hints, and the tour where everybody is there who plays in it. */
function toTry({ layout, log, clock, cast, panes }) {
  const people = [cast.find((one) => !one.desk), cast.find((one) => one.desk)];
  if (!people.every(Boolean)) return;
  const [asking, answering] = people.map(first);
  const [customer, desk] = [panes.get(people[0].id), panes.get(SHARED.room)];
  const house = { panes, layout, log, clock: { clock, element: byId("clock") } };
  const tour = CAST.every((id) => panes.has(id)) && new Tour(byId("coach"), house, () => byId("help").focus());
  const lead = (pane, then) => () => {
    layout.open(pane);
    then();
  };
  const takeTour = () => {
    away();
    tour.start();
  };
  const away = hints(byId("hints"), byId("help"), [
    { title: "Report a problem", words: `As ${asking}, in plain words. The first message opens a case.`,
      label: `Write as ${asking}`, go: lead(customer, () => customer.fill(PROBLEM)) },
    { title: "Pick it up", words: `As ${answering}, on the desk’s card, and answer in its thread.`,
      label: "Show the desk", go: lead(desk, () => desk.focus()) },
    { title: "Let time pass", words: "The desk is warned before a promise is broken.",
      label: "Go to the clock", go: () => document.querySelector(".clock-steps button").focus() },
    { title: "Solve it", words: `Only ${asking} can say that it really works again.`,
      label: `Back to ${asking}`, go: lead(customer, () => customer.focus()) },
  ], tour && takeTour);
}

function first({ name }) {
  return name.split(" ")[0];
}
