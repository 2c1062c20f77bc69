"""Takes a person, or a company with its people, out of everything that the desk keeps and has posted.

First they are nobody here any more, so that nothing of theirs is added; then the copies (messages, answers, rooms,
articles), while it is known what to look for; then the cases themselves; then the copies that came meanwhile, until
there are none; last the people. Each page is a unit of work of its own. Whoever is interrupted runs it again: what is
done stays done, and until the last unit they are there to be named.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot import text
from bot.attachments import GONE as FILE_GONE
from bot.delivery import joint
from bot.messages import Message, from_json, to_json
from bot.plain import plain
from bot.scrubbing import GONE, How, Scrub
from bot.subjects import PAGE, Subject, address_of, again, alias_of, slug_of, some
from bot.turn import Now, Turn
from rules.catalogue import Catalogues
from rules.lifecycle import Verb
from rules.people import CLOCK, Actor, Role
from store.erasing import ACCOUNT, PERSON
from store.store import Store
from store.tables import (
    Agreement,
    Announcement,
    Attachment,
    Audit,
    Case,
    CaseEvent,
    Contract,
    Draft,
    Enquiry,
    HeldAct,
    Inbox,
    Incident,
    Outbox,
    RoomEntry,
    SavedReply,
    StoredArticle,
)
from store.work import Work

LONG = 2_500  # characters of a message that a vendor may have been sent in several pieces, of which we know the first
OVERWRITES = "erase "  # how the keys begin of what stands in the place of something erased
_STARS = re.compile(r"[1-5](?=\s|$)")
Counts = Counter[str]


@dataclass
class Report:
    changed: Counts = field(default_factory=Counter)
    """Rows, by table."""
    unreached: Counts = field(default_factory=Counter)
    files: set[str] = field(default_factory=set)
    """Articles that were written from their cases."""
    contents: set[str] = field(default_factory=set)
    """Of kept files of theirs, by sha256; another file may still have the same."""


@dataclass
class Erasure:
    """``do``: otherwise it is only counted what would be done."""

    store: Store
    catalogues: Catalogues
    clock: Callable[[], Now]
    subject: Subject
    do: bool
    report: Report = field(default_factory=Report)
    _ended: dict[Any, Any] = field(default_factory=dict)
    """Where the last pass over each table did."""
    _left: frozenset[int] = frozenset()

    async def run(self) -> Report:
        while await self._nobody():
            for kinds in (COPIES, SOURCES, COPIES):
                await self._settle(kinds)
        if self.do:
            await self._people()
        else:
            await self._settle((*COPIES, *SOURCES))
        self.report.changed["person"] = len(self.subject.people)
        self.report.changed["account"] = int(self.subject.kind == ACCOUNT)
        return self.report

    async def _nobody(self) -> bool:
        """Whether there is anybody, be it met since, of whom more than the row may be here."""
        new = self.subject.people - self._left if self.do else frozenset()
        for numbers in some(sorted(new)):
            await self.store.write(_leave, numbers, self.clock())
        self._left |= new
        self._ended.clear()
        if self.do:
            found = await self.store.read(again, self.subject)
            found.scrub.also(self.subject.scrub)  # which knows words that are gone by now
            self.subject = found
        return bool(new)

    async def _settle(self, kinds: Sequence[Any]) -> None:
        """Others go on writing: once more from where it ended, until nothing of theirs came meanwhile."""
        while True:
            before = self.report.changed.copy()
            for kind in kinds:
                self._ended[kind] = await self._each(kind, self._ended.get(kind))
            if not self.do or self.report.changed == before:
                return

    async def _each(self, kind: Any, after: Any) -> Any:
        while True:
            counted, unreached, files, contents, last = await self._run(_page, kind, after)
            self.report.changed += counted
            self.report.unreached += unreached
            self.report.files |= files
            self.report.contents |= contents
            if last is None:
                return None if kind in CHANGING else after
            after = last

    async def _people(self) -> None:
        """Their names first, since cards are drawn with them; whom they are found by, last."""
        subject, people = self.subject, sorted(self.subject.people)
        for numbers in some(people):
            await self.store.write(_rename, subject, numbers)
        carded = await self.store.read(Work.carded, people)
        for numbers in some(sorted(subject.scrub.cases | carded)):
            await self.store.write(_redraw, numbers, self.clock())
        last = {subject.number} if subject.kind == PERSON else set[int]()
        for numbers in some(sorted(subject.people - last)):
            await self.store.write(_forget, numbers, self.clock())
        await self.store.write(_end, subject, last, self.clock())
        await self.store.write(Work.forget_rooms, self.clock().machine)

    async def _run(self, unit: Any, *given: Any) -> Any:
        run = self.store.write if self.do else self.store.read
        return await run(unit, self.subject, self.catalogues, self.clock(), self.do, *given)


def _page(work: Work, subject: Subject, catalogues: Catalogues, now: Now, do: bool, kind: Any, after: Any) -> Any:
    changing = _Page(Turn(work, catalogues, CLOCK, now, now.business), subject, do)
    rows = work.rows_after(kind, after, PAGE)
    keys = [work.key_of(row) for row in rows]
    for row in rows:
        CHANGES[kind](changing, row)
    found = (changing.counts, changing.unreached, changing.files, changing.contents)
    return *found, keys[-1] if keys else None


@dataclass
class _Page:
    turn: Turn
    subject: Subject
    do: bool
    counts: Counts = field(default_factory=Counter)
    unreached: Counts = field(default_factory=Counter)
    files: set[str] = field(default_factory=set)
    contents: set[str] = field(default_factory=set)

    @property
    def work(self) -> Work:
        return self.turn.work

    @property
    def at(self) -> datetime:
        return self.turn.time.machine

    def put(self, row: Any, **values: Any) -> bool:
        """Whether any of it differs."""
        different = {name: value for name, value in values.items() if getattr(row, name) != value}
        if different:
            self.counts[row.__tablename__] += 1
            if self.do:
                for name, value in different.items():
                    setattr(row, name, value)
                self.work.add(row)
        return bool(different)

    def text(self, words: Any, how: How) -> Any:
        return self.subject.scrub.text(words, how) if words else words

    def of_case(self, case: int | None) -> How:
        if case is not None and case in self.subject.scrub.cases:
            return How.CASE
        return How.ABOUT if case is not None and case in self.subject.company else self.subject.elsewhere

    # The copies

    def message(self, row: Outbox) -> None:
        if (row.key or "").startswith(OVERWRITES):
            return  # our own
        subject, lanes = self.subject, self.subject.lanes
        if row.conversation_id in lanes.own:
            how = How.THEIRS
        elif row.case_id is not None:
            how = self.of_case(row.case_id)
        else:
            how = How.DESK if row.conversation_id in lanes.desk else subject.elsewhere
        whispered = row.only_for is not None and row.only_for.casefold() in subject.scrub.ids
        said = self.scrubbed(row, How.THEIRS if whispered else how)
        more = {"only_for": self.text(row.only_for, How.OTHERS), "dead": self.text(row.dead, How.OTHERS)}
        key, thread = self.text(row.key, How.OTHERS), self.text(row.thread, How.OTHERS)
        stood, length = said != row.message, len(plain(from_json(row.message))) if said != row.message else 0
        self.put(row, message=said, **more, key=key, thread=thread)
        if row.done_at is None and how is How.THEIRS and self.do:
            self.work.withdraw(row, self.at)
        if stood:
            self.overwrite(row, length, whispered)

    def scrubbed(self, row: Outbox, how: How) -> dict[str, Any]:
        if how is not How.THEIRS:
            return self.subject.scrub.message(row.message, how)
        was = from_json(row.message)
        return to_json(text.erased(Actor(0, "", Role.CUSTOMER, None, was.zone, language=was.language)))

    def overwrite(self, row: Outbox, length: int, whispered: bool) -> None:
        """In its channel, through the lane like any message: one that is down is tried again."""
        lane, arrived = row.conversation_id, row.receipt is not None
        if not arrived and not row.unsure:
            return
        if lane in self.subject.lanes.mail:
            self.unreached["mails"] += 1
        elif lane in self.subject.lanes.webhooks:
            self.unreached["webhooks"] += 1
        elif row.only_for or whispered:
            self.unreached["whispers"] += 1
        elif lane in self.subject.lanes.web:
            return  # that room is ours: see ``entry``
        elif self.subject.staff and lane not in self.subject.lanes.own | self.subject.lanes.desk:
            self.unreached["names"] += 1
        else:
            self.counts["overwritten"] += 1
            self.unreached["long"] += length > LONG
            if self.do:
                self._replace(row)

    def _replace(self, row: Outbox) -> None:
        first, rows = row.joins or row.id, self.work.left_with(row.joins) if row.joins else [row]
        how = How.THEIRS if row.conversation_id in self.subject.lanes.own else self.of_case(row.case_id)
        whole: Message = joint([from_json(self.scrubbed(each, how)) for each in rows])
        key = f"{OVERWRITES}{first} {self.at:%Y%m%d%H%M%S}"
        self.turn.owe(
            row.conversation_id,
            whole,
            row.case_id,
            thread=row.thread,
            under_card=row.under_card,
            key=key,
            replaces=first,
        )

    def act(self, row: Inbox) -> None:
        """What was answered at once; and an act whose key says whose it was."""
        if self.subject.scrub.has(row.key):
            self.counts["inbox"] += 1
            if self.do:
                self.work.drop(row)
        elif row.answer and "parts" in row.answer:
            self.put(row, answer=self.subject.scrub.message(row.answer, How.DESK))

    def entry(self, row: RoomEntry) -> None:
        """Their own rooms go whole, and so does a session's record, which tells everybody's; elsewhere what they said
        there, and what quotes them."""
        scrub, entry = self.subject.scrub, dict(row.entry)
        if row.room in self.subject.rooms or row.room == RECORDED:
            self.counts["room_entry"] += 1
            if self.do:
                self.work.drop(row)
            return
        theirs = str(entry.get("by", "")).casefold() in {user.casefold() for user in self.subject.rooms}
        how = self.of_case(entry.get("case")) if entry.get("case") else How.DESK
        if theirs:
            entry |= {"by": self.subject.alias, "text": GONE, "shown": "", "answers": {}}
        exact = scrub.message(entry, how)
        if exact != row.entry:
            self.counts["room_entry"] += 1
            if self.do:
                self.work.keep_entry(row.room, row.key, exact, row.thread)

    def article(self, row: StoredArticle) -> None:
        drafted = row.case_id is not None and row.case_id in self.subject.scrub.cases
        ours = self.subject.kind == ACCOUNT and row.account is not None and row.account == self._slug()
        if row.file is not None and row.retired_at is None and (drafted or ours):
            self.files.add(row.file)
            return  # whoever edits that folder decides, and the next version follows
        if drafted or ours:
            slug = slug_of(self.subject.number) if ours else row.account
            gone = {"title": GONE, "description": "", "body": GONE, "tags": []}
            self.put(row, **gone, account=slug, retired_at=row.retired_at or self.at)
        elif row.file is None:
            words = {name: self.text(getattr(row, name), How.DESK) for name in ("title", "description", "body")}
            self.put(row, **words)

    def _slug(self) -> str:
        return self.work.account(self.subject.number).slug

    def draft(self, row: Draft) -> None:
        if row.person_id not in self.subject.people:
            self.put(row, answers=self.subject.scrub.message(row.answers, How.DESK))

    def held(self, row: HeldAct) -> None:
        if row.person_id not in self.subject.people:
            self.put(row, words=self.text(row.words, self.of_case(row.case_id)))

    def audited(self, row: Audit) -> None:
        theirs = row.person_id is not None and row.person_id in self.subject.people
        self.put(row, about=self.text(row.about, How.ABOUT if theirs else How.DESK))

    def announcement(self, row: Announcement) -> None:
        self.put(row, words=self.text(row.words, How.DESK))

    def saved(self, row: SavedReply) -> None:
        self.put(row, words=self.text(row.words, How.DESK))

    def incident(self, row: Incident) -> None:
        self.put(row, title=self.text(row.title, How.DESK))

    # The sources

    def case(self, row: Case) -> None:
        theirs = row.id in self.subject.scrub.cases and not self.subject.staff
        about = self.of_case(row.id)
        if theirs:
            words = {"subject": GONE, "details": None, "changed": None, "eligibility_reason": None}
        else:
            names = ("subject", "details", "changed", "eligibility_reason")
            words = {name: self.text(getattr(row, name), about) for name in names}
        self.put(
            row, **words, force_reason=self.text(row.force_reason, about), thread=self.text(row.thread, How.OTHERS)
        )

    def event(self, row: CaseEvent) -> None:
        theirs = row.person_id is not None and row.person_id in self.subject.people
        name, words = row.by_name, self.text(row.words, self.of_case(row.case_id))
        if theirs:
            name = alias_of(PERSON, row.person_id or 0)
            words = words if self.subject.staff else _kept(row)
        said_as = None if theirs else self.text(row.said_as, How.OTHERS)
        by_name = name if theirs else self.text(name, self.of_case(row.case_id))
        self.put(row, words=words, by_name=by_name, said_as=said_as)

    def attachment(self, row: Attachment) -> None:
        """Of their own all goes, its content too; of others' what its name says of them."""
        theirs = row.by_id is not None and row.by_id in self.subject.people
        if (theirs or row.case_id in self.subject.scrub.cases) and not self.subject.staff:
            self.contents |= {row.sha256} if row.sha256 else set()
            gone = {"name": GONE, "media_type": "", "size": None, "source": None, "link": "", "sha256": None}
            self.put(row, **gone, ref="", state=FILE_GONE, reason="", next_at=None)
        else:
            self.put(row, name=self.text(row.name, self.of_case(row.case_id)))

    def agreement(self, row: Agreement) -> None:
        self.put(row, terms=self.text(row.terms, self.of_case(row.case_id)))

    def contract(self, row: Contract) -> None:
        mine = row.account_id == self.subject.account
        self.put(row, ended_reason=self.text(row.ended_reason, How.ABOUT if mine else self.subject.elsewhere))

    def enquiry(self, row: Enquiry) -> None:
        how = How.ABOUT if row.account_id == self.subject.account else self.subject.elsewhere
        self.put(row, question=self.text(row.question, How.THEIRS if row.person_id in self.subject.people else how))


def _kept(event: CaseEvent) -> str:
    """Of what they wrote, what the machine reads again."""
    stars = _STARS.match(event.words) if event.verb is Verb.RATE else None
    return stars[0] if stars else Scrub().text(event.words, How.THEIRS)


CHANGES: dict[Any, Callable[[_Page, Any], None]] = {
    Outbox: _Page.message,
    Inbox: _Page.act,
    RoomEntry: _Page.entry,
    StoredArticle: _Page.article,
    Draft: _Page.draft,
    HeldAct: _Page.held,
    Audit: _Page.audited,
    Announcement: _Page.announcement,
    SavedReply: _Page.saved,
    Incident: _Page.incident,
    Case: _Page.case,
    CaseEvent: _Page.event,
    Attachment: _Page.attachment,
    Agreement: _Page.agreement,
    Contract: _Page.contract,
    Enquiry: _Page.enquiry,
}
RECORDED = "journal"  # the room of the playground in which its sessions are recorded
COPIES = (Outbox, Inbox, RoomEntry, StoredArticle, Draft, HeldAct, Audit, Announcement, SavedReply, Incident)
SOURCES = (Case, CaseEvent, Attachment, Agreement, Contract, Enquiry)


CHANGING = (Inbox, RoomEntry, StoredArticle, Draft, HeldAct, Case, Agreement, Contract)
"""Whose rows change in place, or are in no order of time."""


def _leave(work: Work, people: Sequence[int], now: Now) -> None:
    """Waits for what they are just doing; what they do from then on comes from a stranger."""
    for number in people:
        person = work.hold_person(number)
        if person.left_at is None:
            person.left_at = now.business
            work.add(person)


def _rename(work: Work, subject: Subject, people: Sequence[int]) -> None:
    for number in people:
        person = work.person(number)
        person.name = alias_of(PERSON, number)
        work.add(person)
    if subject.kind == ACCOUNT:
        account = work.account(subject.number)
        account.name = subject.alias
        work.add(account)


def _redraw(work: Work, cases: Sequence[int], now: Now) -> None:
    for number in cases:
        work.refresh_cards(number, now.machine)


def _forget(work: Work, people: Collection[int], now: Now) -> None:
    for number in sorted(people):
        person = work.person(number)
        if person.email:
            work.bury(PERSON, person.email, now.machine)
        work.forget_lanes(work.own_rooms(person), now.machine)
        for identity in work.identities(number):
            work.forget_entries([identity.user, f"mail:{identity.user}"])
            work.revoke(identity, now.machine)
        work.forget_person(person)
        person.email = address_of(number)
        person.zone = person.language = person.conversation_id = person.deputy_until = None
        person.licensed = person.nominated = person.contact_person = person.any_hour = False
        person.erased_at = now.business
        work.add(person)


def _end(work: Work, subject: Subject, people: Collection[int], now: Now) -> None:
    """Last of all, and together: from now on it is done, and nobody finds them any more."""
    work.forget_entries(subject.rooms)
    work.forget_lanes(subject.lanes.own, now.machine)
    _forget(work, people, now)
    if subject.kind == ACCOUNT:
        account = work.account(subject.number)
        work.bury(ACCOUNT, account.slug, now.machine)
        work.forget_account(account)
        account.slug, account.custom_code, account.users = slug_of(account.id), False, None
        work.add(account)
    about = f"{subject.kind} {subject.number}"
    work.audit(at=now.business, person_id=None, what="erase", about=about, outcome="done")
