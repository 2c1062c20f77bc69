"""Forms and dialogs in Teams: what is filled in is a case, once, and a mistake loses no word."""

import pytest

from store.tables import Case, Inbox
from tests.adapters.teams.customers.chatting import told
from tests.asked import CHANGED, PROBLEM, URGENT, WHERE
from tests.teams.places import Posted, guid
from tests.teams.stage import ANN, Stage

REPORT = "The report is blank"


# The form ---------------------------------------------------------------------------------------------------------


async def form(stage: Stage, who: str = "ann") -> Posted:
    await stage.writes(who, "open")
    return stage.far.said(guid(who))[-1]


@pytest.mark.parametrize("submit", [False, True], ids=["Execute", "Submit"])
async def test_open_is_a_form_and_filled_in_a_case_with_everything_on_it(stage: Stage, submit: bool) -> None:
    asked = await form(stage)
    assert asked.questions == [PROBLEM, WHERE, URGENT, CHANGED]
    assert await stage.rows(Inbox) == []  # what may be left alone keeps nothing
    answers = {PROBLEM: REPORT, WHERE: "On every page", URGENT: "High", CHANGED: "We moved servers"}
    done = await stage.teams.fill(ANN, asked, submit=submit, values=answers)
    assert done.status == 200
    await stage.settle()
    case = await stage.case()
    assert (case.subject, case.details) == (REPORT, "On every page")
    assert (case.priority, case.changed, case.incomplete) == ("high", "We moved servers", False)
    assert "This is case #1001" in "\n".join(told(stage))
    assert stage.card(place=ANN)


async def test_a_form_that_was_sent_off_stands_there_no_longer(stage: Stage) -> None:
    asked = await form(stage)
    done = await stage.fills("ann", asked, **{PROBLEM: REPORT})
    assert done.card
    assert "Input" not in str(done.card)


@pytest.mark.parametrize("submit", [False, True], ids=["Execute", "Submit"])
async def test_a_mistake_is_shown_on_the_form_with_what_was_written(stage: Stage, submit: bool) -> None:
    asked = await form(stage)
    shown = len(stage.far.said(ANN))
    done = await stage.teams.fill(ANN, asked, submit=submit, values={PROBLEM: "x", WHERE: "Everywhere"})
    await stage.settle()
    assert await stage.rows(Case) == []
    again = stage.far.said(ANN)[-1] if submit else next(one for one in stage.far.said(ANN) if one.id == asked.id)
    card = again.card_for(ANN)
    assert "Please write a little more." in str(card)
    assert "Everywhere" in str(card)
    assert len(stage.far.said(ANN)) == shown + submit, "where it stands already, it is not said again"
    assert (done.card is None) is submit
    await stage.teams.fill(ANN, again, submit=submit, values={PROBLEM: REPORT})
    await stage.settle()
    case = await stage.case()
    assert (case.subject, case.details) == (REPORT, "Everywhere")


@pytest.mark.parametrize("submit", [False, True], ids=["Execute", "Submit"])
async def test_the_same_form_sent_off_twice_is_one_case(stage: Stage, submit: bool) -> None:
    """A client that did not hear that it arrived sends it once more, under another id."""
    asked = await form(stage)
    done = await stage.teams.fill(ANN, asked, submit=submit, values={PROBLEM: REPORT})
    again = await stage.teams.redeliver(done, 3, new_ids=True, together=True)
    await stage.settle()
    assert {one.status for one in (done, *again)} == {200}
    assert len(await stage.rows(Case)) == 1


async def test_a_form_that_still_stands_there_and_says_something_else_is_not_lost(stage: Stage) -> None:
    asked = await form(stage)
    await stage.teams.fill(ANN, asked, submit=True, values={PROBLEM: REPORT})
    await stage.teams.fill(ANN, asked, submit=True, values={PROBLEM: "The menu is gone as well"})
    await stage.settle()
    assert sorted(case.subject for case in await stage.rows(Case)) == sorted([REPORT, "The menu is gone as well"])


async def test_two_forms_from_one_card_are_two_acts(stage: Stage) -> None:
    """A card stands there for good: what is asked in its place each time is a form of its own."""
    await stage.writes("ann", "hello")
    posted = stage.far.said(ANN)[-1]
    button = {"type": "Action.Execute", "verb": "say", "data": {"say": "open"}}
    for _ in range(2):
        await stage.teams._executed(ANN, posted, button, {}, "manual")
        await stage.teams.fill(ANN, posted, values={PROBLEM: REPORT})
    await stage.settle()
    assert len(await stage.rows(Case)) == 2


# Dialogs ----------------------------------------------------------------------------------------------------------


async def dialog(stage: Stage, who: str = "ann") -> None:
    """By a button that opens one, such as the manifest and other cards may have."""
    await stage.writes(who, "hello")
    posted = stage.far.said(guid(who))[-1]
    await stage.teams._fetched(guid(who), posted, {"msteams": {"type": "task/fetch"}, "say": "open"})


async def test_a_dialog_asks_the_same_and_is_a_case(stage: Stage) -> None:
    await dialog(stage)
    assert stage.teams.dialog(ANN).questions == [PROBLEM, WHERE, URGENT, CHANGED]
    done = await stage.submits("ann", **{PROBLEM: REPORT, URGENT: "Low"})
    assert done.status == 200
    assert not stage.teams.has_dialog(ANN)
    assert done.words == "Thank you. That is all on case #1001; the desk has it."
    case = await stage.case()
    assert (case.subject, case.priority) == (REPORT, "low")
    assert "This is case #1001" in "\n".join(told(stage))


async def test_a_mistake_keeps_the_dialog_open_with_what_was_written(stage: Stage) -> None:
    await dialog(stage)
    await stage.submits("ann", **{PROBLEM: "x", WHERE: "Everywhere"})
    assert "Please write a little more." in stage.teams.dialog(ANN).words
    assert await stage.rows(Case) == []
    await stage.submits("ann", **{PROBLEM: REPORT})
    case = await stage.case()
    assert (case.subject, case.details) == (REPORT, "Everywhere")


async def test_a_dialog_sent_off_twice_is_one_case(stage: Stage) -> None:
    await dialog(stage)
    done = await stage.teams.submit(ANN, {PROBLEM: REPORT})
    again = await stage.teams.redeliver(done, 3, new_ids=True)
    await stage.settle()
    assert {one.status for one in (done, *again)} == {200}
    assert len(await stage.rows(Case)) == 1
