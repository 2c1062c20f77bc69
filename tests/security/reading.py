"""What each company's people get to see, and what of a company nobody else may change."""

import json
import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import SQLModel, col

from store.tables import Account, Case, Person
from store.work import Work
from tests.security.house import CAST, GUESTS, Desk
from tests.teams.places import guid, parted

WORDS = {"northwind": "kestrel", "contoso": "marmot"}
"""Stands in all that a company has, and in nothing that anybody else ever says."""
INNER = {slug: f"{word}plume" for slug, word in WORDS.items()}
"""In what its members write where they are alone: its guests never see it."""
NOTE = "owlnote"
"""In what the desk notes for itself."""
EVERYBODY = {**CAST, **GUESTS}
BY_SLACK = {each.slack: each for each in EVERYBODY.values()}
BY_TEAMS = {guid(each.name): each for each in EVERYBODY.values()}
ASKS = {"auth.test", "users.info", "users.list", "conversations.info", "conversations.open", "conversations.replies"}
ASKS |= {"conversations.history", "conversations.members", "team.info", "apps.connections.open", "bots.info"}


def forbidden(who: str) -> set[str]:
    """What this person must never see."""
    me = EVERYBODY[who]
    others = {word for slug, word in WORDS.items() if slug != me.account} if me.account else set()
    return others | ({NOTE} if me.account else set()) | ({INNER[me.account]} if who in GUESTS else set())


def leaks(who: str, shown: str) -> list[str]:
    read = shown.lower()
    return [word for word in forbidden(who) if word in read]


class Watch:
    """Looks at whatever leaves for Slack and Teams, and who reads it there."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._slack, self._teams = desk, 0, 0

    def new(self) -> Iterator[tuple[str, str]]:
        """Each person with what they got to see since the last time."""
        slack, teams = self._desk.slack_far, self._desk.teams_far
        calls, self._slack = slack.calls[self._slack :], len(slack.calls)
        for call in calls:
            if call.method not in ASKS:
                yield from ((who, json.dumps(call.args)) for who in self._in_slack(call))
        acts, self._teams = teams.calls[self._teams :], len(teams.calls)
        for act in acts:
            if act.method in ("create", "send", "reply", "update"):
                yield from ((who, json.dumps(act.args)) for who in self._in_teams(act))

    def _in_slack(self, call: Any) -> list[str]:
        far, args = self._desk.slack_far, call.args
        one = args.get("user_id") or (args.get("user") if call.method == "chat.postEphemeral" else "")
        if call.method == "response_url":
            one = far.response_urls[call.token].user
        if "trigger_id" in args:
            one = far.triggers[args["trigger_id"]].user
        if "view_id" in args:
            one = far.views[args["view_id"]].user
        if one:
            return [BY_SLACK[one].name]
        place = args.get("channel") or args.get("channel_id")
        assert place, f"who reads a {call.method}?"
        return [BY_SLACK[each].name for each in far.place(place).members if each in BY_SLACK]

    def _in_teams(self, call: Any) -> list[str]:
        far = self._desk.teams_far
        if call.method == "create":
            members = [str(each.get("id", "")) for each in call.args.get("members", ())]
            return [each.name for user, each in BY_TEAMS.items() if any(user in one for one in members)]
        return [BY_TEAMS[each].name for each in far.place(parted(call.conversation)[0]).members if each in BY_TEAMS]


# What a company has -----------------------------------------------------------------------------------------------

RESTLESS = {"outbox", "card", "audit", "session", "sign_in", "conversation"}
"""What sending moves, and what tells of whoever acts."""


def belongings(work: Work, slug: str) -> dict[str, set[str]]:
    """Every row of a company, of its people and of its cases, by table."""
    session, account = work._session, work.find(Account, slug=slug)
    assert account is not None
    cases = set(session.execute(select(col(Case.id)).where(col(Case.account_id) == account.id)).scalars())
    people = set(session.execute(select(col(Person.id)).where(col(Person.account_id) == account.id)).scalars())
    whose = {"account_id": {account.id}, "case_id": cases, "person_id": people}
    found = {}
    for table in SQLModel.metadata.sorted_tables:
        columns = [table.c[name].in_(ids) for name, ids in whose.items() if name in table.c and ids]
        if table.name not in RESTLESS and columns:
            rows = session.execute(select(table).where(columns[0] if len(columns) == 1 else or_(*columns)))
            found[table.name] = {repr(tuple(row)) for row in rows}
    return found


def on_cases(rows: dict[str, set[str]]) -> list[set[str]]:
    """Of those, what is kept of cases."""
    return [rows.get(table, set()) for table in ("cases", "case_event", "agreement", "contract_change", "follower")]


def alike(answer: str, *named: str) -> str:
    """An answer without the names of forms and requests, without what it was asked about, and without figures."""
    answer = re.sub(r"\b[0-9a-f]{16,}\b|quote [0-9a-f]+", "", answer)
    for each in sorted(filter(None, named), key=len, reverse=True):
        answer = answer.replace(each, "…")
    return re.sub(r"\d+", "0", answer)
