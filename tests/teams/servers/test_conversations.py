"""The played Microsoft's servers refuse what Microsoft's refuse, keep what they are told, and go wrong when told to."""

from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from tests.teams import faults
from tests.teams.caller import Answered, Caller
from tests.teams.far import Far
from tests.teams.pieces import card, execute, mention, message, text
from tests.teams.places import Json, guid, threaded
from tests.teams.servers.there import ANN, BOB, EVE, GROUP, HELP, TEAM


def direct(far: Far, user: str = ANN, **more: object) -> Json:
    tenant = far.users[user].tenant if user in far.users else far.app.tenant
    made = {"bot": {"id": far.app.bot}, "members": [{"id": user}], "isGroup": False}
    return {**made, "channelData": {"tenant": {"id": tenant}}, **more}


def without(made: Json, *names: str) -> Json:
    return {name: one for name, one in made.items() if name not in names}


def thread(channel: str, activity: Json, **more: object) -> Json:
    return {"isGroup": True, "channelData": {"channel": {"id": channel}}, "activity": activity, **more}


# New conversations ------------------------------------------------------------------------------------------------


async def test_a_person_is_found_by_either_id_and_always_in_the_same_conversation(far: Far, caller: Caller) -> None:
    ids = {(await caller.create(direct(far, who))).id for who in (ANN, far.users[ANN].mri)}
    assert ids == {far.place(ANN).id}
    assert far.violations == []


CREATING: list[tuple[str, int, Callable[[Far], Json], bool]] = [
    ("ForbiddenOperationException", 403, lambda far: direct(far, EVE), False),
    ("ForbiddenOperationException", 403, lambda far: direct(far, guid("nobody")), True),
    ("ForbiddenOperationException", 403, lambda far: direct(far, ANN, tenantId=guid("contoso")), True),
    ("BadArgument", 400, lambda far: without(direct(far), "channelData"), True),
    ("BadArgument", 400, lambda far: direct(far, ANN, bot={"id": "28:another"}), True),
    ("BadSyntax", 400, lambda far: direct(far, ANN, isGroup=True), True),
    ("BadSyntax", 400, lambda far: direct(far, ANN, members=[{"id": ANN}, {"id": BOB}]), True),
    ("BadSyntax", 400, lambda far: direct(far, ANN, activity=message()), True),
    ("BadSyntax", 400, lambda far: thread(HELP, message(), isGroup=False), True),
    ("BadSyntax", 400, lambda far: thread(HELP, message(colour="red")), True),
    ("BadArgument", 400, lambda far: thread(GROUP, message()), True),
    ("ConversationNotFound", 404, lambda far: thread("19:none@thread.tacv2", message()), False),
]


@pytest.mark.parametrize(("code", "status", "made", "violates"), CREATING)
async def test_conversations_that_cannot_be_are_refused(
    far: Far, caller: Caller, code: str, status: int, made: Callable[[Far], Json], violates: bool
) -> None:
    refused = await caller.create(made(far))
    assert (refused.status, refused.code) == (status, code)
    assert bool(far.violations) == violates


async def test_a_thread_begins_with_its_first_message(far: Far, caller: Caller) -> None:
    created = (await caller.create(thread(HELP, message(text="root")))).json
    assert created["id"] == threaded(HELP, created["activityId"])
    await caller.send(created["id"], message(text="under it"))
    await caller.send(HELP, message(text="under it too"), reply_to=created["activityId"])
    await caller.send(HELP, message(text="another root"))
    assert [one.text for one in far.said(created["id"])] == ["root", "under it", "under it too"]
    assert [one.text for one in far.said(HELP)][-1] == "another root"
    assert far.violations == []


# Activities -------------------------------------------------------------------------------------------------------


async def test_what_is_sent_stands_there_and_changes_in_place(far: Far, caller: Caller) -> None:
    sent = await caller.send(ANN, message(card(text("one"), actions=[execute()])))
    [stands] = far.said(ANN)
    assert (stands.id, stands.words, stands.labels, stands.from_bot) == (sent.id, "one\nTake", ["Take"], True)
    assert (await caller.update(ANN, sent.id, message(card(text("two"))))).id == sent.id
    [stands] = far.activities(ANN)
    assert (stands.words, stands.edits, len(stands.versions)) == ("two", 1, 2)
    assert (await caller.delete(ANN, sent.id)).status == 200
    assert far.activities(ANN) == []
    assert far.violations == []


async def test_each_message_has_an_id_later_than_the_one_before(far: Far, caller: Caller) -> None:
    ids = [(await caller.send(ANN, message())).id for _ in range(3)]
    assert ids == ["1769000000000", "1769000000001", "1769000000002"]


async def test_text_and_a_card_together_come_back_without_an_id(far: Far, caller: Caller) -> None:
    sent = await caller.send(ANN, message(card(), text="Words"))
    assert (sent.status, sent.id) == (201, "")
    assert far.violations == ["send: text and attachments together are split, and no id comes back"]


async def test_typing_leaves_nothing_behind(far: Far, caller: Caller) -> None:
    assert (await caller.send(ANN, {"type": "typing"})).status == 202
    assert [call.conversation for call in far.called("typing")] == [far.place(ANN).id]
    assert far.activities(ANN) == []


async def test_what_teams_would_not_show_is_refused_and_noted(far: Far, caller: Caller) -> None:
    assert (await caller.send(ANN, message(card({"type": "Marquee"})))).code == "BadSyntax"
    assert (await caller.send(ANN, message(text="x" * 50_000))).status == 413
    assert (await caller.send(ANN, ["no object"])).code == "BadSyntax"
    suggested = message(suggestedActions={"actions": [{"type": "imBack", "title": "a", "value": "b"}]})
    assert (await caller.send(GROUP, suggested)).status == 400
    assert (await caller.send(ANN, suggested)).status == 201
    assert far.activities(GROUP) == []
    assert far.violations[0] == "send: /attachments/0/content/body/0/type: 'Marquee' is not allowed as an element"
    assert len(far.violations) == 4


ADDRESSED: list[Json] = [
    message(**{"from": {"id": "28:another"}}),
    message(conversation={"id": "a:another"}),
    message(conversation={"id": GROUP, "tenantId": guid("contoso")}),
    message(recipient={"id": "29:another"}),
    message(text="<at>Eve</at>", entities=[mention("Eve", "29:eve")]),
]


@pytest.mark.parametrize("activity", ADDRESSED)
async def test_an_activity_says_the_truth_about_itself(far: Far, caller: Caller, activity: Json) -> None:
    assert (await caller.send(GROUP, activity)).code == "BadArgument"
    assert len(far.violations) == 1
    ann = far.users[ANN].mri
    told = {"from": {"id": far.app.bot}, "conversation": {"id": GROUP}, "recipient": {"id": ann}}
    named = message(text="<at>Ann Lee</at>", entities=[mention(id=ann)], **told)
    assert (await caller.send(GROUP, named)).status == 201


REFUSALS: list[tuple[str, int, Callable[[Caller, str, str], Awaitable[Answered]], bool]] = [
    ("ConversationNotFound", 404, lambda c, own, hers: c.send("a:none", message()), False),
    ("ConversationNotFound", 404, lambda c, own, hers: c.send(threaded(HELP, "1"), message()), False),
    ("ConversationNotFound", 404, lambda c, own, hers: c.send(threaded(GROUP, own), message()), False),
    ("ActivityNotFoundInConversation", 404, lambda c, own, hers: c.send(ANN, message(), "1"), True),
    ("ActivityNotFoundInConversation", 404, lambda c, own, hers: c.update(ANN, "1", message()), False),
    ("ActivityNotFoundInConversation", 404, lambda c, own, hers: c.update(BOB, own, message()), False),
    ("ActivityNotFoundInConversation", 404, lambda c, own, hers: c.delete(ANN, "1"), False),
    ("NotEnoughPermissions", 403, lambda c, own, hers: c.update(ANN, hers, message()), True),
    ("NotEnoughPermissions", 403, lambda c, own, hers: c.delete(ANN, hers), True),
    ("BadArgument", 400, lambda c, own, hers: c.update(ANN, own, message(id="1")), True),
    ("BadSyntax", 400, lambda c, own, hers: c.update(ANN, own, {"type": "typing"}), True),
    ("BadSyntax", 400, lambda c, own, hers: c.update(ANN, own, message(card(), text="Words")), True),
    ("NotFound", 404, lambda c, own, hers: c.call("GET", "/a:1/activities/1"), True),
]


@pytest.mark.parametrize(("code", "status", "asked", "violates"), REFUSALS)
async def test_what_is_not_there_or_not_the_bots_own_is_refused(
    far: Far,
    caller: Caller,
    code: str,
    status: int,
    asked: Callable[[Caller, str, str], Awaitable[Answered]],
    violates: bool,
) -> None:
    own = (await caller.send(ANN, message())).id
    hers = far.say(ANN, ANN, message()).id
    refused = await asked(caller, own, hers)
    assert (refused.status, refused.code) == (status, code)
    assert bool(far.violations) == violates


async def test_a_deleted_message_is_gone_and_its_thread_is_not(far: Far, caller: Caller) -> None:
    root = (await caller.send(HELP, message())).id
    await caller.delete(HELP, root)
    assert (await caller.update(HELP, root, message())).status == 404
    assert (await caller.send(threaded(HELP, root), message())).status == 201


async def test_whoever_blocked_the_bot_or_removed_it_hears_nothing(far: Far, caller: Caller) -> None:
    sent = (await caller.send(ANN, message())).id
    far.block(ANN)
    assert (await caller.send(ANN, message())).code == "MessageWritesBlocked"
    assert (await caller.update(ANN, sent, message())).code == "MessageWritesBlocked"
    far.block(ANN, False)
    assert (await caller.send(ANN, message())).status == 201
    for place in (ANN, TEAM, GROUP):
        far.set_installed(place, False)
    for place in (ANN, HELP, GROUP):
        assert (await caller.send(place, message())).code == "BotNotInConversationRoster"
    assert (await caller.create(direct(far))).code == "ForbiddenOperationException"
    assert far.violations == []


# People -----------------------------------------------------------------------------------------------------------


async def test_the_roster_tells_who_is_a_guest_and_of_which_tenant(far: Far, caller: Caller) -> None:
    everybody = {one["name"]: one for one in (await caller.members(HELP)).json}
    assert {name: one["userRole"] for name, one in everybody.items()} == {"Ann Lee": "user", "Bob": "guest"}
    for id in (ANN, far.users[ANN].mri):
        ann = (await caller.members(GROUP, id)).json
        assert ann == everybody["Ann Lee"]
    assert (ann["aadObjectId"], ann["tenantId"]) == (ANN, far.app.tenant)
    assert ann["userPrincipalName"] == "ann.lee@provider.com"
    assert (await caller.members(GROUP, EVE)).code == "MemberNotFoundInConversation"


# How it goes wrong ------------------------------------------------------------------------------------------------


async def test_a_conversation_takes_seven_a_second_and_eight_in_two(far: Far, caller: Caller) -> None:
    far.rate_limit = True
    statuses = [(await caller.send(ANN, message())).status for _ in range(8)]
    assert statuses == [201] * 7 + [429]
    assert (await caller.send(BOB, message())).status == 201, "each conversation for itself"
    far.pace.at += 1  # type: ignore[attr-defined]
    assert (await caller.send(ANN, message())).status == 201
    refused = await caller.send(ANN, message())
    assert (refused.code, refused.headers["Retry-After"]) == ("Throttled", "1")
    assert far.violations == []


async def test_a_conversation_takes_sixty_in_half_a_minute_and_1800_an_hour(far: Far, caller: Caller) -> None:
    far.rate_limit = True

    async def passed(seconds: float, gap: float) -> int:
        taken = 0
        for _ in range(int(seconds / gap)):
            taken += far._rates.take("send", "a:1", far.pace()) == 0
            far.pace.at += gap  # type: ignore[attr-defined]
        return taken

    assert await passed(30, 0.25) == 60
    far.pace.at += 3600  # type: ignore[attr-defined]
    assert await passed(3600, 0.5) == 1800


async def test_calls_go_wrong_when_they_are_told_to(far: Far, caller: Caller) -> None:
    far.script("send", faults.status(412), faults.status(502), faults.status(429, 7), faults.reset_before())
    answered = [await caller.send(ANN, message()) for _ in range(3)]
    assert [one.status for one in answered] == [412, 502, 429]
    assert answered[2].headers["Retry-After"] == "7"
    with pytest.raises(aiohttp.ClientError):
        await caller.send(ANN, message())
    assert far.activities(ANN) == []
    far.script("send", faults.reset_after_record())
    with pytest.raises(aiohttp.ClientError):
        await caller.send(ANN, message())
    assert len(far.activities(ANN)) == 1, "it was done, and only the answer got lost"
    with far.rule(faults.status(403), "send", when=lambda call: call.token == caller.token):
        assert (await caller.send(ANN, message())).code == "MessageWritesBlocked"
    assert (await caller.send(ANN, message())).status == 201


async def test_every_call_is_kept_with_what_became_of_it(far: Far, caller: Caller) -> None:
    sent = (await caller.send(ANN, message(text="a"))).id
    await caller.update(ANN, sent, message(text="b"))
    await caller.delete(ANN, "1")
    assert [(call.method, call.status, call.answer) for call in far.calls] == [
        ("login", 200, "ok"),
        ("send", 201, "ok"),
        ("update", 200, "ok"),
        ("delete", 404, "ActivityNotFoundInConversation"),
    ]
    assert far.calls[2].about == sent
    assert {call.region for call in far.calls[1:]} == {"amer"}
    far.region = "emea"
    await caller.send(ANN, message())
    assert far.calls[-1].region == "emea"
