"""Cards: drawn once for many changes, before what belongs under them, after everything else."""

from datetime import timedelta

from store.sending import Fate
from store.tables import Card
from store.work import Work
from tests.store.sender import NOW, Sender, said


async def test_a_message_under_a_card_waits_for_the_cards_first_sending(lanes: Sender) -> None:
    await lanes.owe("desk", "news", under_card=True, case_id=1001)
    await lanes.want_card()
    card = await lanes.claim_one()
    assert isinstance(card.row, Card)
    await lanes.settle(card, lanes.later(seconds=30))
    await lanes.owe("bob", "other")
    assert await lanes.sends() == ["other"]
    lanes.passes(seconds=30)
    await lanes.settle(await lanes.claim_one(), Fate(receipt="the card"))
    news = await lanes.claim_one()
    assert said(news) == "news"
    assert news.thread == "the card"


async def test_a_card_that_failed_at_first_takes_nobodys_turn(lanes: Sender) -> None:
    await lanes.want_card()
    await lanes.owe("desk", "news", under_card=True, case_id=1001)
    await lanes.settle(await lanes.claim_one(), lanes.later(seconds=30))
    lanes.passes(seconds=1)
    await lanes.owe("bob", "other")
    tries = [said(one) for _ in range(3) for one in await lanes.claim(limit=1)]
    assert tries == ["other"]


async def test_a_card_that_failed_does_not_keep_what_was_held_back(lanes: Sender) -> None:
    await lanes.want_card()
    await lanes.owe("desk", "held", after=10)
    await lanes.settle(await lanes.claim_one(), lanes.later(seconds=600))
    lanes.passes(seconds=10)
    assert await lanes.sends() == ["held"]


async def test_a_head_that_failed_does_not_keep_a_warning_that_was_held_back(lanes: Sender) -> None:
    await lanes.owe("cora", "one")
    await lanes.owe("cora", "warning", after=10, warning=True)
    await lanes.settle(await lanes.claim_one(), lanes.later(seconds=600))
    lanes.passes(seconds=10)
    assert await lanes.sends() == ["warning"]


async def test_a_message_whose_card_is_dead_goes_without_it(lanes: Sender) -> None:
    await lanes.want_card()
    await lanes.owe("desk", "news", under_card=True, case_id=1001)
    await lanes.settle(await lanes.claim_one(), Fate(dead="too long"))
    news = await lanes.claim_one()
    assert (said(news), news.thread) == ("news", "")


async def test_of_a_card_wanted_three_times_one_is_drawn(lanes: Sender) -> None:
    for _ in range(3):
        await lanes.want_card()
    assert await lanes.sends() == ["card 1001"]
    await lanes.want_card()
    assert await lanes.sends() == ["card 1001"]


async def test_a_card_wanted_anew_while_it_is_being_drawn_is_drawn_once_more(lanes: Sender) -> None:
    await lanes.want_card()
    drawn = await lanes.claim_one()
    for _ in range(2):
        await lanes.want_card()
    await lanes.settle(drawn)
    assert await lanes.sends() == ["card 1001"]


async def test_cards_yield_to_messages(lanes: Sender) -> None:
    await lanes.want_card(case=1001)
    await lanes.want_card(case=1002)
    await lanes.owe("desk", "one")
    await lanes.owe("desk", "under the second", under_card=True, case_id=1002)
    assert await lanes.sends() == ["one", "card 1002", "under the second", "card 1001"]


async def test_a_case_has_its_card_anew_wherever_it_has_one(lanes: Sender) -> None:
    for room in ("desk", "desk two"):
        await lanes.want_card(room)
    await lanes.want_card("desk", case=1002)
    await lanes.sends()
    await lanes.store.write(Work.refresh_cards, 1001, lanes.now)
    claimed = await lanes.claim()
    assert sorted((one.place.room, said(one)) for one in claimed) == [("desk", "card 1001"), ("desk two", "card 1001")]


async def test_a_cards_age_is_that_of_its_last_change(lanes: Sender) -> None:
    """Or the live card of an old case would be given up at its first failure."""
    await lanes.want_card()
    await lanes.sends()
    lanes.passes(days=2)
    await lanes.want_card()
    lanes.passes(hours=1)
    await lanes.want_card()
    assert (await lanes.claim_one()).row.owed_at == NOW + timedelta(days=2)
