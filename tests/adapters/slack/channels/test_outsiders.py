"""Guests, strangers and people of other companies: what each may see and do, and where they are told so."""

import pytest

from store.tables import Case, LinkedIdentity, Outbox, Person, Tenant
from tests.adapters.slack.channels.rooms import OTHERS, SHARED, calls
from tests.slack.stage import DESK, TEAM, Stage
from tests.world import BROKEN, MONDAY

STRANGER = "I don't know you yet, so I can't open cases for you."
NOT_YOURS = "That is not yours to do. help shows what you can ask me."


@pytest.fixture
async def shared(stage: Stage) -> str:
    """Shared with Northwind's own workspace through Slack Connect; bound to Northwind."""
    stage.far.add_workspace("T2", "Northwind")
    stage.far.add_user("U2ZOE", "Zoe", "T2")
    stage.far.add_user("U2YAN", "Yan", "T2", stranger=True)
    people = ["U2ZOE", "U2YAN", "U0ANN", "U0SAM", "U0EVE"]
    stage.far.add_channel(SHARED, "ext-northwind", people, shared_with=["T2"])
    await stage.bind(SHARED, "northwind")
    return SHARED


@pytest.fixture
async def others(stage: Stage, shared: str) -> str:
    """Shared with the same workspace, but bound to nobody."""
    people = ["U2ZOE", "U2YAN", "U0ANN", "U0SAM", "U0EVE"]
    stage.far.add_channel(OTHERS, "ext-others", people, shared_with=["T2"])
    return OTHERS


# Somebody of another company --------------------------------------------------------------------------------------


async def test_another_company_s_customer_is_answered_in_private(stage: Stage, north: str) -> None:
    await calls(stage, "eve", north, "The contoso report is blank")
    assert (await stage.case()).subject == "The contoso report is blank"
    assert stage.said(north) == []
    assert await stage.lives_in() == ("U0EVE", "")
    assert stage.said("U0EVE")[0].startswith("Thank you, Eve Stone. This is case #1001.")


async def test_their_words_in_a_case_s_thread_are_not_on_that_case(stage: Stage, north: str) -> None:
    written = await calls(stage, "ann", north, BROKEN)
    before = await stage.history()
    await stage.writes("eve", "We have that too", north, written.ts)
    await stage.writes("eve", "!reply 1001 we have that too", north, written.ts)
    await calls(stage, "eve", north, "status 1001", written.ts)
    assert await stage.history() == before
    assert "no case #1001" in "\n".join([*stage.said("U0EVE"), *stage.whispered("eve", north)])
    assert "We have that" not in "\n".join(stage.under_card())


async def test_a_room_of_several_companies_is_no_place_for_anybody_s_matters(stage: Stage) -> None:
    stage.far.add_channel(OTHERS, "general", ["U0ANN", "U0EVE"])
    await calls(stage, "ann", OTHERS, BROKEN)
    assert stage.said(OTHERS) == []
    assert stage.said("U0ANN")[0].startswith("Thank you, Ann Lee. This is case #1001.")


# Whom nobody knows ------------------------------------------------------------------------------------------------


async def test_an_unknown_member_of_the_workspace_is_told_where_the_desk_is_reached(stage: Stage, north: str) -> None:
    await calls(stage, "U0MAX", north, BROKEN)
    assert await stage.rows(Case) == []
    assert stage.whispered("U0MAX", north)[0].startswith(STRANGER)
    assert stage.said(north) == []


async def test_they_are_told_so_in_their_own_conversation_and_by_command_too(stage: Stage, north: str) -> None:
    await stage.writes("U0MAX", BROKEN)
    assert stage.said("U0MAX")[0].startswith(STRANGER)
    assert (await stage.commands("U0MAX", "/case queue")).startswith(STRANGER)
    assert (await stage.commands("U0MAX", "/support open")).startswith(STRANGER)
    assert await stage.rows(Case) == []


# Guests and outsiders ---------------------------------------------------------------------------------------------


async def test_a_guest_in_the_company_s_channel_opens_a_case_of_their_own(stage: Stage, north: str) -> None:
    written = await calls(stage, "U0GIA", north, "My own page is blank")
    assert (await stage.case()).subject == "My own page is blank"
    assert await stage.lives_in() == (north, written.ts)
    await stage.writes("U0GIA", "On Save", north, written.ts)
    assert (await stage.case()).details == "On Save"


async def test_an_outsider_in_the_company_s_channel_opens_and_sees_only_that_case(stage: Stage, shared: str) -> None:
    await calls(stage, "ann", shared, BROKEN)
    await calls(stage, "U2ZOE", shared, "My own page is blank")
    [zoe] = [one for one in await stage.rows(Person) if one.guest]
    assert (await stage.case(1002)).opened_by == zoe.id
    assert (zoe.licensed, zoe.nominated) == (False, False)
    heard = await asks(stage, "U2ZOE", shared, "status 1001", "status 1002", "cases", "plan", "queue", "take 1002")
    assert heard["status 1001"] == "There is no case #1001."
    assert "My own page is blank" in heard["status 1002"]
    assert BROKEN not in heard["cases"]
    assert heard["plan"] == heard["queue"] == heard["take 1002"] == NOT_YOURS


async def test_a_guest_s_words_in_a_colleague_s_case_s_thread_are_not_on_it(stage: Stage, shared: str) -> None:
    written = await calls(stage, "ann", shared, BROKEN)
    before = await stage.history()
    await stage.writes("U2ZOE", "I have that too", shared, written.ts)
    await calls(stage, "U2ZOE", shared, "status 1001", written.ts)
    assert [one for one in await stage.history() if one not in before] == []
    assert "There is no case #1001." in stage.whispered("U2ZOE", shared)


async def test_they_confirm_their_own_case_with_its_button(stage: Stage, shared: str) -> None:
    written = await calls(stage, "U2ZOE", shared, "My own page is blank")
    await stage.writes("sam", "!close Fixed", shared, written.ts)
    await stage.presses("U2ZOE", "Yes, close it", shared)
    assert (await stage.case()).status == "closed"


async def test_nobody_else_in_the_channel_confirms_it_for_them(stage: Stage, shared: str) -> None:
    written = await calls(stage, "U2ZOE", shared, "My own page is blank")
    await stage.writes("sam", "!close Fixed", shared, written.ts)
    button = stage.with_button("U2ZOE", "Yes, close it", shared)
    for who in ("U2YAN", "U0EVE", "U0SAM"):
        await stage.slack.press(who, button, "Yes, close it")
    await stage.settle()
    assert (await stage.case()).status == "awaiting_confirmation"


async def test_an_outsider_elsewhere_gets_nothing_about_anybody(stage: Stage, others: str) -> None:
    await stage.writes("ann", BROKEN)
    for text in (BROKEN, "status 1001", "queue", "cases", "plan"):
        await calls(stage, "U2ZOE", others, text)
    assert len(await stage.rows(Case)) == 1
    assert all(text.startswith(STRANGER) for text in stage.whispered("U2ZOE", others))
    assert len(stage.whispered("U2ZOE", others)) == 5
    assert stage.said(others) == []


async def test_somebody_of_the_account_s_own_workspace_is_told_where_to_write(stage: Stage, others: str) -> None:
    """The app cannot write to people of other workspaces alone, and others read along."""
    await own_workspace(stage, "T2", "northwind")
    await calls(stage, "U2ZOE", others, "My own page is blank")
    assert await stage.rows(Case) == []
    [told] = stage.whispered("U2ZOE", others)
    assert told.startswith("Others than your company read along here, so I open no case here.")
    assert stage.said(others) == []
    assert await undelivered(stage) == []


async def test_in_the_account_s_own_workspace_everybody_is_its_guest_in_every_channel(stage: Stage, north: str) -> None:
    """Where the customer has installed the app themselves."""
    await own_workspace(stage, TEAM, "northwind")
    stage.far.add_channel(OTHERS, "general", ["U0MAX", "U0ANN"])
    await calls(stage, "ann", OTHERS, BROKEN)
    written = await calls(stage, "U0MAX", OTHERS, "My own page is blank")
    assert await stage.lives_in(1002) == (OTHERS, written.ts)
    heard = await asks(stage, "U0MAX", OTHERS, "status 1001", "queue")
    assert heard == {"status 1001": "There is no case #1001.", "queue": NOT_YOURS}


async def test_an_outsider_of_another_company_in_the_company_s_channel_is_told_where_to_write(
    stage: Stage, shared: str
) -> None:
    """Their own conversation with the app does not exist: their workspace has no such app."""
    await own_workspace(stage, "T3", "contoso")
    stage.far.add_workspace("T3", "Contoso")
    stage.far.add_user("U3KIM", "Kim", "T3")
    stage.far.channels[shared].members.add("U3KIM")
    stage.far.channels[shared].shared_with.add("T3")
    await calls(stage, "U3KIM", shared, "The contoso report is blank")
    assert (await stage.rows(Case), stage.said(shared)) == ([], [])
    [told] = stage.whispered("U3KIM", shared)
    assert told.startswith("Others than your company read along here, so I open no case here.")
    assert await undelivered(stage) == []


@pytest.mark.parametrize("how", ["restricted", "ultra_restricted"])
async def test_a_guest_has_no_staff_verbs_whatever_the_directory_says(stage: Stage, north: str, how: str) -> None:
    await calls(stage, "ann", north, BROKEN)
    setattr(stage.far.users["U0SAM"], how, True)
    assert (await stage.commands("sam", "/case queue")).startswith(STRANGER)
    await powerless(stage, "sam", north)


async def test_somebody_of_another_workspace_has_none_either(stage: Stage, shared: str) -> None:
    await calls(stage, "ann", shared, BROKEN)
    await staff_link(stage, "T2", "U2ZOE")
    for channel in (shared, DESK):
        stage.far.channels[channel].members.add("U2ZOE")
        stage.far.channels[channel].shared_with.add("T2")
    await powerless(stage, "U2ZOE", shared)


async def test_a_link_under_the_desk_s_own_workspace_makes_no_outsider_staff(stage: Stage, shared: str) -> None:
    await calls(stage, "ann", shared, BROKEN)
    await staff_link(stage, TEAM, "U2ZOE")
    await powerless(stage, "U2ZOE", shared, speaks=True)


async def powerless(stage: Stage, who: str, place: str, speaks: bool = False) -> None:
    """By words, by sign and by button. ``speaks``: for the account, as its guest, with cases of their own."""
    stage.far.channels[DESK].members.add(user_id := who if who[1] in "02" and who.isupper() else f"U0{who.upper()}")
    before, cases = await stage.history(), len(await stage.rows(Case))
    root = next(one for one in stage.far.messages(place) if one.thread == one.ts)
    await stage.writes(who, "!take 1001", place, root.ts)
    await stage.writes(who, "We look into it", place, root.ts)
    await stage.writes(who, "!close Fixed", DESK, stage.card().ts)
    await stage.writes(who, "plain words", DESK, stage.card().ts)
    await calls(stage, who, DESK, "take 1001")
    await calls(stage, who, DESK, "show 1001")
    await stage.reacts(who, stage.card(), "eyes")
    await stage.reacts(who, stage.card(), "white_check_mark")
    if not speaks:
        await stage.reacts(who, root, "ticket")
    await stage.slack.press(user_id, stage.card(), "Take")
    await stage.settle()
    assert await stage.history() == before
    assert len(await stage.rows(Case)) == cases
    told = "\n".join([*stage.whispered(who, DESK), *stage.whispered(who, place)])
    assert BROKEN not in told


async def asks(stage: Stage, who: str, place: str, *lines: str) -> dict[str, str]:
    """What each is answered to them alone or in the thread that it begins."""
    heard = {}
    for line in lines:
        seen, said = len(stage.whispered(who, place)), len(stage.said(place))
        await calls(stage, who, place, line)
        heard[line] = "\n".join([*stage.whispered(who, place)[seen:], *stage.said(place)[said:]])
    return heard


async def own_workspace(stage: Stage, team: str, account: str) -> None:
    slugs = {"northwind": 1, "contoso": 2}
    row = Tenant(channel="slack", tenant=team, account_id=slugs[account])
    await stage.world.store.write(lambda work: work.add(row))


async def staff_link(stage: Stage, team: str, user: str) -> None:
    [sam] = [one for one in await stage.rows(Person) if one.name == "Sam Ortiz"]
    row = LinkedIdentity(channel="slack", tenant=team, user=user, person_id=sam.id, how="test", at=MONDAY)
    await stage.world.store.write(lambda work: work.add(row))


async def undelivered(stage: Stage) -> list[str]:
    return [one.dead for one in await stage.rows(Outbox) if one.dead]
