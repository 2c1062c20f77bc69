"""What is tried on another company's things, and what those are called."""

from dataclasses import dataclass
from typing import Any

import hypothesis.strategies as st
from sqlmodel import SQLModel, select

from adapters.api.routes import ROUTES
from bot.commands import COMMANDS
from store.tables import Account, Attachment, Case, CaseEvent, Draft, Person
from store.work import Work
from tests.security.house import CAST, GUESTS

CUSTOMERS = tuple(name for name, each in CAST.items() if each.account)
MARKS = ("/", "", "!", "/case ", "/support ")
ABOUT = ("{n}", "#{n}", "case {n}", "{n} r1", "")
WORDS = (
    "", "it is urgent", "26 January 2027 10:00", "5", "priority-1", "quote-1", "slot-1", "high because it is",
    "covered because it is", "60 a new form", "yes", "auto", "sam@desk.example", "{mail}", "{mail} off", "{slug}",
    "{slug} base 3", "{slug} 2027-01-19", "{slug} they left", "this month {slug}", "open it is down", "1 add {n}",
    "{n}", "{n} r1", "{n} it is urgent", "page 2", "{p}", "all", "17 replay", "winning", "W46",
)  # fmt: skip
BESIDE = ("open {n} it is down", "answer {d} problem hello", "answer {d} words hello", "#{n}", "please close case {n}",
          "what is case {n} about?", "yes close {n}", "answer {d} case {n}", "new", "back", "skip")  # fmt: skip
LINES = st.one_of(
    st.builds(
        lambda mark, name, about, words: " ".join(f"{mark}{name} {about} {words}".split()),
        st.sampled_from(MARKS),
        st.sampled_from(sorted(COMMANDS)),
        st.sampled_from(ABOUT),
        st.sampled_from(WORDS),
    ),
    st.sampled_from(BESIDE),
)
"""Every line that there is, those of the desk too, and whatever else names something."""
WHO, DICE = st.sampled_from(CUSTOMERS), st.integers(0, 99)
SAYS = ("said", st.tuples(st.sampled_from((*CUSTOMERS, *GUESTS)), LINES, st.integers(0, 5), DICE))
ACTS = (
    SAYS,
    ("lives", st.tuples(WHO, st.integers(0, 9), st.none(), DICE)),
    ("forged", st.tuples(WHO, st.integers(0, 11), st.none(), DICE)),
    ("opened", st.tuples(WHO, st.integers(0, 99), st.booleans(), DICE)),
    SAYS,
    ("called", st.tuples(st.sampled_from(["ann", "eve"]), st.sampled_from(ROUTES), st.none(), DICE)),
    ("followed", st.tuples(WHO, st.integers(0, 7), st.none(), DICE)),
    SAYS,
)
"""Who, what, how, and about which of what the others have."""


@dataclass(frozen=True)
class Named:
    """What somebody says a thing is called; the twin of another's is what is not there."""

    n: int
    d: int
    p: int
    file: int
    slug: str
    mail: str
    key: str = ""
    receipt: str = ""
    files: tuple[int, ...] = ()

    def put(self, line: str) -> str:
        return line.format(n=self.n, d=self.d, p=self.p, slug=self.slug, mail=self.mail)

    @property
    def all(self) -> tuple[str, ...]:
        return (str(self.n), self.mail, self.slug)


NOTHING = Named(9909, 880_808, 880_808, 880_808, "nowhere", "nobody@nowhere.example", "slack:T1:none", "1.1")


def every(work: Work, kind: type[SQLModel], *columns: str) -> list[Any]:
    """As rows with those columns."""
    return list(work._session.execute(select(*(getattr(kind, name) for name in columns))))


def named_in(work: Work, slug: str, dice: int, who: str = "") -> Named:
    """Something of that company's members, or of one person's."""
    account = work.find(Account, slug=slug)
    everybody = every(work, Person, "id", "account_id", "guest")
    people = [each.id for each in everybody if each.account_id == account.id and not each.guest]
    by = [number_of(work, who)] if who else people
    cases = [each.id for each in every(work, Case, "id", "opened_by") if each.opened_by in by]
    drafts = [each.id for each in every(work, Draft, "id", "person_id") if each.person_id in people]
    files = [each.id for each in every(work, Attachment, "id", "case_id") if each.case_id in cases]
    events = [each for each in every(work, CaseEvent, "case_id", "said_as") if each.case_id in cases and each.said_as]
    said = events[dice % len(events)] if events else None
    one = work.person(people[dice % len(people)])
    key = str(said.said_as) if said else ""
    return Named(
        cases[dice % len(cases)],
        drafts[dice % len(drafts)] if drafts else 1,
        one.id,
        files[dice % len(files)] if files else 1,
        slug,
        one.email or f"x@{slug}.example",
        key,
        key.rpartition(":")[2] or "1.1",
        tuple(files),
    )


def number_of(work: Work, who: str) -> int:
    found = work.person_at(CAST[who].address)
    assert found is not None
    return found.id


def guest_of(work: Work, who: str) -> int:
    """0 while they have not said anything."""
    found = every(work, Person, "id", "name", "guest")
    return next((each.id for each in found if each.guest and each.name == GUESTS[who].full), 0)
