"""People over time: linked by a code, met as guests and adopted, gone and somebody else in their place."""

import asyncio
import re
from typing import Any

import pytest
from sqlmodel import col, select

from bot import unit
from bot.delivery import Delivery
from bot.desk import linking
from bot.desk.directory import apply
from bot.incoming import Address, Incoming, Pressed, Said, User, Written
from bot.messages import Message
from bot.plain import plain
from bot.turn import Turn
from rules.directory import read
from rules.lifecycle import Status
from rules.people import Role
from rules.toml_lines import Mistakes
from store.tables import (
    Account,
    Assignment,
    Audit,
    Card,
    Case,
    Conversation,
    Draft,
    LinkCode,
    LinkedIdentity,
    Outbox,
    Person,
    Rota,
    Tenant,
    Tombstone,
)
from store.work import Work
from tests.app.test_erase import dump, erase, left_of
from tests.fake import Fake
from tests.store.inside import Gate, on_postgresql, settled
from tests.world import CATALOGUES, MONDAY, World, opened

WRONG = "I don't take that code. Ask your desk for another."
STRANGER = "I don't know you yet"
PHONE = ("other", "T0NORTH")
"""Another channel, and Northwind's tenant in it."""


async def rows(world: World, kind: Any) -> list[Any]:
    return list(await world.ask_store(lambda work: list(work._session.exec(select(kind)))))


async def person(world: World, name: str) -> Person:
    found: Person = await world.ask_store(
        lambda work: work._session.exec(select(Person).where(col(Person.email).startswith(f"{name}@"))).one()
    )
    return found


async def bind(world: World, tenant: str, slug: str) -> None:
    def unit(work: Work) -> None:
        work.add(Tenant(channel=PHONE[0], tenant=tenant, account_id=work.find(Account, slug=slug).id))

    await world.store.write(unit)


async def sends(world: World, user: str, text: str, tenant: str = PHONE[1], **how: Any) -> str:
    """From the other channel, where nobody of the cast is linked; what is then read there."""
    world.acts += 1
    by = User(user, (how.pop("home", tenant),), how.pop("outsider", False), how.pop("name", user))
    act = Incoming(
        f"act {world.acts}", by, Address(PHONE[0], tenant, user), Said(text), world.time.business, at_once=True
    )
    shown = await world.bot.hear(act)
    phone = Fake()
    await Delivery(world.store, {**world.channels, PHONE[0]: phone}, CATALOGUES, lambda: world.time).deliver_all()
    return "\n".join([*([plain(shown)] if isinstance(shown, Message) else []), *(post.text for post in phone.posts)])


async def invited(world: World, who: str, by: str = "lena") -> str:
    told = str(await world.says(by, f"invite {who}"))
    found = re.search(r"link (\S{19})", told)
    assert found, told
    return found[1]


async def test_a_code_links_a_new_channel_once_and_the_person_hears_of_it_in_the_other(desk: World) -> None:
    await bind(desk, PHONE[1], "northwind")
    assert STRANGER in await sends(desk, "UX", "help", tenant="T0ELSE")
    code = await invited(desk, "ann")
    assert [row.hash for row in await rows(desk, LinkCode)] != [code], "only what it is recognised by is kept"
    assert (
        await sends(desk, "UANN", f"link {code}")
        == "You are linked: here too I know you as Ann Lee (customer).\n[Help]"
    )
    assert "UANN in other is linked to you from now on" in desk.last("ann")
    assert "Your company has no cases." in await sends(desk, "UANN", "cases")
    [made] = [one for one in await rows(desk, LinkedIdentity) if one.channel == PHONE[0]]
    assert (made.how, made.person_id) == ("code", (await person(desk, "ann")).id)
    assert ("link", "done") in [(row.what, row.outcome) for row in await rows(desk, Audit)]
    assert await sends(desk, "UTHIEF", f"link {code}") == WRONG, "it is used up"
    assert (await sends(desk, "UANN", f"link {code}")).startswith("That is Ann Lee already.")


async def test_whatever_is_wrong_with_a_code_the_answer_is_the_same_and_tries_are_few(desk: World) -> None:
    first = await invited(desk, "ann")
    second = await invited(desk, "ann")
    assert await sends(desk, "U1", f"link {first}") == WRONG, "a newer one replaces it"
    assert await sends(desk, "U1", "link ABCD-EFGH-JKMN-PQRS") == WRONG
    desk.passes(hours=24)
    assert await sends(desk, "U1", f"link {second}") == WRONG, "it is too old"
    third = await invited(desk, "ann")
    for _ in range(4):
        assert await sends(desk, "U1", "/link NONSENSE") == WRONG
    assert await sends(desk, "U1", f"link {third}") == "Too many codes in so short a time. Try again later."
    assert "You are linked" in await sends(desk, "U2", f"link {third.lower().replace('-', '')}"), "somebody else may"
    refused = [row for row in await rows(desk, Audit) if (row.what, row.outcome) == ("link", "refused")]
    assert len(refused) == 2, "of each user once an hour, however often they guess"


async def test_an_outsider_is_never_staff_and_a_tenant_speaks_for_no_second_company(desk: World) -> None:
    """C1, C4: the code proves the person, and the channel still says where they come from."""
    await bind(desk, PHONE[1], "northwind")
    sam, eve, ann = [await invited(desk, who) for who in ("sam", "eve", "ann")]
    assert await sends(desk, "U1", f"link {sam}", tenant="T0DESK", home="T0ELSE", outsider=True) == WRONG
    assert await sends(desk, "U1", f"link {sam}") == WRONG, "nobody of a customer's tenant is staff"
    assert await sends(desk, "U2", f"link {eve}") == WRONG, "this tenant speaks for Northwind"
    assert "(customer)" in await sends(desk, "U3", f"link {ann}", tenant="T0DESK", home="T0NEW", outsider=True)
    assert "(support desk)" in await sends(desk, "U4", f"link {sam}", tenant="T0DESK")
    assert str(await desk.says("sam", "/invite ann")).startswith("That is not yours to do.")
    assert str(await desk.says("ann", "/invite bob")).startswith("That is not yours to do.")


async def test_what_a_guest_opened_is_theirs_once_a_code_says_who_they_are(desk: World) -> None:
    await bind(desk, PHONE[1], "northwind")
    assert "#1001" in await sends(desk, "UBOB", "The quote form is broken since this morning", name="bobby")
    assert "I don't take" in await sends(desk, "UBOB", "link ABCD-EFGH-JKMN-PQRS"), "a guest's code opens no case"
    await sends(desk, "UBOB", f"link {await invited(desk, 'bob')}", name="bobby")
    bob = await person(desk, "bob")
    [case] = await rows(desk, Case)
    assert case.opened_by == bob.id
    [guest] = [one for one in await rows(desk, Person) if one.guest]
    assert guest.left_at is not None
    assert await rows(desk, Draft) == []
    assert "#1001" in await sends(desk, "UBOB", "cases")


async def test_a_company_that_nobody_knew_becomes_the_one_that_the_code_names(desk: World) -> None:
    """W56: a person checks who they are, and the code is how they show it."""
    act = Incoming("first", User("UEVE", ("T0NEW",)), Address(PHONE[0], "T0NEW", "UEVE"), Said("open The form fails"),
                   desk.time.business, at_once=True, unbound=True)  # fmt: skip
    await desk.bot.hear(act)
    [case] = await rows(desk, Case)
    assert "You are linked" in await sends(desk, "UEVE", f"link {await invited(desk, 'eve')}", tenant="T0NEW")
    [case] = await rows(desk, Case)
    eve = await person(desk, "eve")
    assert (case.opened_by, case.account_id) == (eve.id, eve.account_id)


# Leaving ----------------------------------------------------------------------------------------------------------


async def test_a_contact_leaves_and_a_colleague_goes_on_with_what_is_open(desk: World) -> None:
    await opened(desk)
    await desk.says("sam", "take 1001")
    await desk.says("ann", "open The second form is slow")
    await desk.says("ann", "/open Please build us a new SSRS report")
    await desk.says("sam", "quote 1003 90 The list of open quotes")
    await desk.says("sam", "schedule 1003 tomorrow 10am")
    await desk.says("ann", "/accept 1003 slot")
    await desk.says("lena", "nominate bob")
    held = str(await desk.says("lena", "leave ann"))
    assert held.startswith("Ann Lee still holds what stands below.")
    assert "Cases: #1001, #1002, #1003" in held
    assert (await person(desk, "ann")).left_at is None, "nothing was done"
    refused = str(await desk.says("lena", "leave ann to eve"))
    assert refused.startswith("Eve Stone and Ann Lee are not of the same company")
    before = len(desk.posts("ann"))
    done = str(await desk.says("lena", "leave ann to bob"))
    assert done.startswith("Ann Lee has left: nothing is sent to them")
    assert "What they held goes on with Bob Shaw." in done
    assert "Bob Shaw goes on with #1001." in "\n".join(desk.heard("sam")), "who works on it"
    assert not any("Bob Shaw goes on" in said for said in desk.heard("bob"))
    yours = desk.posts("bob")[-1]
    assert yours.text.startswith("You go on with #1003 from now on. Before, it was with Ann Lee.\nStatus: ")
    stands = ("Subject: Please build us a new SSRS report\n", "Quote: 1 h 30 min of work, waiting", ", agreed\n")
    words = ("Sam Ortiz (support desk):\n> The list of open quotes", "[Accept the quote]", "[Call it off]")
    assert [told for told in (*stands, *words) if told not in yours.text] == []
    assert "BEGIN:VCALENDAR" in yours.message.calendar
    bob = await person(desk, "bob")
    assert {(case.opened_by, case.conversation_id) for case in await rows(desk, Case)} == {
        (bob.id, bob.conversation_id)
    }
    assert await rows(desk, Draft) == []
    shown = str(await desk.says("sam", "show 1001"))
    assert "Ann Lee opened it" in shown, "in the history it stays who opened it"
    assert "Lena Park passed it on to: Bob Shaw" in shown
    await desk.says("sam", "close 1001 The template is repaired")
    assert "> The template is repaired" in desk.last("bob")
    assert len(desk.posts("ann")) == before, "nothing reaches whoever left"
    assert STRANGER in str(await desk.says("ann", "confirm 1001"))
    assert STRANGER in str(await desk.says("ann", "The quote form is broken again"))
    await desk.presses("bob", "Yes, close it")
    [first, *_] = sorted(await rows(desk, Case), key=lambda case: case.id)
    assert (first.status, first.confirmed_by) == (Status.CLOSED, bob.id)
    assert re.search(r"They left .+ 2026", str(await desk.says("sam", "whois ann")))
    assert str(await desk.says("sam", "open-for ann@northwind.example It fails")).startswith("I know nobody")
    audited = [row.about for row in await rows(desk, Audit) if row.what == "leave"]
    assert audited == ["ann@northwind.example to bob@northwind.example"]


@on_postgresql
async def test_who_is_just_opening_a_case_does_not_leave_without_it(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, greet = Gate(desk.store), unit._greet

    def standing(turn: Turn, person: Person) -> bool:
        if person.name == "Eve Stone":
            gate.stand()
        return greet(turn, person)

    monkeypatch.setattr(unit, "_greet", standing)
    asking = asyncio.create_task(desk.hear("eve", Pressed("ask-person The import fails")))
    await gate.reached()
    leaving = asyncio.create_task(desk.hear("lena", Said("leave eve"), at_once=True))
    await settled(leaving, desk.store)
    gate.open()
    await asking
    held = await leaving
    assert isinstance(held, Message)
    assert plain(held).startswith("Eve Stone still holds what stands below.")
    assert (await person(desk, "eve")).left_at is None


async def test_who_left_is_no_guest_either_until_somebody_brings_them_back(desk: World) -> None:
    def bound(work: Work) -> None:
        work.add(Tenant(channel="fake", tenant="", account_id=work.find(Account, slug="contoso").id))

    await desk.store.write(bound)
    await desk.says("lena", "leave eve")
    assert STRANGER in str(await desk.says("eve", "The import fails since today"))
    assert await rows(desk, Case) == []
    assert [one.kind for one in await rows(desk, Tombstone)] == ["identity"]
    assert await desk.ask_store(lambda work: work.person_of("fake", [""], "eve")) is None
    code = await invited(desk, "ann")
    assert str(await desk.says("eve", f"link {code}")) == WRONG, "their tenant is Contoso's still"
    again = (DEMO := _demo()).replace('name = "Eve Stone"', 'name = "Eve Stone"\nleft = false')
    with pytest.raises(Mistakes, match=r"eve@contoso\.example left on 2026-01-19: leave them out, or say left = false"):
        await desk.store.write(apply, read(DEMO, CATALOGUES.plans), MONDAY)
    await desk.store.write(apply, read(again, CATALOGUES.plans), MONDAY)
    assert (await person(desk, "eve")).left_at is None
    assert "You are linked" in str(await desk.says("eve", f"link {await invited(desk, 'eve')}"))


async def writes(world: World, who: str, words: str, channel: str = "email", tenant: str = "") -> str:
    """From where anybody may: by mail, or from a company that no account is bound to; what is then read there."""
    world.acts += 1
    body = Written(words, "help", proven=True) if channel == "email" else Said(words)
    here = Address(channel, tenant, who)
    act = Incoming(f"{channel} {world.acts} {who}", User(who), here, body, world.time.business, unbound=True)
    await world.bot.hear(act)
    there = Fake()
    await Delivery(world.store, {**world.channels, channel: there}, CATALOGUES, lambda: world.time).deliver_all()
    await world.store.write(Work.forget_rooms, world.time.machine)
    return "\n".join(post.text for post in there.posts)


async def test_who_left_or_was_erased_is_met_by_nobody_anew_wherever_anybody_may_write(desk: World) -> None:
    """Told once where the desk is reached; nothing of their words is kept, nor of an address that was erased."""
    assert "#1001" in await writes(desk, "eve", "The import fails since today", "other", "T0NEW")
    for line in ("leave bob to ann", "leave eve"):
        await desk.says("lena", line)
    mail = ("bob@northwind.example", "The secret import is broken since today")
    told = await writes(desk, *mail)
    assert told.startswith("I don't know you, or not any more. I opened no case")
    assert "+1-866-493-2726 and support@websan.com" in told
    assert await writes(desk, *mail) == "", "once, and the post office is rid of it"
    await erase(desk, mail[0])
    assert await writes(desk, *mail) == ""
    desk.passes(days=31)
    await desk.store.write(Work.forget_inbox, desk.time.machine)
    assert "or not any more" in await writes(desk, *mail)

    def removed(work: Work) -> None:
        linking.detach(work, "other:T0NEW/eve", MONDAY, None)

    await desk.store.write(removed)
    assert "or not any more" in await writes(desk, "eve", "The secret export fails", "other", "T0NEW")
    everything = await dump(desk.store)
    assert left_of(("secret", mail[0], "Bob Shaw"), everything) == []
    assert [case.id for case in await rows(desk, Case)] == [1001]
    assert [one.guest for one in await rows(desk, Person)].count(True) == 1


def _demo() -> str:
    from tests.world import ROOT

    return (ROOT / "app" / "demo.toml").read_text()


async def test_one_of_the_desk_leaves_and_everything_of_theirs_goes_on(case: World) -> None:
    """W13, R10: who left is assigned nothing, looks after nobody, is not on call and hears no warning."""
    cora, sam, lena = [await person(case, who) for who in ("cora", "sam", "lena")]

    def duties(work: Work) -> None:
        nights: dict[str, Any] = {"begins": MONDAY.date(), "handover": "08:00", "zone": "America/New_York", "days": 7}
        work.add(Rota(name="Nights", people=[cora.id, sam.id], **nights))

    await case.store.write(duties)
    await case.says("cora", "take 1001")
    await case.says("sam", "away friday cora")
    await case.passes_and_warns(hours=2)
    assert "50 %" in case.last("cora")
    assert str(await case.says("lena", "leave cora")).splitlines()[1:] == [
        "Cases: #1001", "Accounts: Northwind", "Rotas: Nights", "Stands in for: Sam Ortiz",
    ]  # fmt: skip
    assert "that takes a concierge" in str(await case.says("lena", "leave cora to sam"))
    assert str(await case.says("lena", "leave lena to sam")).startswith("Nobody says that of themselves")
    await case.says("sam", "back")
    before = len(case.posts("cora"))
    assert "goes on with Lena Park" in str(await case.says("lena", "leave cora to lena"))
    assert [row.concierge_id for row in await rows(case, Assignment)] == [lena.id]
    assert [row.people for row in await rows(case, Rota)] == [[lena.id, sam.id]]
    [row] = await rows(case, Case)
    assert row.assignee_id == lena.id
    [yours] = [said for said in case.heard("lena") if said.startswith("You go on")]
    assert yours.startswith("You go on with #1001 from now on. Before, it was with Cora")
    assert "Customer: Ann Lee, Northwind" in yours
    await case.passes_and_warns(hours=1)
    assert "75 %" in case.last("lena")
    assert len(case.posts("cora")) == before
    assert STRANGER in str(await case.says("cora", "queue"))
    assert str(await case.says("sam", "assign 1001 cora")).startswith("I know nobody on the desk called cora")


async def test_what_was_on_its_way_to_them_reaches_who_goes_on_or_nobody(case: World) -> None:
    """Nothing is delivered to somebody who left, not even what was owed before, or is a dead letter of theirs."""
    await case.says("lena", "nominate bob")
    ann = await person(case, "ann")
    await case.hear("sam", Said("reply 1001 We look into it"))
    await case.hear("ann", Said("plan"))
    before = len(case.posts("ann"))
    await case.says("lena", "leave ann to bob")
    assert len(case.posts("ann")) == before
    assert "> We look into it" in "\n".join(case.heard("bob"))
    assert "$774 a month" not in "\n".join(case.heard("bob")), "an answer to them alone, nobody reads"
    own = [one for one in await rows(case, Outbox) if one.conversation_id == ann.conversation_id and not one.receipt]
    assert own
    assert all(one.withdrawn and one.done_at for one in own)
    assert [one for one in await rows(case, Card) if one.conversation_id == ann.conversation_id] == []
    await case.says("lena", "leave bob to ann")
    assert (await person(case, "bob")).left_at is None


async def test_a_case_of_somebody_who_left_is_whoevers_of_the_company_goes_on_with_it(case: World) -> None:
    """W59: closed ones stay with their opener; a nominated colleague who reopens one hears what becomes of it."""
    await case.says("lena", "nominate bob")
    await case.says("ann", "withdraw 1001")
    await case.says("lena", "leave ann")
    before = len(case.posts("ann"))
    await case.says("sam", "reopen 1001 They called")
    assert len(case.posts("ann")) == before
    await case.says("bob", "reply 1001 It is back indeed")
    await case.says("sam", "reply 1001 We look again")
    assert "> We look again" in case.last("bob")
    assert len(case.posts("ann")) == before
    [room] = [one for one in await rows(case, Conversation) if one.room == "ann"]
    assert all(one.conversation_id != room.id for one in await rows(case, Case))


async def test_the_one_contact_person_leaves_and_the_next_is_asked_in_their_place(desk: World) -> None:
    """T10."""

    def theo(work: Work) -> None:
        account = work.find(Account, slug="fabrikam")
        if work.find(Person, email="theo@fabrikam.example") is None:
            new = Person(
                name="Theo", email="theo@fabrikam.example", role=Role.CUSTOMER, account_id=account.id, licensed=True
            )
            work.add(new)
            new.conversation_id = work.conversation("fake", "", "theo").id
            work.link("fake", "", "theo", new, "test", MONDAY)
            work.add(new)

    await desk.store.write(theo)
    assert "Consultations" in str(await desk.says("lena", "leave tess"))
    await desk.says("lena", "leave tess to theo")
    theo_, tess = await person(desk, "theo"), await person(desk, "tess")
    assert (theo_.contact_person, tess.contact_person, tess.licensed) == (True, False, False)
