"""Guests, strangers and people of other tenants in Teams: what each may see and do, and where they are told so."""

from copy import deepcopy
from typing import Any

import pytest

from store.tables import Case, Inbox, LinkedIdentity, Outbox, Person, Tenant
from tests.teams.delivery import Delivered
from tests.teams.places import Posted, guid
from tests.teams.stage import ANN, DESK, EVE, MAX, SAM, Stage, lines
from tests.world import BROKEN, MONDAY

STRANGER = "I don't know you yet, so I can't open cases for you."
NOT_YOURS = "That is not yours to do. help shows what you can ask me."


# Nobody's channel -------------------------------------------------------------------------------------------------


async def test_elsewhere_people_are_answered_in_their_own_chat(stage: Stage, general: str) -> None:
    await stage.writes("ann", BROKEN, general)
    assert stage.said(general) == []
    assert await stage.lives_in() == (ANN, "")
    assert stage.said(ANN)[0].startswith("Thank you, Ann Lee. This is case #1001.")
    assert stage.card(place=ANN)


async def test_another_company_s_customer_in_the_company_s_channel_is_answered_in_private(
    stage: Stage, north: str
) -> None:
    await stage.writes("eve", "The contoso report is blank", north)
    assert stage.said(north) == []
    assert await stage.lives_in() == (EVE, "")


async def test_their_words_in_a_case_s_thread_are_not_on_that_case(stage: Stage, north: str) -> None:
    done = await stage.writes("ann", BROKEN, north)
    assert done.posted
    before = await stage.history()
    for text in ("We have that too", "status 1001", "!reply 1001 we have that too"):
        await stage.writes("eve", text, north, thread=done.posted.id)
    assert await stage.history() == before
    assert "There is no case #1001." in stage.said(EVE)
    assert "We have that" not in "\n".join(stage.under_card())


async def test_a_stranger_of_a_known_tenant_is_told_where_the_desk_is_and_nothing_else(
    stage: Stage, north: str
) -> None:
    await stage.writes("max", BROKEN, north)
    await stage.writes("max", "queue")
    assert await stage.rows(Case) == []
    assert all(text.startswith(STRANGER) for text in stage.said(MAX))
    assert len(stage.said(MAX)) == 2
    assert stage.said(north) == []


# Guests and other tenants -----------------------------------------------------------------------------------------


async def link(stage: Stage, tenant: str, user: str, name: str = "Sam Ortiz") -> None:
    [person] = [one for one in await stage.rows(Person) if one.name == name]
    row = LinkedIdentity(channel="teams", tenant=tenant, user=user, person_id=person.id, how="test", at=MONDAY)
    await stage.world.store.write(lambda work: work.add(row))


async def test_a_guest_in_the_company_s_channel_opens_a_case_of_their_own(stage: Stage, north: str) -> None:
    gia = guid("gia")
    stage.far.add_user(gia, "Gia Guest", guest=True)
    stage.far.place(north).members.add(gia)
    await stage.writes("ann", BROKEN, north)
    done = await stage.writes("gia", "My own page is blank", north)
    assert done.posted
    assert await stage.lives_in(1002) == (north, done.posted.id)
    [person] = [one for one in await stage.rows(Person) if one.guest]
    assert person.name == "Gia Guest"
    await stage.writes("gia", "status 1001", north)
    assert stage.said(gia)[-1] == "There is no case #1001."
    for line in ("queue", "plan", "take 1002"):
        await stage.writes("gia", line, north)
        assert stage.said(gia)[-1] == NOT_YOURS


async def test_the_desk_makes_a_case_of_a_guest_s_message(stage: Stage, north: str) -> None:
    gia = guid("gia")
    stage.far.add_user(gia, "Gia Guest", guest=True)
    stage.far.place(north).members.add(gia)
    done = await stage.teams.message(gia, north, "My own page is blank", mention=False)
    assert done.posted
    answer = await stage.chooses("sam", done.posted)
    assert "Case #1001 is open for Gia Guest" in answer.words


async def test_a_guest_has_no_staff_verbs_whatever_the_directory_says(stage: Stage, north: str) -> None:
    await stage.writes("ann", BROKEN, north)
    stage.far.users[SAM].guest = True
    stage.connection._people._known.clear()
    await powerless(stage, "sam")


async def test_somebody_of_another_tenant_has_none_either(stage: Stage, north: str) -> None:
    await stage.writes("ann", BROKEN, north)
    zoe, away = guid("zoe"), guid("elsewhere")
    stage.far.add_tenant(away, "Elsewhere")
    stage.far.add_user(zoe, "Zoe", away)
    for tenant in (away, stage.far.app.tenant):
        await link(stage, tenant, zoe)
    for place in (north, DESK):
        stage.far.place(place).members.add(zoe)
    await powerless(stage, "zoe", personal=False)


async def powerless(stage: Stage, who: str, personal: bool = True) -> None:
    """By words, by button and by choosing a message; on both kinds of clients."""
    user, card = guid(who), stage.card()
    before, cases = await stage.history(), len(await stage.rows(Case))
    for line in ("take 1001", "show 1001", "queue", "note 1001 x", "close 1001 Fixed"):
        if personal:
            await stage.writes(who, line)
        await stage.writes(who, line, DESK)
        await stage.writes(who, f"!{line}", DESK, thread=card.id)
    await stage.writes(who, "plain words", DESK, thread=card.id)
    for submit in (False, True):
        await stage.teams.press(user, card, "Take", submit=submit)
    posted = next(one for one in stage.far.activities(DESK) if one.by == user)
    await stage.chooses(who, posted)
    await stage.settle()
    assert await stage.history() == before
    assert len(await stage.rows(Case)) == cases
    assert BROKEN not in "\n".join(stage.said(user))


# A customer's own tenant ------------------------------------------------------------------------------------------


@pytest.fixture
async def own(stage: Stage) -> str:
    """Northwind's own tenant, where the app was installed; Kim is in it, and no directory names her."""
    tenant = guid("northwind's tenant")
    stage.far.add_tenant(tenant, "Northwind")
    stage.far.add_user(guid("kim"), "Kim", tenant)
    await stage.world.store.write(lambda work: work.add(Tenant(channel="teams", tenant=tenant, account_id=1)))
    return tenant


async def test_everybody_of_the_account_s_own_tenant_is_its_guest(stage: Stage, own: str) -> None:
    await stage.writes("ann", BROKEN)
    await stage.teams.install(guid("kim"))
    await stage.writes("kim", "My own page is blank")
    await stage.writes("kim", "cancel")
    assert (await stage.case(1002)).account_id == 1
    await stage.writes("kim", "status 1001")
    assert stage.said(guid("kim"))[-1] == "There is no case #1001."
    await stage.writes("sam", "reply 1002 We look into it")
    assert stage.said(guid("kim"))[-1].endswith("> We look into it")


async def test_in_their_own_tenant_a_channel_needs_no_binding(stage: Stage, own: str) -> None:
    room = "19:own@thread.tacv2"
    stage.far.add_team(room, "All", [guid("kim")], tenant=own)
    done = await stage.writes("kim", "My own page is blank", room)
    assert done.posted
    assert await stage.lives_in() == (room, done.posted.id)
    assert stage.said(room) != []


# Forged lines -----------------------------------------------------------------------------------------------------
FORGED = (
    "take 1001", "close 1001 x", "note 1001 x", "queue", "whois ann", "show 1002", "confirm 1002 r1", "assign 1001 ann",
    "answer 1 case 1002", "answer 99 priority high", "force-close 1001 x", "open-for ann x", "merge 1002 1001",
    "reply 1002 x", "withdraw 1002", "move 1002 1 new", "\u202e", "x" * 1900, "rm -rf /", "priority 1001 high x",
)  # fmt: skip


@pytest.mark.parametrize("submit", [False, True], ids=["Execute", "Submit"])
async def test_a_button_s_line_is_authorised_like_typed_text(stage: Stage, submit: bool) -> None:
    await stage.writes("ann", BROKEN)
    await stage.writes("eve", "The contoso report is blank")
    before = (await stage.history(1001), await stage.history(1002))
    button = stage.with_button("Skip", ANN)
    for line in FORGED:
        done = await presses(stage, ANN, button, {"say": line}, submit)
        assert done.status == 200, line
    await stage.settle()
    assert (await stage.history(1001), await stage.history(1002)) == before
    assert "contoso" not in "\n".join(stage.said(ANN))
    assert "Something broke" not in "\n".join(stage.said(ANN))


@pytest.mark.parametrize("submit", [False, True], ids=["Execute", "Submit"])
async def test_a_forged_form_continues_nobody_else_s_dialog(stage: Stage, submit: bool) -> None:
    await stage.writes("ann", BROKEN)
    draft = next(said.split()[1] for one in stage.far.said(ANN) for said in lines(one) if said.startswith("answer"))
    await stage.writes("eve", "hello")
    button = stage.far.said(EVE)[-1]
    for data in (
        {"form": "open_case", "draft": int(draft), "asked": "details", "details": "x"},
        {"form": "words", "draft": int(draft), "asked": "words", "words": "x"},
        {"form": "open_case", "draft": 2**62, "asked": "details", "details": "x"},
        {"form": "which_case", "draft": None, "asked": "case", "case": "1001"},
        {"form": "words", "draft": None, "asked": "words line about", "words": "x", "line": "reply", "about": "1001"},
        {"form": "how_do_i", "draft": None, "asked": "helped", "helped": "yes"},
        {"form": "nothing", "draft": None, "asked": ""},
    ):
        done = await presses(stage, EVE, button, data, submit)
        assert done.status < 500, data
    await stage.settle()
    assert (await stage.case()).details is None
    assert await stage.history() == [("open", BROKEN)]
    assert "Something broke" not in "\n".join(stage.said(EVE))


async def presses(stage: Stage, user: str, posted: Posted, data: dict[str, Any], submit: bool) -> Delivered:
    if submit:
        return await stage.teams._submitted(user, posted, deepcopy(data))
    action = {"type": "Action.Execute", "verb": "say" if "say" in data else "form", "data": data}
    return await stage.teams._executed(user, posted, action, {}, "manual")


async def test_nobody_is_who_they_say_but_whom_the_roster_knows(stage: Stage) -> None:
    """The roster is asked by the id that only Teams gives, and its answer counts."""
    await stage.writes("ann", BROKEN)
    done = await stage.teams.message(EVE, EVE, "hello")
    before = await stage.history()
    forged = deepcopy(done.activity) | {"id": stage.far.stamp(), "text": "withdraw 1001"}
    forged["from"]["aadObjectId"] = ANN
    assert (await stage.teams.send(forged)).status < 500
    await stage.settle()
    assert await stage.history() == before


async def test_somebody_who_is_not_in_the_conversation_is_not_heard(stage: Stage, north: str) -> None:
    done = await stage.teams.message(ANN, north, BROKEN)
    stage.connection._people._known.clear()
    stage.far.place(north).members.discard(ANN)
    again = {**done.activity, "id": stage.far.stamp(), "text": "withdraw 1001"}
    kept = len(await stage.rows(Inbox))
    assert (await stage.teams.send(again)).status == 200
    assert len(await stage.rows(Inbox)) == kept
    assert [row.dead for row in await stage.rows(Outbox) if row.dead] == []
