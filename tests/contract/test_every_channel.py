"""The same desk in every channel: each passes all of this, by its own means on both ways."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from bot.channel import Outgoing, Undeliverable
from bot.incoming import Address
from bot.languages import languages
from bot.messages import (
    Bar,
    Button,
    Buttons,
    CaseNumber,
    Clause,
    Code,
    Count,
    Day,
    Duration,
    Facts,
    Item,
    Items,
    Link,
    Message,
    Moment,
    Money,
    Percent,
    Person,
    Picture,
    Printed,
    Quote,
    Quoted,
    Text,
)
from store.store import Store
from tests.contract.sides import DESK_ROOM, SIDES, Side, line, seen, texts, told
from tests.world import BROKEN, MONDAY


@pytest.fixture(params=sorted(SIDES))
async def side(request: pytest.FixtureRequest, store: Store) -> AsyncIterator[Side]:
    async with SIDES[request.param](store) as opened:
        yield opened


async def test_one_whole_case(side: Side) -> None:
    await side.says("ann", BROKEN)
    [receipt, question] = await told(side, "ann")
    assert receipt.startswith("Thank you, Ann Lee. This is case #1001.\nPlan: Success with CRM\n")
    assert "13:00 ET" in receipt
    assert question.startswith("What exactly happens")
    await side.says("ann", "Error 500")
    await side.presses("ann", await line(side, "ann", "High"))
    await side.presses("ann", await line(side, "ann", "Skip"))
    await side.presses("sam", await line(side, DESK_ROOM, "Take"), room=DESK_ROOM)
    await side.says("sam", "reply 1001 Looking into it")
    await side.says("sam", "note 1001 nobody out there reads this")
    await side.says("sam", "close 1001 Fixed")
    await side.presses("ann", await line(side, "ann", "Yes, close it"))
    said = await told(side, "ann")
    assert said[-1].startswith("Thank you. Case #1001 is closed.")
    assert "Sam Ortiz (support desk):\n> Looking into it" in "\n".join(said)
    assert "Ann Lee (customer):\n> " + BROKEN in "\n".join(await texts(side, DESK_ROOM))
    assert "nobody out there" not in "\n".join(said)
    [card] = [text for text in await texts(side, DESK_ROOM) if text.startswith("#1001:")]
    assert "Status: closed, confirmed by the customer" in card


async def test_each_contact_is_written_to_in_their_own_language(side: Side) -> None:
    await side.says("ann", "language fr")
    await side.says("ann", BROKEN)
    [receipt, question] = (await told(side, "ann"))[-2:]
    assert receipt.startswith("Merci, Ann Lee. Votre dossier porte le numéro #1001.\nForfait\u00a0: Success with CRM\n")
    assert "lun. 19 janv. 13 h 00 HE, soit 4 heures ouvrables" in receipt
    assert question.startswith("Que se passe-t-il exactement")
    await side.presses("ann", await line(side, "ann", "Passer"))
    await side.says("bob", "status 1001")
    assert "Status: new" in (await texts(side, "bob"))[-1]
    [card] = [text for text in await texts(side, DESK_ROOM) if text.startswith("#1001:")]
    assert "Status: new" in card


async def test_a_colleagues_request_is_handed_over_by_a_button(side: Side) -> None:
    """W27."""
    await side.says("bob", BROKEN)
    assert "Requests of your company come from Ann Lee" in "\n".join(await told(side, "bob"))
    assert await texts(side, DESK_ROOM) == []
    await side.presses("ann", await line(side, "ann", "Hand it over"))
    [card] = [text for text in await texts(side, DESK_ROOM) if text.startswith("#1001:")]
    assert "handed over by a nominated user (W27)" in card
    assert "handed #1001 over to the desk." in "\n".join(await told(side, "bob"))


async def test_another_company_is_told_nothing(side: Side) -> None:
    await side.says("ann", BROKEN)
    await side.says("eve", "status 1001")
    await side.says("bob", "status 1001")
    assert (await texts(side, "eve"))[-1] == "There is no case #1001."
    assert (await texts(side, "bob"))[-1].startswith("#1001: The quote form")


async def test_the_same_act_delivered_again_changes_and_says_nothing_more(side: Side) -> None:
    for _ in range(3):
        await side.says("ann", BROKEN, key="same-act")
    assert len(await told(side, "ann")) == 2
    assert len(await texts(side, DESK_ROOM)) == 2


async def test_a_stale_button_is_answered_with_how_things_stand(side: Side) -> None:
    await side.says("ann", BROKEN)
    await side.says("sam", "close 1001 Fixed")
    stale = await line(side, "ann", "Yes, close it")
    await side.presses("ann", await line(side, "ann", "No, not solved"))
    await side.says("sam", "close 1001 Fixed otherwise")
    await side.presses("ann", stale)
    assert any(text.startswith("Case #1001 has changed since") for text in await texts(side, "ann"))


async def test_a_message_sent_twice_under_one_key_stands_there_once(side: Side) -> None:
    """What a crash between sending and noting leads to."""
    first = await side.channel.send(outgoing(side, "m77"))
    assert await side.channel.sent(outgoing(side, "m77")) == first
    assert len(await texts(side, "ann")) == 1


async def test_what_never_arrived_is_not_claimed_to_have(side: Side) -> None:
    assert await side.channel.sent(outgoing(side, "m78")) is None


async def test_an_edit_changes_the_message_in_its_place(side: Side) -> None:
    there = await side.channel.send(outgoing(side, "c1.1", root=True, text="new"))
    await side.channel.send(outgoing(side, "m2", text="after"))
    assert await side.channel.send(outgoing(side, "c1.2", root=True, text="taken", edits=there)) == there
    assert await texts(side, "ann") == ["taken", "after"]


async def test_an_edit_of_nothing_is_undeliverable(side: Side) -> None:
    with pytest.raises(Undeliverable):
        await side.channel.send(outgoing(side, "c9.1", edits=side.nothing))


@pytest.mark.parametrize("language", languages())
async def test_every_part_and_every_value_can_be_said(side: Side, language: str) -> None:
    values = (
        "Plain, ",
        Quoted("<b>quoted</b> & <!channel>"),
        Person("Ann", "customer"),
        CaseNumber(1001),
        Moment(MONDAY),
        Moment(MONDAY, "America/New_York", "ET"),
        Day(MONDAY.date()),
        Duration(90),
        Duration(240, business=True),
        Count(12),
        Percent(75),
        Money(Decimal("1434.00"), "$"),
        Clause("W46"),
        Printed("Success with CRM"),
        Link("a page", "https://example.com/"),
        Code("take 1001"),
    )
    whole = Message(
        (
            Text(values, "heading"),
            Text(("small",), "small"),
            Text(("alert",), "alert"),
            Facts((("Label", values),)),
            Quote(Person("Sam", "support desk"), "line one\nline two", internal=True),
            Bar(75, ("one hour left",)),
            Picture("https://desk.example.com/reports/7.png", ("Cases received: ", Count(12))),
            Items((Item(values, Button("Show", "status 1001")), Item(("plain",)))),
            Buttons((Button("Take", "take 1001", "primary"), Button("Drop", "withdraw 1001", "danger"))),
        ),
        "Europe/London",
        language,
    )
    await side.channel.send(Outgoing("m1", address(side), whole))
    assert (await side.reads("ann"))[-1] == seen(whole)


def address(side: Side) -> Address:
    return Address(side.world.channel, side.world.ids.tenant, side.world.ids.user("ann"))


def outgoing(side: Side, key: str, root: bool = False, text: str = "hello", edits: str = "") -> Outgoing:
    return Outgoing(key, address(side), Message((Text((text,)),)), edits, None, root)
