"""Words about what is covered: which of them ask for it, and that the bot says what ``explain coverage`` says."""

import pytest

from bot.desk import CaseRef
from bot.desk.covering import effort as effort_named
from bot.dialogs.changes import effort
from bot.forms import Mistake
from bot.plain import plain
from bot.text.coverage import verdict
from bot.understanding.intent_guess import SURE, Wanted, guess
from bot.understanding.intents import Begin, Do, Scene
from bot.understanding.router import route
from bot.wording import message
from rules.catalogue import Kind
from rules.coverage import coverage
from rules.people import Actor, Role
from tests.world import CATALOGUES

ANN = Actor(1, "Ann", Role.CUSTOMER, 1, "America/Toronto", True)


@pytest.mark.parametrize("plan", CATALOGUES.plans.values(), ids=lambda plan: plan.id)
@pytest.mark.parametrize("kind", [*Kind, None])
def test_the_bot_and_explain_say_the_same_sentence(plan, kind):
    """W37: one function, one wording."""
    for minutes in (None, 61):
        found = coverage(plan, kind, minutes, outage=kind is Kind.HARDWARE)
        assert plain(message(ANN, verdict(found, plan.provider), why=False)) == found.sentence


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Is this covered: our Power BI report. It is empty", "our Power BI report. It is empty"),
        ("would this be included in our plan - rename a field", "rename a field"),
        ("Would you fix our Power BI report?", "Would you fix our Power BI report?"),
        ("Do you repair plug-ins?", "Do you repair plug-ins?"),
        ("Is an SSRS report covered by our contract?", "Is an SSRS report covered by our contract?"),
        ("does our plan cover phase 2", "does our plan cover phase 2"),
        ("Are we covered for hardware?", "Are we covered for hardware?"),
    ],
)
def test_who_asks_whether_something_is_covered_is_told(text, asked):
    assert route(text, Scene(ANN)) == Do("covered", None, asked)
    assert (guess(text).intent, guess(text).confidence >= SURE) == (Wanted.ENTITLEMENTS, True)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Would you fix our quote form?", "open_case"),
        ("Would you please fix the Power BI report, it is broken", "open_case"),
        ("The quote form is covered by the ribbon", "open_case"),
        ("Power BI report is broken", "open_case"),
        ("Are we covered?", "plan"),
        ("What is covered in our plan?", "plan"),
        ("Is weekend support covered?", "fact"),
    ],
)
def test_nobody_else_is(text, wanted):
    found = route(text, Scene(ANN))
    assert isinstance(found, Begin | Do)
    assert (found.dialog if isinstance(found, Begin) else found.command) in (wanted, "unsure")


def test_under_a_case_the_same_words_are_for_the_case():
    assert route("is a plug-in covered?", Scene(ANN, case=1001)) == Do("reply", CaseRef(1001), "is a plug-in covered?")


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("60", 60),
        ("up to an hour", 60),
        ("about 20 min", 20),
        ("1.5 hours", 90),
        ("2h", 120),
        ("more than an hour", "more"),
        ("don't know", None),
        ("skip", None),
        ("passer", None),
    ],
)
def test_a_length_of_time_is_read_as_people_say_it(said, minutes):
    """W23."""
    assert effort(said) == minutes


@pytest.mark.parametrize("said", ["0", "blue", "-5", "99999", "in 3 days"])
def test_what_is_no_length_of_time_is_asked_for_again(said):
    with pytest.raises(Mistake):
        effort(said)


@pytest.mark.parametrize(
    ("said", "minutes"),
    [("a tweak of 90 minutes", 90), ("rename it, 20 min", 20), ("2 hours of work", 120), ("Phase 2 more", None)],
)
def test_a_question_may_name_the_work(said, minutes):
    """W19, W24."""
    assert effort_named(said) == minutes
