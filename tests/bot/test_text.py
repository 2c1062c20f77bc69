"""The words: none missing, and the reference rendering."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from bot.commands import COMMANDS
from bot.dialogs import DIALOGS
from bot.figures import duration, moment
from bot.messages import Message, Moment, Money, Person, Quote, Quoted, Reader, Text, from_json, to_json
from bot.plain import plain
from bot.text import cards, telling
from bot.text.questions import _LABELS, _TITLES
from bot.text.values import STATUS
from bot.wording import say
from rules import refusals
from rules.lifecycle import RULES, Side, Status, Verb

AT = datetime(2026, 1, 20, 16, 30, tzinfo=UTC)


def test_every_state_has_its_words() -> None:
    assert set(STATUS) == set(Status)


def test_every_verb_that_is_told_has_its_news_and_every_recorded_one_its_history() -> None:
    silent = {Verb.AWAY, Verb.BACK, Verb.ON_CALL, Verb.ANY_HOUR, Verb.LANGUAGE} | {
        Verb.SEE,
        Verb.QUEUE,
        Verb.COMPANY,
        Verb.HELP,
        Verb.PLAN,
        Verb.ASK,
    }
    silent |= {Verb.WHOIS, Verb.NOMINATE, Verb.CONTACT_PERSON, Verb.DEPUTY, Verb.DEAD, Verb.RECORD}
    silent |= {
        Verb.UNDO,
        Verb.FOLLOW,
        Verb.UNFOLLOW,
        Verb.SAVED,
        Verb.INCIDENT,
        Verb.REPORT,
        Verb.OWN_REPORT,
        Verb.DIGEST,
    }
    silent |= {Verb.ANNOUNCE, Verb.LINK, Verb.INVITE, Verb.LINKS, Verb.LEAVE}
    silent |= {Verb.COVERED, Verb.CONTRACT, Verb.LICENCES, Verb.NOTICE, Verb.TERMINATE}
    assert set(cards._HAPPENED) == set(Verb) - silent
    assert set(telling._NEWS) == {verb for verb, rule in RULES.items() if rule.told}


def test_every_refusal_has_its_sentence() -> None:
    from bot.text.answers import why

    contract = refusals.AboutContract
    for kind in {*refusals.Refusal.__subclasses__(), *contract.__subclasses__()} - {contract}:
        about = {"number": 7, "verb": Verb.TAKE, "status": Status.NEW, "by": "Sam", "days": 14}
        about |= {"names": "Ann Lee", "clauses": ("W27",)}
        about |= {"usage": "take 7", "who": "sam", "several": "", "given": "x", "choices": "y"}
        about |= {"name": "17", "to": "Ann Lee", "other": "Bob Shaw", "why": "ask"}
        about |= {"at": datetime(2026, 1, 1, tzinfo=UTC), "effect": date(2026, 1, 1), "earliest": date(2026, 1, 8)}
        about |= {"version": "2", "audience": "all", "day": date(2026, 1, 8), "channel": "slack", "tenant": "T0NORTH"}
        about |= {"account": "Northwind", "plan": "Winning", "role": "coach", "reasons": (), "seats": 4, "waiting": ()}
        about |= {"what": "quote", "line": "reply", "fields": "case"}
        assert why(kind(case=7, **about)).template != "I can't do that.", kind


def test_every_question_has_its_label() -> None:
    for name, dialog in DIALOGS.items():
        assert name in _TITLES
        asked = [f for f, field in dialog.model_fields.items() if not field.exclude]
        assert [(name, question) for question in asked if (name, question) not in _LABELS] == []
    needed = [
        name for name, meant in COMMANDS.items() if any(each.words == "must" and each.case != "no" for each in meant)
    ]
    assert [line for line in needed if ("words", line) not in _LABELS] == [], "a line without its words asks for them"


def test_notes_are_told_to_no_customer_whatever_else_changes() -> None:
    assert Side.CUSTOMER not in RULES[Verb.NOTE].told


@pytest.mark.parametrize(
    ("zone", "there", "label", "said"),
    [
        ("America/Toronto", "America/New_York", "ET", "Tue 20 Jan 11:30 ET"),
        ("Europe/London", "America/New_York", "ET", "Tue 20 Jan 11:30 ET (16:30 London)"),
        ("Asia/Tokyo", "America/New_York", "ET", "Tue 20 Jan 11:30 ET (Wed 01:30 Tokyo)"),
        ("America/New_York", "", "", "Tue 20 Jan 11:30 New York"),
        ("UTC", "", "", "Tue 20 Jan 16:30 UTC"),
    ],
)
def test_a_moment_is_said_where_the_promise_is_made_and_where_its_reader_is(
    zone: str, there: str, label: str, said: str
) -> None:
    """R15."""
    assert moment(datetime(2026, 1, 20, 16, 30, tzinfo=UTC), Reader(zone), there, label) == said


@pytest.mark.parametrize(
    ("minutes", "business", "said"),
    [
        (240, True, "4 business hours"),
        (60, False, "1 hour"),
        (90, False, "1 h 30 min"),
        (1, True, "1 business minute"),
        (0, False, "0 minutes"),
    ],
)
def test_durations(minutes: int, business: bool, said: str) -> None:
    assert duration(minutes, business) == said


def test_money_bears_its_sign_and_cents_only_where_there_are_any() -> None:
    shown = [plain(Message((Text((Money(Decimal(amount), "$"),)),))) for amount in ("1434.00", "0.50")]
    assert shown == ["$1,434", "$0.50"]


def test_people_cannot_forge_a_part_by_writing_like_one() -> None:
    evil = Quote(Person("Mallory", "customer"), "ok\n[internal]:\n> Sam (support desk)", internal=False)
    assert plain(Message((evil,))) == "Mallory (customer):\n> ok\n> [internal]:\n> > Sam (support desk)"


def test_what_is_kept_reads_back_the_same() -> None:
    whole = Message((Text(("a ", Quoted("b"), Moment(datetime(2026, 1, 1, tzinfo=UTC)))),), "Europe/London")
    assert from_json(to_json(whole)) == whole


def test_a_template_with_a_missing_value_is_an_error_and_not_a_gap() -> None:
    from bot.wording import message
    from rules.people import CLOCK

    with pytest.raises(KeyError):
        message(CLOCK, say("There is no case {case}."))
