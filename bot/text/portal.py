"""What the portal's pages show of cases, worded for whoever reads them."""

from typing import TYPE_CHECKING, Any

from bot.messages import Message, Person, Spans
from bot.messages import Person as Named
from bot.shown.customers import Appointment, Happened, Row
from bot.text.answers import privacy
from bot.text.cards import what_happened
from bot.text.clauses import in_force
from bot.text.home import asked_by as asking
from bot.text.home import asks as asked_of
from bot.text.home import licences
from bot.text.values import ROLES, appointment, moment, response, status, with_
from bot.wording import Sentence, message, say, worded
from rules.people import CUSTOMERS, Actor, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.contracts import Standing
    from bot.desk.homes import Matter
    from bot.desk.views import CaseView
    from rules.catalogue import Provider, Terms
    from store.tables import CaseEvent
    from store.tables import Person as Somebody


def row(view: "CaseView", reader: Actor, waits: bool) -> Row:
    """``waits``: for a word of the reader's."""
    case, language = view.case, reader.language
    status_, with__, response_ = (worded(each, language) for each in (status(view), with_(view), response(view)))
    owed = case.owed
    return Row(
        case.id,
        case.subject,
        view.opener.name,
        case.status,
        status_,
        with__,
        response_,
        view.used() if owed else None,
        waits,
        moment(view, case.updated_at),
    )


def asks(matter: "Matter", reader: Actor) -> Message:
    return message(reader, asked_of(matter, reader), why=False)


def asked_by(matter: "Matter", reader: Actor) -> Spans:
    """Nothing where nobody did and no time says until when."""
    told = asking(matter)
    return worded(told, reader.language) if told else ()


def licensed(standing: "Standing", reader: Actor) -> Spans:
    return worded(licences(standing, reader), reader.language)


def planned(view: "CaseView", reader: Actor) -> Appointment:
    at = worded(appointment(view), reader.language)
    return Appointment(view.case.id, view.case.subject, at, view.case.slot_state == "agreed")


def event(view: "CaseView", one: "CaseEvent", author: "Somebody | None", reader: Actor) -> Happened:
    """Who did it is named as they were then; their role is ours to draw."""
    said = what_happened(view, one)
    role = author.role if author else Role.CLOCK
    about = {name: value for name, value in said.values.items() if name not in ("at", "who", "did")}
    words = worded(_words(about), reader.language) if about else ()
    did: Any = said.values["did"]
    mine = (role in CUSTOMERS) != reader.staff and role is not Role.CLOCK
    who = worded(Named(one.by_name, ROLES.get(role, "")), reader.language)[0]
    assert isinstance(who, Person), "a person stays one"
    return Happened(moment(view, one.at), who, worded(did, reader.language), words, mine, one.internal)


def _words(about: dict[str, Any]) -> Sentence:
    return Sentence("{level}: {words}" if "level" in about else "{words}", about)


def team(people: "Sequence[Somebody]", reader: Actor) -> tuple[Person, ...]:
    named = (worded(Named(one.name, ROLES[one.role]), reader.language)[0] for one in people)
    return tuple(each for each in named if isinstance(each, Person))


def terms_in_force(held: "list[tuple[Provider, Terms]]", reader: Actor) -> Message:
    return message(reader, *(in_force(provider, terms) for provider, terms in held), why=False)


def privacy_page(provider: "Provider", reader: Actor) -> Message:
    return message(reader, privacy(provider) or say("No privacy policy is published."), why=False)
