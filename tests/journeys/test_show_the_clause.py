"""Why the bot promises or refuses: what cites a clause shows it, in the terms that hold for whoever asks."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from bot.messages import Clause
from bot.wording import message, say
from rules.catalogue import Catalogues, Plan, Provider, Terms
from rules.people import Actor, Role
from tests.world import BROKEN, CATALOGUES, World

ANN, SAM = Actor(1, "Ann", Role.CUSTOMER, 1, "UTC"), Actor(2, "Sam", Role.AGENT, None, "UTC")


@pytest.mark.parametrize(
    ("asked", "clause"),
    [
        ("plan", "W16:"),
        ("price success 12", "W16:"),
        ("What are your support hours?", "W47:"),
        ("we want to cancel our contract", "W48:"),
        ("covered our Power BI report", "W32:"),
        (BROKEN, "W46:"),
    ],
)
async def test_what_cites_a_clause_has_one_button_that_shows_it(desk: World, asked: str, clause: str) -> None:
    """W46, W32: our wording, its id, the version of the terms and since when it holds."""
    await desk.says("ann", asked)
    shown = str(await desk.presses("ann", "Why"))
    assert f"{clause} {CATALOGUES.provider('websan').clauses[clause[:-1]].says}" in shown
    assert "WebSan, terms version 1, in force since Wed 8 Jan 2025." in shown


async def test_the_closing_question_and_a_quote_show_theirs(case: World) -> None:
    """W59, W24."""
    await case.says("sam", "cover 1001 time_and_materials It is new")
    await case.says("sam", "quote 1001 120 Two new reports")
    assert "W24: A change of more than an hour" in str(await case.presses("ann", "Why"))
    await case.presses("ann", "Accept the quote")
    await case.says("sam", "close 1001 Done")
    assert "W59: A case is closed when you say that it is." in str(await case.presses("ann", "Why"))


async def test_the_printed_words_stand_where_every_word_counts_and_nowhere_else(desk: World) -> None:
    """W39, W40, W41."""
    for id in ("W39", "W40", "W41"):
        assert "> Elite Service Provider" in str(await desk.says("ann", f"why {id}"))
    assert ">" not in str(await desk.says("ann", "clause w32"))


async def test_only_the_clauses_of_ones_own_provider_can_be_read(desk: World) -> None:
    """C1: another provider's reads like one that does not exist; the desk reads all."""
    for who, id in (("ann", "T12"), ("tess", "W32"), ("ann", "X99")):
        assert await desk.says(who, f"clause {id}") == f"There is no clause {id} in the terms that hold for you."
    both = str(await desk.says("sam", "clause W32, T12"))
    assert "W32: SSRS" in both
    assert "T12: Advice" in both
    await desk.says("ann", BROKEN)
    assert await desk.presses_line("eve", "clause 1001 W46") == "There is no case #1001."


async def test_a_case_keeps_the_terms_of_its_receipt_and_so_does_its_why(desk: World) -> None:
    """W36."""
    await desk.says("ann", BROKEN)
    desk.bot = replace(desk.bot, catalogues=_later())
    desk.passes(days=30)
    assert "terms version spring, in force since Sun 8 Feb 2026." in str(await desk.says("ann", "/clause W46"))
    assert "terms version 1, in force since Wed 8 Jan 2025." in str(await desk.presses("ann", "Why"))
    assert "terms version 1, in force since Wed 8 Jan 2025." in str(await desk.says("ann", "why 1001"))


def _later() -> Catalogues:
    """With new terms from February on."""
    plans: dict[str, Plan] = {}
    websan = CATALOGUES.provider("websan")
    terms = (*websan.terms, Terms("spring", date(2026, 2, 1), date(2026, 2, 8)))
    later: Provider = replace(websan, terms=terms, plans=MappingProxyType(plans))
    plans.update({id: replace(plan, provider=later) for id, plan in websan.plans.items()})
    return Catalogues({**CATALOGUES.providers, "websan": later})


async def test_why_tells_the_customer_the_clock_and_all_that_was_judged(desk: World) -> None:
    """R15, W46, W47, W32, W57, W45, W56."""
    await desk.says("ann", "Our SSRS invoice shows wrong totals")
    await desk.says("ann", "cancel")
    said = str(await desk.says("ann", "why 1001"))
    assert said.startswith("#1001 is due Mon 19 Jan 13:00 ET: 4 business hours from when it was received (W46).")
    assert "- Mon 19 Jan 09:00 ET to Mon 19 Jan 13:00 ET: 4 hours counted, 0 minutes to go" in said
    assert "Coverage: This looks excluded; it can be done by time and materials if you accept an estimate. SSRS" in said
    assert "(W32) A person will confirm it.\nPriority: not said (W57)\nEligibility: looks eligible" in said
    await desk.says("sam", "priority 1001 high They invoice tomorrow")
    await desk.says("sam", "cover 1001 covered It is an ordinary view")
    said = str(await desk.says("ann", "why 1001"))
    assert "Coverage: covered, as a person judged (W37).\n" in said, "no clause of its kind says so"
    assert "(W45)" in said
    assert "has no due time" in await _of_terrasoft(desk)


async def _of_terrasoft(desk: World) -> str:
    await desk.says("tess", BROKEN)
    await desk.says("tess", "cancel")
    said = str(await desk.says("tess", "why 1002"))
    assert "(T3)" in said
    assert "Terrasoft, terms version 1" in said
    return said


def test_a_button_is_for_customers_and_not_for_pictures() -> None:
    """The desk has the line; a card has "why 1042"."""
    cites = say("So it is ({clause}).", clause=Clause("W46"))
    assert len(message(ANN, cites).parts) == 2
    assert len(message(ANN, cites, why=False).parts) == len(message(SAM, cites).parts) == 1
    assert len(message(ANN, say("So it is.")).parts) == 1


async def test_a_picture_of_a_case_has_no_such_button(case: World) -> None:
    assert "(W46)" in str(await case.says("ann", "status 1001"))
    assert "[Why]" not in str(await case.says("ann", "status 1001"))
    assert "[Why]" not in str(await case.says("sam", "show 1001"))
    assert "[Why]" not in case.card()
