"""Whatever somebody says, presses, opens or calls: of another company's they see nothing and change nothing.

A random life of two companies in Slack and Teams, on the portal and by the API, in which everybody tries everything on
what is not theirs. Each try is made twice, of what is another's and of what is not there: the answers are one.
"""

import asyncio
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import hypothesis.strategies as st
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from bot import records, reports
from bot.attachments import FileLinks
from bot.commands import COMMANDS
from bot.desk.reporting import Wanted
from bot.incoming import Address, Deleted, Edited, Incoming, Picked, Pressed, Reacted, Said, SentOn, Submitted, User
from bot.invitations import Links
from rules.reports import Period
from store.store import open_store
from store.tables import Account, Case, Draft
from store.work import Work
from tests.faults.plan import sized
from tests.security.house import CAST, GUESTS, PLACES, SECRET, Desk, Page, kept, opened
from tests.security.probes import ACTS, CUSTOMERS, NOTHING, Named, every, guest_of, named_in, number_of
from tests.security.reading import EVERYBODY, INNER, NOTE, Watch, alike, belongings, leaks, on_cases
from tests.teams.places import guid

T = TypeVar("T")
PROBES, FEW, STEPS = 10_000, 12, 100
OTHER = {"northwind": "contoso", "contoso": "northwind"}


@dataclass
class Tally:
    probes: Counter[str] = field(default_factory=Counter)
    names: set[str] = field(default_factory=set)


TALLY = Tally()


class Companies(RuleBasedStateMachine):
    desk: Desk | None = None

    def __init__(self) -> None:
        super().__init__()
        self._runner, self._forgeries = asyncio.Runner(), 0
        self._kept: dict[str, dict[str, set[str]]] = {}
        self._folder = Path(tempfile.mkdtemp(prefix="isolation-"))

    @rule(act=st.one_of(st.none(), *(st.tuples(st.just(name), given) for name, given in ACTS)))
    def goes_on(self, act: tuple[str, tuple[Any, ...]] | None) -> None:
        """None: a moment passes, which costs nothing. One rule, as hypothesis leaves out some of many at a time."""
        if act is not None:
            name, (who, what, more, dice) = act
            self._do({"lives": self._lives}.get(name, partial(self._tries, name))(who, what, more, dice))

    async def _tries(self, name: str, who: str, what: Any, more: Any, dice: int) -> None:
        way: Any = getattr(self, f"_{name}")
        # for a message of one's own there is another answer, and here any is called that
        one = name != "forged" or what not in (0, 1, 7, 8, 11)
        if name == "said" and (who in GUESTS or more < 2) and not what.startswith(("/", "!")):
            one = not re.search("{[^n]", what)  # other words may well mean something else
        TALLY.names |= set(re.findall(r"[a-z-]+", str(what))) & set(COMMANDS) if name == "said" else set()
        await self._twice(name, who, dice, partial(way, who, what, more), one, str(what))

    def teardown(self) -> None:
        if self.desk is not None:
            self._do(self._end())
        self._runner.close()
        shutil.rmtree(self._folder)

    # The world ------------------------------------------------------------------------------------------------------

    def _do(self, doing: Coroutine[Any, Any, T]) -> T:
        if self.desk is None:
            self._runner.run(self._begin())
        return self._runner.run(doing)

    async def _begin(self) -> None:
        shutil.copy(TEMPLATE[0], self._folder / "desk.db")
        store = open_store(f"sqlite:///{self._folder}/desk.db")
        self._open = opened(store, self._folder, limited=False)
        self.desk = await self._open.__aenter__()
        self.watch = Watch(self.desk)
        for who in CUSTOMERS:
            await self._in_teams(who, "help")  # so that something stands there with buttons
            for step in (0, 1, 2, 3) if CAST[who].nominated else (0,):
                await self._lives(who, step, None, 0)
        for who in GUESTS:
            await self._in_slack(who, "My own page is blank")
        for who in self.desk.tokens:
            await self._finds_its_own(who)

    async def _finds_its_own(self, who: str) -> None:
        """What is looked for is there, by the very ways that others try."""
        desk, inner, [n, *_] = self._desk, INNER[CAST[who].account], await self._cases_of(CAST[who].account, who)
        [file] = (await desk.store.read(named_in, CAST[who].account, 0, who)).files
        link = records.link(self._links, n, _reader(await desk.store.read(number_of, who)), desk.house.clock().business)
        for page in (
            await desk.gets(who, f"/portal/cases/{n}"),
            await desk.gets(who, f"/portal/cases/{n}/files/{file}"),
            await desk.calls(who, "GET", f"/cases/{n}"),
            await desk.calls(who, "GET", f"/cases/{n}/files"),
            await desk.gets("", link.removeprefix("https://desk.example")),
        ):
            assert (page.status, inner in page.text) == (200, True), page
            assert leaks(who, page.text) == []

    @property
    def _links(self) -> Links:
        return Links("https://desk.example", SECRET.encode())

    async def _end(self) -> None:
        assert self.desk is not None
        await self._open.__aexit__(None, None, None)
        await self.desk.store.close()

    async def _lives(self, who: str, step: int, _: None, dice: int) -> None:
        desk, me = self._desk, CAST[who]
        self._kept.pop(me.account, None)
        inner, mine = INNER[me.account], await self._cases_of(me.account, who)
        n = mine[dice % len(mine)] if mine else 0
        match step:
            case 0:
                await self._in_slack(who, f"open The {inner} form is broken since this morning")
            case 1:
                await self._of_sam(f"/note {n} {NOTE} of {inner}")
                await self._of_sam(f"/quote {n} 60 {inner} by hand")
            case 2:
                await self._of_sam(f"/reply {n} We look at {inner}")
                await desk.says(who, back="/cases", line=f"schedule {n} 26 January 2027 10:00")
            case 3:
                await self._files(who, n, inner)
            case 4:
                await self._in_teams(who, f"reply {n} {inner} again")
            case 5:
                await self._of_sam(f"/close {n} {inner} is whole")
            case 6:
                await self._in_teams(who, f"/confirm {n}")
            case 7:
                await self._of_sam(f"/merge {n} {mine[0]}")
            case 8:
                await self._in_slack(who, f"/reopen {n} {inner}")
            case _:
                await self._in_slack(who, f"/escalate {n} {inner}")
        await desk.settle()
        self._look(who, "")

    async def _of_sam(self, line: str) -> None:
        sam, slack = CAST["sam"].slack, self._desk.slack
        await kept(slack, await slack.message(sam, sam, line))

    async def _files(self, who: str, n: int, inner: str) -> None:
        from aiohttp import FormData

        form = FormData(default_to_multipart=True)
        said = {"line": f"reply {n}", "words": inner, "back": "/cases", "key": f"file-{n:08}-{who}"}
        for name, value in said.items():
            form.add_field(name, value)
        form.add_field("files", f"{inner} inside".encode(), filename=f"{inner}.txt", content_type="text/plain")
        await self._desk.sends(who, "/portal/say", form)
        await self._desk.keeps()

    @property
    def _desk(self) -> Desk:
        assert self.desk is not None, "opened by the first step"
        return self.desk

    async def _cases_of(self, slug: str, who: str = "") -> list[int]:
        def numbers(work: Work) -> list[int]:
            account = work.find(Account, slug=slug)
            by = work.person_at(CAST[who].address) if who in CAST else None
            found = (
                each for each in every(work, Case, "id", "account_id", "opened_by") if each.account_id == account.id
            )
            return sorted(each.id for each in found if by is None or each.opened_by == by.id)

        return await self._desk.store.read(numbers)

    # One try --------------------------------------------------------------------------------------------------------

    async def _twice(self, kind: str, who: str, dice: int, does: Any, one: bool = True, about: str = "") -> None:
        """``one``: whether both answers are to be one."""
        desk, mine = self._desk, EVERYBODY[who].account
        theirs = mine if who in GUESTS and dice % 2 else OTHER[mine]  # guests see nothing of their own company's either
        await self._leave_question(who)
        other = await desk.store.read(named_in, theirs, dice)
        before, answers = await self._all_there_is(), []
        for named in (NOTHING, other):
            shown = await does(named)
            await desk.settle()
            self._look(who, shown)
            answers.append(alike(shown, *NOTHING.all, *other.all))
            await self._leave_question(who)
        TALLY.probes[kind] += 1
        self._kept.clear()
        now = await self._all_there_is()
        assert now[OTHER[mine]] == before[OTHER[mine]], f"another company's was changed by {about or kind}"
        if one and on_cases(now[mine]) == on_cases(before[mine]):  # else it was said of a case of their own
            assert answers[0] == answers[1], f"{about} is answered otherwise where it is another's"

    async def _all_there_is(self) -> dict[str, dict[str, set[str]]]:
        for slug in OTHER:
            if slug not in self._kept:
                self._kept[slug] = await self._desk.store.read(belongings, slug)
        return dict(self._kept)

    def _look(self, who: str, shown: str) -> None:
        """Whatever anybody got to see on account of it."""
        assert leaks(who, shown) == [], shown
        assert "Something broke" not in shown, shown
        for reader, text in self.watch.new():
            assert leaks(reader, text) == [], f"{reader} reads {text}"

    async def _leave_question(self, who: str) -> None:
        def open_ones(work: Work) -> list[tuple[str, str]]:
            me = guest_of(work, who) if who in GUESTS else number_of(work, who)
            found = every(work, Draft, "person_id", "conversation_id", "thread")
            return [(work.place(each.conversation_id).channel, each.thread) for each in found if each.person_id == me]

        for channel, thread in await self._desk.store.read(open_ones):
            how = {"slack": self._in_slack, "teams": self._in_teams}.get(channel)
            await (how(who, "/cancel", thread) if how else self._desk.says(who, back="/cases", line="cancel"))

    async def _said(self, who: str, said: str, way: int, named: Named) -> str:
        line = named.put(said)
        if who in GUESTS or way == 0:
            return await self._in_slack(who, line)
        if way == 1:
            return await self._in_teams(who, line)
        if way == 2:
            slack, me = self._desk.slack, CAST[who].slack
            done = await kept(slack, await slack.command(me, me, "/case", line.lstrip("/!")))
            return str((done.json or {}).get("text", ""))
        if way == 3:
            return await self._pressed_in_slack(who, line.lstrip("/!"))
        if way == 4:
            return await self._pressed_in_teams(who, line.lstrip("/!"))
        return _main(await self._desk.says(who, back="/cases", line=line.lstrip("/!")))

    async def _in_slack(self, who: str, line: str, thread: str = "") -> str:
        """Guests are in their company's channel alone."""
        desk, me = self._desk, EVERYBODY[who]
        place = PLACES[me.account] if who in GUESTS else me.slack
        bot = desk.slack.bot(place)
        text = f"<@{bot}> {line}" if who in GUESTS else line
        before = len(desk.slack_far.calls)
        await kept(desk.slack, await desk.slack.message(me.slack, place, text, thread))
        await desk.settle()
        said = (call.args for call in desk.slack_far.calls[before:] if call.method.startswith("chat.post"))
        heard = (each for each in said if each.get("user") == me.slack or each["channel"] == self._own(me.slack))
        return "\n".join(str(each.get("text", "")) for each in heard)

    def _own(self, user: str) -> str:
        return self._desk.slack_far.place(user).id

    async def _in_teams(self, who: str, line: str, thread: str = "") -> str:
        desk = self._desk
        before = len(desk.teams_far.said(guid(who)))
        await kept(desk.teams, await desk.teams.message(guid(who), guid(who), line))
        await desk.settle()
        return "\n".join(each.words for each in desk.teams_far.said(guid(who))[before:])

    async def _pressed_in_slack(self, who: str, line: str) -> str:
        desk, me = self._desk, CAST[who]
        shown = [each for each in desk.slack_far.messages(me.slack) if each.buttons][-1]
        button = shown.buttons[0]
        shown = replace(shown, blocks=[{"type": "actions", "block_id": "b", "elements": [{**button, "value": line}]}])
        before = len(desk.slack_far.calls)
        await kept(desk.slack, await desk.slack.press(me.slack, shown, line))
        await desk.settle()
        new = desk.slack_far.calls[before:]
        said = [call.args for call in new if call.method in ("chat.postMessage", "response_url")]
        return "\n".join(str(each["text"]) for each in said if each.get("channel", "") in ("", self._own(me.slack)))

    async def _pressed_in_teams(self, who: str, line: str) -> str:
        desk = self._desk
        standing = desk.teams_far.said(guid(who))
        done = await kept(desk.teams, await desk.teams._submitted(guid(who), standing[-1], {"say": line}))
        await desk.settle()
        return str(done.words) + "\n".join(each.words for each in desk.teams_far.said(guid(who))[len(standing) :])

    async def _forged(self, who: str, kind: int, _: None, named: Named) -> str:
        me, bot = CAST[who], self._desk.house.bot
        own = Address("slack", "T1", self._own(me.slack))
        theirs = Address("slack", "T1", self._own(CAST["ann" if me.account == "contoso" else "eve"].slack))
        user, at = User(me.slack, ("T1",)), bot.clock().business
        bodies: tuple[Any, ...] = (
            Edited("let me in", named.key),
            Deleted(named.key),
            Reacted("take"),
            Reacted("resolve"),
            Pressed(f"answer {named.d} problem hello"),
            Submitted("open_case", {"problem": "hello"}, named.d),
            Submitted("words", {"words": "hello"}, named.d),
            Picked("let me in", User(me.slack), at, named.key),
            SentOn(User(me.slack), named.key),
            Said(f"/status {named.n}"),
            Said("this is urgent"),
            Deleted(named.key, ("F1",)),
        )
        self._forgeries += 1
        here = theirs if kind in (2, 3, 9) else own
        given: dict[str, Any] = {
            "quotes": named.receipt,
            "personal": here.room == own.room,
            "private": own,
            "visible": kind == 10,
        }
        act = Incoming(f"forged {self._forgeries}", user, here, bodies[kind], at, at_once=True, **given)
        return str(await bot.hear(act))

    async def _opened(self, who: str, page: int, own: bool, named: Named) -> str:
        paths = _pages(self._desk)
        path = paths[page % len(paths)]
        number = named.n
        if own and "{file}" in path:  # their own case, and another's file
            number = (await self._cases_of(CAST[who].account, who) or [1])[0]
        path = path.format(number=number, file=named.file, slug=named.slug, name="x", token="x" * 20, rest="x")
        return _main(await self._desk.gets(who, path))

    async def _called(self, who: str, route: Any, _: None, named: Named) -> str:
        body = {"words": {"text": "hello"}, "confirm": {"resolution": 1}}.get(route.path.rpartition("/")[2], {})
        if route.path == "/cases":  # what they ask for in its filters
            done = await self._desk.calls(who, "GET", f"/cases?before={named.n}&limit=5")
            return str(done.status) if done.status == 200 and not leaks(who, done.text) else done.text
        done = await self._desk.calls(who, route.method, route.path.format(number=named.n), body or None)
        return f"{done.status} {done.text}"

    async def _followed(self, who: str, kind: int, _: None, named: Named) -> str:
        desk, now = self._desk, self._desk.house.clock().business
        links, reader = self._links, await desk.store.read(number_of, who)
        mine = (await self._cases_of(CAST[who].account, who) or [9910])[0]
        record = records.link(links, mine, _reader(reader), now).rpartition("/")[2].removesuffix(".json")
        wanted = Wanted(reader, str(named.p), Period(now.date(), now.date(), "UTC"))
        file = FileLinks("https://desk.example", b"another key of the same length, guessed").to(named.file, now)
        paths = (
            f"/records/{record.replace(str(mine), str(named.n), 1)}.json",
            records.link(links, named.n, _reader(reader), now).removeprefix("https://desk.example"),
            reports.link(links, wanted, now).removeprefix("https://desk.example"),
            f"/reports/{record.replace(str(mine), str(named.n), 1)}",
            file.removeprefix("https://desk.example"),
            f"/files/{named.file}-{record.partition('-')[2]}",
            f"/appointments/{named.n}-1-{record.partition('-')[2]}.ics",
            f"/records/{named.n}-{named.p}-9999999999-{'0' * 40}.json",
        )
        done = await desk.gets("", paths[kind])
        return f"{done.status} {done.text}"


def _reader(number: int) -> Any:
    from rules.people import Actor, Role

    return Actor(number, "", Role.CUSTOMER, None, "UTC")


def _pages(desk: Desk) -> list[str]:
    """Of the portal, whatever there is."""
    routes = desk.house.app.router.routes()
    found = {str(each.resource.canonical) for each in routes if each.resource and each.method == "GET"}
    return sorted(path for path in found if path.startswith("/portal") and "live" not in path)


def _main(page: Page) -> str:
    """The answer that a page begins with, or all of it where something is refused."""
    return f"{page.status} {page.text.partition('<main')[2]}" if "<main" in page.text else f"{page.status} {page.text}"


TEMPLATE: list[Path] = []


def test_of_another_company_nobody_sees_or_changes_anything(migrated_sqlite: Path) -> None:
    TEMPLATE[:] = [migrated_sqlite]
    wanted = sized(PROBES) if "SUPPORTHUB_TEST_TRIALS" in os.environ else FEW
    steps = min(STEPS, wanted * 10 // 6)
    how = settings(
        max_examples=1 + -(-wanted * 10 // (steps * 6)),  # the simplest life is one of them, some steps are no tries
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],  # a shorter life that fails as well costs more than it tells
    )
    try:
        run_state_machine_as_test(Companies, settings=how)
    finally:
        print(f"isolation: {TALLY.probes.total()} tries of {dict(TALLY.probes)}, with {len(TALLY.names)} verbs")
    assert TALLY.probes.total() >= (wanted if wanted == PROBES else wanted // 2)
    assert wanted < PROBES or TALLY.names == set(COMMANDS), "every verb was tried"
