"""What every act can rely on, whatever it does: once, whole or not at all, answered, and in time."""

import asyncio
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channel import Busy
from bot.dialogs.open_case import OpenCase
from bot.forms import ShowForm
from bot.incoming import LONGEST, Pressed, Said, clean
from bot.messages import Message
from bot.plain import plain
from rules.refusals import Refusal
from store.tables import Audit, Inbox
from store.work import Work
from tests.world import BROKEN, World


async def test_a_duplicate_changes_and_says_nothing(case: World) -> None:
    """C6."""
    assert "being worked on" in str(await case.says("sam", "take 1001", key="m1"))
    assert await case.says("sam", "take 1001", key="m1") == ""
    assert await case.says("eve", "take 1001", key="m2") == "There is no case #1001."
    assert await case.says("eve", "take 1001", key="m2") == ""  # a refusal is an answer too: owed once


async def test_one_report_delivered_eleven_times_at_once_is_one_case(desk: World) -> None:
    await asyncio.gather(*(desk.hear("ann", Said(BROKEN), key="m1") for _ in range(11)))
    await desk.delivery.deliver_all()
    assert len([text for text in desk.heard("ann") if text.startswith("Thank you")]) == 1
    assert await desk.ask_store(lambda work: len(work.live_between(0, 2000))) == 1


async def test_an_answer_given_at_once_is_the_same_on_redelivery(case: World) -> None:
    first = await case.presses_line("sam", "take 1001", key="p1", at_once=True)
    refused = await case.presses_line("cora", "take 1001", key="p2", at_once=True)
    assert str(refused).startswith("Sam Ortiz already works on case #1001.")
    await case.says("cora", "close 1001 Fixed")
    assert await case.presses_line("sam", "take 1001", key="p1", at_once=True) == first
    assert await case.presses_line("cora", "take 1001", key="p2", at_once=True) == refused
    assert "already works" not in "".join(case.heard("cora"))


async def test_two_people_closing_at_once_make_one_closing_and_one_refusal(case: World) -> None:
    shown = await asyncio.gather(
        case.hear("sam", Said("close 1001 Fixed by Sam"), at_once=True),
        case.hear("cora", Said("close 1001 Fixed by Cora"), at_once=True),
    )
    await case.delivery.deliver_all()
    texts = sorted(plain(message).partition("\n")[0] for message in shown if isinstance(message, Message))
    assert texts == [
        "Case #1001 is solved, awaiting the customer's confirmation, so that can't be done now.",
        "Done. Case #1001 is solved, awaiting the customer's confirmation.",
    ]
    assert len([text for text in case.heard("ann") if "says #1001 is solved" in text]) == 1


async def test_a_stale_button_acts_only_on_what_its_reader_saw(case: World) -> None:
    await case.says("sam", "close 1001 Fixed")
    await case.presses("ann", "No, not solved")
    await case.says("sam", "close 1001 Fixed otherwise")
    said = str(await case.presses_line("ann", "confirm 1001 r1"))
    assert said.startswith("Case #1001 has changed since you were asked.")
    assert said.endswith("[Yes, close it] [No, not solved]")
    assert "awaiting" in case.card()
    assert "is closed" in str(await case.presses_line("ann", "confirm 1001 r2"))


async def test_an_old_choice_answers_its_own_question_or_none(desk: World) -> None:
    await desk.says("ann", BROKEN)
    await desk.presses_line("ann", "answer 1 priority low")
    await desk.presses_line("ann", "answer 1 priority high")
    assert "Priority proposed: High" in desk.card()
    await desk.says("ann", "cancel")
    assert await desk.presses_line("ann", "answer 1 priority low") == "That question is no longer open."
    assert await desk.presses_line("ann", "answer 1 case 1002") == "That question is no longer open."


async def test_a_choice_cannot_reach_behind_the_questions(desk: World) -> None:
    """A forged line: hidden fields are nobody's to answer."""
    await desk.says("ann", BROKEN)
    assert await desk.presses_line("ann", "answer 1 case 1999") == "That question is no longer open."


async def test_two_messages_at_once_answer_two_questions(desk: World) -> None:
    """Typed text whose question moved meanwhile is understood once more."""
    await desk.says("ann", BROKEN)
    await asyncio.gather(desk.hear("ann", Said("Error 500")), desk.hear("ann", Said("high")))
    await desk.delivery.deliver_all()
    card = desk.card()
    assert ("Details: Error 500" in card and "Priority proposed: High" in card) or "Details: high" in card
    assert len([t for t in desk.heard("ann") if t.startswith("How bad is it?") or "Please choose" in t]) >= 1


async def test_a_refusal_undoes_what_was_begun_and_keeps_the_key(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(self: OpenCase, turn: object) -> Message:
        raise Refusal()

    await desk.says("ann", BROKEN)
    monkeypatch.setattr(OpenCase, "finish", half)
    for _ in range(3):
        said = await desk.says("ann", "skip", key=f"s{_}")
    assert said == "I can't do that."
    assert "Not all questions are answered." in desk.card()
    assert await desk.says("ann", "skip", key="s2") == ""


async def test_a_surprise_undoes_everything_and_shows_no_traceback(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OpenCase, "progress", classmethod(lambda cls, turn, answers: 1 / 0))
    said = str(await desk.says("ann", BROKEN))
    assert said.startswith("Something broke on our side and nothing was changed.")
    assert "zero" not in said
    assert "Traceback" not in said
    assert await desk.ask_store(lambda work: work.live_between(0, 2000)) == []


async def test_what_is_refused_as_foreign_leaves_an_audit_line(case: World) -> None:
    await case.says("eve", "/close 1001")
    await case.says("ann", "take 1001")
    found = await case.ask_store(lambda work: [work.find(Audit, what=w) for w in ("NoSuchCase", "NotForYou")])
    assert [(row.about, row.outcome) for row in found] == [("1001", "refused"), ("take", "refused")]


async def test_a_thousand_guesses_reveal_nothing(case: World) -> None:
    """Absent and forbidden read alike, by every verb that a customer has."""
    for verb in ("status", "reply", "confirm", "not-solved", "withdraw", "reopen", "escalate", "solved"):
        real = await case.presses_line("eve", f"{verb} 1001 x" if verb == "reply" else f"{verb} 1001", at_once=True)
        none = await case.presses_line("eve", f"{verb} 1777 x" if verb == "reply" else f"{verb} 1777", at_once=True)
        assert str(real).replace("1001", "N") == str(none).replace("1777", "N")


async def test_a_form_is_shown_while_the_writer_is_busy(sqlite_desk: World) -> None:
    gate, begun = threading.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def hold(work: Work) -> None:
        loop.call_soon_threadsafe(begun.set)
        gate.wait(10)

    busy = asyncio.create_task(sqlite_desk.store.write(hold))
    await begun.wait()
    shown = await asyncio.wait_for(sqlite_desk.hear("ann", Said("open"), forms=True, at_once=True), 5)
    assert not busy.done()
    gate.set()
    await busy
    assert isinstance(shown, ShowForm)


async def test_503_means_not_done_and_the_redelivery_is_the_first_time(
    sqlite_desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer is held up for longer than a vendor waits."""
    monkeypatch.setattr("bot.dispatch.PATIENCE", 0.3)
    gate = threading.Event()
    held = asyncio.create_task(sqlite_desk.store.write(lambda work: gate.wait(10)))
    with pytest.raises(Busy):
        await sqlite_desk.hear("ann", Said(BROKEN), key="late")
    gate.set()
    await held
    await sqlite_desk.store.write(lambda work: None)  # whatever was in line is over now
    assert await sqlite_desk.ask_store(lambda work: work.find(Inbox, key="late")) is None
    monkeypatch.setattr("bot.dispatch.PATIENCE", 2.5)
    assert "case #1001" in str(await sqlite_desk.says("ann", BROKEN, key="late"))


async def test_the_strangest_text_is_kept_as_it_can_be_kept(desk: World) -> None:
    """NUL and lone surrogates are refused by one database or the other."""
    await desk.does("ann", Said("a\0b\ud800c 🎫 " + "x" * 50_000))
    assert "This is case #1001" in desk.heard("ann")[0]
    details = await desk.ask_store(lambda work: work.glance(1001, None).details)
    assert details.startswith("ab?c 🎫 xxx")
    assert len(details) == LONGEST


async def test_numbers_beyond_every_database_are_just_absent(case: World) -> None:
    assert await case.says("ann", "status 999999999") == "There is no case #999999999."
    said = str(await case.says("ann", f"status {10**30}"))
    assert "went wrong" not in said
    assert "Something broke" not in said


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text())
def test_cleaned_text_fits_every_database(text: str) -> None:
    cleaned = clean(text, 100)
    assert "\0" not in cleaned
    assert len(cleaned) <= 100
    cleaned.encode("utf-8")
    assert clean(cleaned, 100) == cleaned


async def test_a_button_does_what_its_line_typed_does(case: World) -> None:
    pressed = await case.does("sam", Pressed("status 1001"))
    assert await case.does("sam", Said("status 1001")) == pressed


async def test_a_button_of_a_question_long_answered_answers_no_later_one(case: World) -> None:
    """A dialog's number is never given twice, on neither database."""
    old = next(button.line for post in case.posts("ann") for button in post.buttons if button.label == "Critical")
    await case.says("ann", "open: exports fail")
    assert await case.does("ann", Pressed(old)) == "That question is no longer open."
