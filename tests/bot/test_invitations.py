"""An agreed time as a calendar's file, and the link that leads to it and to nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.invitations import LIVES, Invitation, Links
from rules.appointments import Slot
from tests.calendars import read

AT = datetime(2026, 1, 20, 15, tzinfo=UTC)
NOW = AT - timedelta(days=1)
LINKS = Links("https://desk.example", b"k" * 32)


def invitation(summary: str = "WebSan: #1001", name: str = "WebSan", cancelled: bool = False) -> Invitation:
    return Invitation("1001-1-a@x", Slot(AT), summary, (name, "support@websan.example"), NOW, cancelled)


def test_it_is_published_confirmed_and_lasts_an_hour_where_no_end_was_said() -> None:
    event = read(invitation().file())
    assert (event.method, event.status, event.sequence) == ("PUBLISH", "CONFIRMED", 0)
    assert (event.at, event.ends) == (AT, AT + timedelta(hours=1))
    assert event.organizer == ';CN="WebSan":mailto:support@websan.example'


def test_called_off_it_is_the_same_event_a_step_later() -> None:
    was, is_ = read(invitation().file()), read(invitation(cancelled=True).file())
    assert (is_.method, is_.status, is_.uid) == ("CANCEL", "CANCELLED", was.uid)
    assert is_.sequence > was.sequence


def test_nobody_is_asked_to_answer_by_mail() -> None:
    assert "ATTENDEE" not in read(invitation().file()).properties


@pytest.mark.parametrize("summary", ["a;b,c\\d", "a\nEND:VEVENT\r\nBEGIN:VALARM", "ü" * 200, "日" * 90, "x" * 75, ""])
def test_whatever_it_is_called_it_stays_one_event(summary: str) -> None:
    event = read(invitation(summary, name='We"b\r\nX:y').file())
    assert event.summary.split("\n") == (summary.splitlines() or [""])


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300), st.text(max_size=50))
def test_no_words_break_out_of_their_line(summary: str, name: str) -> None:
    read(invitation(summary, name.encode("utf-8", "replace").decode()).file())


def token(link: str) -> str:
    assert link.startswith("https://desk.example/appointments/")
    assert link.endswith(".ics")
    return link.removeprefix("https://desk.example/appointments/").removesuffix(".ics")


def test_a_link_names_one_time_of_one_case_for_a_while() -> None:
    made = token(LINKS.to(1001, 2, AT))
    assert LINKS.read(made, NOW) == (1001, 2, AT)
    assert LINKS.read(made, AT + LIVES - timedelta(seconds=1)) == (1001, 2, AT)
    assert LINKS.read(made, AT + LIVES) is None


def test_with_another_key_it_is_none() -> None:
    assert Links("https://desk.example", b"x" * 32).read(token(LINKS.to(1001, 2, AT)), NOW) is None


@pytest.mark.parametrize(("old", "new"), [("1001", "1002"), ("-2-", "-3-"), ("-2-1", "-2-9"), ("-2-", "--")])
def test_nobody_makes_another_one_of_it(old: str, new: str) -> None:
    made = token(LINKS.to(1001, 2, AT))
    assert LINKS.read(made.replace(old, new, 1), NOW) is None


@pytest.mark.parametrize("forged", ["", "-", "1001-2-0", "a-b-c-d", "1001-2-99999999999-", "ü-ü"])
def test_what_was_not_made_here_is_none(forged: str) -> None:
    assert LINKS.read(forged, NOW) is None
