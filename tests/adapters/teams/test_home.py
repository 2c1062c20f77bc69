"""The home and the queue in Teams: one card, whose filters and pages change it where it stands."""

import pytest

from tests.journeys.test_home import many
from tests.teams.places import guid
from tests.teams.stage import Stage, plain_of
from tests.world import BROKEN

ANN, SAM = guid("ann"), guid("sam")


async def stands(stage: Stage, what: str, place: str, who: str = "sam") -> str:
    """The words of the card as this person sees it after that button of it was pressed."""
    posted = stage.with_button(what, place)
    done = await stage.presses(who, what, place)
    assert done.card
    shown = stage.teams._seen(posted).card_for(guid(who))
    assert shown == done.card
    return str(done.card["fallbackText"])


@pytest.mark.parametrize("line", ["home", "queue"])
async def test_filters_and_pages_change_the_card_in_place(stage: Stage, line: str) -> None:
    await stage.world.store.write(many, stage.world.time, 25, "Matter")
    await stage.writes("sam", line)
    before = len(stage.said(SAM))
    assert "Page 1 of" in plain_of(stage.far.said(SAM)[-1])
    assert "Page 2 of" in await stands(stage, "Next", SAM)
    assert "25 in the queue" in await stands(stage, "Unassigned", SAM)
    assert "Unassigned" in await stands(stage, "Mine", SAM), "nothing is like that, and the way back stands there"
    assert "#1003 Northwind: 2 Matter" in await stands(stage, "All", SAM)
    assert len(stage.said(SAM)) == before


async def test_what_is_no_view_of_the_card_is_a_message_below_it(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    await stage.writes("sam", "home")
    assert "#1001 Northwind" in await stands(stage, "Unassigned", SAM)
    await stage.presses("sam", "Show", SAM)
    assert stage.said(SAM)[-1].startswith("#1001: The quote form")


async def test_where_clients_know_no_execute_the_next_view_is_a_message(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    await stage.writes("sam", "home")
    before = len(stage.said(SAM))
    await stage.presses("sam", "At risk", SAM, submit=True)
    assert "No case is like that." in stage.said(SAM)[before:][-1]


async def test_a_customers_home_gives_the_word_that_is_waited_for(stage: Stage) -> None:
    await stage.writes("ann", BROKEN)
    await stage.writes("ann", "cancel")
    await stage.writes("sam", "close 1001 Fixed")
    await stage.writes("ann", "home")
    assert "1 case waits for you" in stage.said(ANN)[-1]
    await stage.presses("ann", "Yes, close it", ANN)
    assert (await stage.case()).status == "closed"
    await stage.writes("sam", "home")
    assert "The desk has 0 open cases" in stage.said(SAM)[-1]
