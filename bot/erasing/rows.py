"""What goes of each row, and what stands in its place; of a message, wherever it was posted too."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot import text
from bot.attachments import GONE as FILE_GONE
from bot.delivery import joint
from bot.erasing.scrubbing import GONE, How, Scrub
from bot.erasing.subjects import Subject, alias_of, slug_of
from bot.messages import Message, from_json, to_json
from bot.plain import plain
from bot.turn import Turn
from rules.lifecycle import Verb
from rules.people import Actor, Role
from store.erasing import ACCOUNT, PERSON
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
class Page:
    """A unit of work's share of them, and what it did."""

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
        return blank(row.message)

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
            words = words if self.subject.staff else kept(row)
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


def blank(told: dict[str, Any]) -> dict[str, Any]:
    """What stands in a message's place."""
    was = from_json(told)
    return to_json(text.erased(Actor(0, "", Role.CUSTOMER, None, was.zone, language=was.language)))


def kept(event: CaseEvent) -> str:
    """Of what was written, what the machine reads again."""
    stars = _STARS.match(event.words) if event.verb is Verb.RATE else None
    return stars[0] if stars else Scrub().text(event.words, How.THEIRS)


CHANGES: dict[Any, Callable[[Page, Any], None]] = {
    Outbox: Page.message,
    Inbox: Page.act,
    RoomEntry: Page.entry,
    StoredArticle: Page.article,
    Draft: Page.draft,
    HeldAct: Page.held,
    Audit: Page.audited,
    Announcement: Page.announcement,
    SavedReply: Page.saved,
    Incident: Page.incident,
    Case: Page.case,
    CaseEvent: Page.event,
    Attachment: Page.attachment,
    Agreement: Page.agreement,
    Contract: Page.contract,
    Enquiry: Page.enquiry,
}
RECORDED = "journal"  # the room of the playground in which its sessions are recorded
COPIES = (Outbox, Inbox, RoomEntry, StoredArticle, Draft, HeldAct, Audit, Announcement, SavedReply, Incident)
SOURCES = (Case, CaseEvent, Attachment, Agreement, Contract, Enquiry)


CHANGING = (Inbox, RoomEntry, StoredArticle, Draft, HeldAct, Case, Agreement, Contract)
"""Whose rows change in place, or are in no order of time."""
