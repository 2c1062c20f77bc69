"""Where a channel threads, what follows about a case stands under the first message about it."""

from store.sending import Fate
from store.work import Work
from tests.store.sender import LEASE, Sender, said


async def threads(lanes: Sender, receipts: str = "p") -> list[tuple[str, str]]:
    """Everything that is due in a channel that threads, each with the thread in which it is to stand."""
    found: list[tuple[str, str]] = []
    while claimed := await lanes.store.write(Work.claim, lanes.now, LEASE, 16, (), ("fake",)):
        for one in claimed:
            found.append((said(one), one.thread))
            assert await lanes.settle(one, Fate(receipt=f"{receipts}{len(found)}"))
    return found


async def test_where_a_channel_threads_what_follows_about_a_case_stands_under_the_first(lanes: Sender) -> None:
    await lanes.owe("ann", "one", "two", case_id=1001)
    await lanes.owe("ann", "of another case", case_id=1002)
    await lanes.owe("ann", "of no case")
    await lanes.owe("ann", "three", case_id=1001)
    await lanes.owe("ann", "more of it", case_id=1002)
    assert await threads(lanes) == [
        ("one", ""),
        ("two", "p1"),
        ("of another case", ""),
        ("of no case", ""),
        ("three", "p1"),
        ("more of it", "p3"),
    ]


async def test_where_a_channel_does_not_everything_stands_in_the_room(lanes: Sender) -> None:
    await lanes.owe("ann", "one", "two", case_id=1001)
    await lanes.settle(await lanes.claim_one())
    assert (await lanes.claim_one()).thread == ""


async def test_each_place_has_its_own_first_message_about_a_case(lanes: Sender) -> None:
    await lanes.owe("ann", "one", case_id=1001)
    assert await threads(lanes, "a") == [("one", "")]
    await lanes.owe("bob", "one", "two", case_id=1001)
    assert await threads(lanes, "b") == [("one", ""), ("two", "b1")]


async def test_what_names_its_thread_stands_there_and_begins_none(lanes: Sender) -> None:
    await lanes.owe("ann", "one", case_id=1001, thread="t1")
    await lanes.owe("ann", "two", "three", case_id=1001)
    assert await threads(lanes) == [("one", "t1"), ("two", ""), ("three", "p2")]


async def test_warnings_stand_in_the_room_and_not_in_a_thread(lanes: Sender) -> None:
    await lanes.owe("ann", "one", case_id=1001)
    assert await threads(lanes) == [("one", "")]
    await lanes.owe("ann", "warning", case_id=1001, warning=True)
    await lanes.owe("ann", "two", case_id=1001)
    assert await threads(lanes, "later ") == [("warning", ""), ("two", "p1")]


async def test_a_whisper_stands_in_the_room_and_nothing_under_it(lanes: Sender) -> None:
    """Nobody else sees it, and it is gone when its reader's page is loaded anew."""
    await lanes.owe("desk", "for Sam", case_id=1001, only_for="sam")
    await lanes.owe("desk", "one", "two", case_id=1001)
    await lanes.owe("desk", "for Sam again", case_id=1001, only_for="sam")
    assert await threads(lanes) == [("for Sam", ""), ("one", ""), ("two", "p2"), ("for Sam again", "")]


async def test_a_dead_letter_begins_no_thread(lanes: Sender) -> None:
    await lanes.owe("ann", "one", case_id=1001)
    await lanes.settle(await lanes.claim_one(), Fate(dead="blocked"))
    await lanes.owe("ann", "two", "three", case_id=1001)
    assert await threads(lanes) == [("two", ""), ("three", "p1")]


async def test_what_belongs_under_a_card_stands_under_the_card(lanes: Sender) -> None:
    await lanes.want_card()
    await lanes.owe("desk", "one", case_id=1001, under_card=True)
    await lanes.owe("desk", "warning", case_id=1001, under_card=True, warning=True)
    assert await threads(lanes) == [("card 1001", ""), ("warning", "p1"), ("one", "p1")]
