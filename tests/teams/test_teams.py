"""Teams' own requests are such as Teams makes, and wrong answers to them are noticed."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp
import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from botbuilder.core import TurnContext
from botbuilder.core.teams import teams_get_channel_id, teams_get_team_info
from botbuilder.schema import Activity
from botbuilder.schema.teams import MessagingExtensionAction

from tests.teams.caller import Caller
from tests.teams.far import Far
from tests.teams.pieces import (
    asks,
    card,
    choose,
    continues,
    dialog,
    ends,
    execute,
    fetch,
    form,
    link,
    message,
    says,
    shows,
    submit,
    text,
)
from tests.teams.places import Json, Posted, guid, threaded
from tests.teams.teams import Delivered, NotSent, Teams

ANN, BOB = guid("ann"), guid("bob")
TEAM, HELP, GROUP = "19:desk@thread.tacv2", "19:help@thread.tacv2", "19:chat@thread.v2"


@dataclass
class Desk:
    """An app that keeps what it hears and answers what it is told to."""

    answers: list[Any] = field(default_factory=list)
    heard: list[Json] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    async def hear(self, request: web.Request) -> web.StreamResponse:
        self.heard.append(await request.json())
        self.tokens.append(request.headers.get("Authorization", ""))
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, web.Response):
            return answer
        return web.Response() if answer is None else web.json_response(answer)

    @property
    def last(self) -> Json:
        return self.heard[-1]

    def read(self) -> Any:
        """As Microsoft's own library reads it."""
        return Activity().deserialize(self.last)


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    async with Far() as far:
        far.add_user(ANN, "Ann Lee", zone="Europe/Paris", locale="fr-FR")
        far.add_user(BOB, "Bob")
        far.add_team(TEAM, "Desk", [ANN, BOB])
        far.add_channel(HELP, "Help", TEAM)
        far.add_group(GROUP, [ANN, BOB])
        yield far


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def teams(far: Far, desk: Desk) -> AsyncIterator[Teams]:
    app = web.Application()
    app.router.add_post("/api/messages", desk.hear)
    async with TestServer(app) as server, Teams(far, str(server.make_url("/api/messages"))) as teams:
        yield teams


@pytest.fixture
async def bot(far: Far) -> AsyncIterator[Callable[..., Awaitable[Posted]]]:
    """Says something and gives what then stands there."""
    async with aiohttp.ClientSession() as session:
        caller = Caller(far, session)
        await caller.login()

        async def say(place: str, activity: Json) -> Posted:
            sent = await caller.send(place, activity)
            assert sent.status == 201, sent.text
            return far.said(place)[-1]

        yield say


Says = Callable[..., Awaitable[Posted]]

# What every activity has ------------------------------------------------------------------------------------------


async def test_a_message_reads_as_microsofts_library_expects(far: Far, desk: Desk, teams: Teams) -> None:
    done = await teams.message(ANN, ANN, "Hello <b> & you")
    heard = desk.read()
    assert (done.status, done.id, done.posted) == (200, heard.id, far.activities(ANN)[0])
    assert (heard.type, heard.text, heard.text_format) == ("message", "Hello <b> & you", "plain")
    assert (heard.from_property.aad_object_id, heard.from_property.name) == (ANN, "Ann Lee")
    assert (heard.recipient.id, heard.channel_id) == (far.app.bot, "msteams")
    assert (heard.conversation.conversation_type, heard.conversation.id) == ("personal", far.place(ANN).id)
    assert heard.conversation.is_group is None
    assert heard.channel_data == {"tenant": {"id": far.app.tenant}}
    assert heard.local_timestamp.utcoffset() in (timedelta(hours=1), timedelta(hours=2))
    assert desk.last["entities"] == [
        {"locale": "fr-FR", "country": "FR", "platform": "Web", "timezone": "Europe/Paris", "type": "clientInfo"}
    ]
    assert desk.last["attachments"][0]["content"] == "<p>Hello &lt;b&gt; &amp; you</p>"


async def test_the_token_is_for_the_bot_and_names_the_service(far: Far, desk: Desk, teams: Teams) -> None:
    await teams.message(ANN, ANN, "Hello")
    token = desk.tokens[0].removeprefix("Bearer ")
    said = jwt.decode(token, jwt.PyJWK(far.signer.keys[0].json()).key, ["RS256"], audience=far.app.id)
    assert said["serviceurl"] == desk.last["serviceUrl"] == far.service_url


async def test_a_channel_names_its_team_and_thread_and_mentions_the_bot(far: Far, desk: Desk, teams: Teams) -> None:
    root = (await teams.message(ANN, HELP, "look, @Bob")).posted
    heard = desk.read()
    assert root
    assert heard.conversation.id == threaded(HELP, root.id)
    assert heard.text == "<at>Support Hub</at> look, <at>Bob</at>"
    ids = [one.additional_properties["mentioned"]["id"] for one in TurnContext.get_mentions(heard)]
    assert ids == [far.app.bot, far.users[BOB].mri]
    assert (teams_get_team_info(heard).id, teams_get_channel_id(heard)) == (TEAM, HELP)
    await teams.message(BOB, HELP, "@Support Hub me too", thread=root.id)
    assert (desk.last["conversation"]["id"], desk.last["replyToId"]) == (threaded(HELP, root.id), root.id)
    assert [one.by for one in far.activities(threaded(HELP, root.id))] == [ANN, BOB]


async def test_without_a_mention_the_bot_hears_nothing_unless_it_overhears(desk: Desk, teams: Teams) -> None:
    for place in (HELP, GROUP):
        assert not (await teams.message(ANN, place, "Lunch?", mention=False)).sent
    assert desk.heard == []
    teams.overhears = True
    assert (await teams.message(ANN, HELP, "Lunch?", mention=False)).sent
    assert desk.last["text"] == "Lunch?"


@pytest.mark.parametrize("quoting", ["html", "entity", "replyToId"])
async def test_a_quotation_names_the_message_it_answers(desk: Desk, teams: Teams, bot: Says, quoting: Any) -> None:
    quoted = await bot(ANN, message(card(text("The case <is> open"))))
    teams.quoting = quoting
    await teams.message(ANN, ANN, "Thanks", quote=quoted)
    html = desk.last["attachments"][0]["content"]
    assert f'itemtype="http://schema.skype.com/Reply" itemid="{quoted.id}"' in html
    assert '<p itemprop="preview">The case &lt;is&gt; open</p>' in html
    entities = [one["quotedReply"]["messageId"] for one in desk.last["entities"] if one["type"] == "quotedReply"]
    assert entities == ([quoted.id] if quoting == "entity" else [])
    assert desk.last.get("replyToId") == (quoted.id if quoting == "replyToId" else None)


async def test_people_change_and_take_back_what_they_wrote(far: Far, desk: Desk, teams: Teams) -> None:
    written = (await teams.message(ANN, HELP, "Helo")).posted
    assert written
    await teams.edit(ANN, written, "Hello")
    assert (desk.last["type"], desk.last["channelData"]["eventType"]) == ("messageUpdate", "editMessage")
    assert (desk.last["id"], desk.last["text"]) == (written.id, "<at>Support Hub</at> Hello")
    assert far.activities(HELP)[0].edits == 1
    await teams.delete(ANN, written)
    assert (desk.last["type"], desk.last["channelData"]["eventType"]) == ("messageDelete", "softDeleteMessage")
    assert far.activities(HELP) == []
    await teams.undelete(ANN, written)
    assert (desk.last["type"], desk.last["channelData"]["eventType"]) == ("messageUpdate", "undeleteMessage")
    assert desk.last["text"] == "<at>Support Hub</at> Hello"
    with pytest.raises(AssertionError, match="only what they wrote themselves"):
        await teams.edit(BOB, written, "Bye")


async def test_reactions_to_the_bots_messages_are_told(far: Far, desk: Desk, teams: Teams, bot: Says) -> None:
    said = await bot(ANN, message())
    await teams.react(ANN, said, "like")
    assert (desk.last["reactionsAdded"], desk.last["replyToId"]) == ([{"type": "like"}], said.id)
    await teams.react(ANN, said, "like", taken_back=True)
    assert desk.last["reactionsRemoved"] == [{"type": "like"}]
    written = (await teams.message(ANN, ANN, "Hello")).posted
    assert written
    assert not (await teams.react(ANN, written, "like")).sent


async def test_a_file_comes_with_an_address_that_needs_no_token(far: Far, desk: Desk, teams: Teams) -> None:
    await teams.message(ANN, ANN, "Here", files={"log.txt": b"lines"})
    attached = desk.last["attachments"][0]
    assert attached["contentType"] == "application/vnd.microsoft.teams.file.download.info"
    assert (attached["name"], attached["content"]["fileType"]) == ("log.txt", "txt")
    async with aiohttp.ClientSession() as session, session.get(attached["content"]["downloadUrl"]) as got:
        assert await got.read() == b"lines"
    assert far.violations == []


# Coming and going -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [ANN, TEAM, GROUP])
async def test_installing_tells_of_the_bot_and_of_the_installation(
    far: Far, desk: Desk, teams: Teams, place: str
) -> None:
    await teams.uninstall(ANN, place)
    removed = [one.get("membersRemoved", one.get("action")) for one in desk.heard]
    assert removed == (["remove"] if place == ANN else [[{"id": far.app.bot}], "remove"])
    assert not (await teams.message(ANN, place, "Hello?")).sent
    await teams.install(ANN, place)
    added = [(one["type"], one.get("membersAdded", one.get("action"))) for one in desk.heard[-2:]]
    assert added == [("conversationUpdate", [{"id": far.app.bot}]), ("installationUpdate", "add")]
    assert (await teams.message(ANN, place, "Hello?")).sent
    assert (await teams.upgrade(ANN, place)).activity["action"] == "add-upgrade"


async def test_people_join_and_leave(far: Far, desk: Desk, teams: Teams) -> None:
    far.add_user(guid("eve"), "Eve")
    await teams.join(guid("eve"), TEAM)
    assert desk.last["membersAdded"] == [{"id": far.users[guid("eve")].mri, "aadObjectId": guid("eve")}]
    assert guid("eve") in far.place(HELP).members
    await teams.leave(guid("eve"), TEAM)
    assert "membersRemoved" in desk.last
    with pytest.raises(AssertionError, match="is not in"):
        await teams.message(guid("eve"), HELP, "Still here?")


# Pressing and filling in ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["Take", "take 1001", "say", "t"])
async def test_a_button_is_pressed_by_its_title_line_verb_or_id(
    far: Far, desk: Desk, teams: Teams, bot: Says, what: str
) -> None:
    said = await bot(HELP, message(card(actions=[execute(id="t"), execute("Other", verb="x", data={"say": "no"})])))
    desk.answers.append(says("Taken"))
    done = await teams.press(BOB, said, what)
    assert (done.words, done.card) == ("Taken", None)
    heard = desk.read()
    assert (heard.type, heard.name, heard.reply_to_id) == ("invoke", "adaptiveCard/action", said.id)
    assert heard.conversation.id == threaded(HELP, said.id)
    action = heard.value["action"]
    assert (action["type"], action["verb"], action["data"]) == ("Action.Execute", "say", {"say": "take 1001"})
    assert heard.value["trigger"] == "manual"
    assert far.violations == []


async def test_the_card_in_the_answer_is_what_this_person_sees_until_it_changes(
    far: Far, desk: Desk, teams: Teams, bot: Says
) -> None:
    said = await bot(GROUP, message(card(actions=[execute()])))
    desk.answers.append(shows(card(text("Yours"), actions=[execute("Leave")])))
    await teams.press(BOB, said, "Take")
    desk.answers.append(says("Left"))
    await teams.press(BOB, said, "Leave")
    with pytest.raises(AssertionError, match="there is no 'Leave'"):
        await teams.press(ANN, said, "Leave")
    far.change(teams._stands(said), message(card(text("Closed"))))
    with pytest.raises(AssertionError, match="there is no 'Leave'"):
        await teams.press(BOB, said, "Leave")


async def test_an_older_client_sends_the_fallback_as_a_message(far: Far, desk: Desk, teams: Teams, bot: Says) -> None:
    said = await bot(ANN, message(form(asks(), choose())))
    await teams.fill(ANN, said, submit=True, problem="Broken", priority="High")
    heard = desk.read()
    assert (heard.type, heard.text, heard.reply_to_id) == ("message", None, said.id)
    assert heard.value == {"form": "open", "problem": "Broken", "priority": "high"}


async def test_a_form_is_filled_in_as_a_client_lets_people(desk: Desk, teams: Teams, bot: Says) -> None:
    asked = [asks(isRequired=True, errorMessage="Say something", maxLength=5), choose(label="How bad?")]
    toggle = asks("yes", "Toggle", title="Really", label="Sure?")
    said = await bot(ANN, message(form(*asked, asks("more", label="More"), toggle)))
    with pytest.raises(NotSent, match="Say something"):
        await teams.fill(ANN, said, priority="low")
    with pytest.raises(NotSent, match="offers no 'middling'"):
        await teams.fill(ANN, said, values={"What is wrong?": "Broken", "How bad?": "middling"})
    desk.answers.append(says("Thanks"))
    await teams.fill(ANN, said, problem="Broken down")
    data = desk.last["value"]["action"]["data"]
    assert data == {"form": "open", "problem": "Broke", "more": "", "yes": "false"}


async def test_a_card_is_asked_for_again_for_those_it_names(far: Far, desk: Desk, teams: Teams, bot: Says) -> None:
    again = {"action": {"type": "Action.Execute", "verb": "refresh", "data": {"case": 1}}}
    said = await bot(HELP, message(card(refresh={**again, "userIds": [far.users[ANN].mri]})))
    desk.answers.append(shows(card(text("Fresh"))))
    assert (await teams.refresh(ANN, said)).card == card(text("Fresh"))
    assert desk.last["value"] == {**again, "trigger": "automatic"}
    with pytest.raises(AssertionError, match="is not in userIds"):
        await teams.refresh(BOB, said)


async def test_a_link_tells_the_bot_nothing(teams: Teams, bot: Says) -> None:
    said = await bot(ANN, message(card(actions=[link()])))
    with pytest.raises(AssertionError, match=r"Action\.OpenUrl tells the bot nothing"):
        await teams.press(ANN, said, "Read")


async def test_a_button_may_speak_for_people(desk: Desk, teams: Teams, bot: Says) -> None:
    said = await bot(ANN, message(card(actions=[submit(data={"msteams": {"type": "imBack", "value": "hi"}})])))
    await teams.press(ANN, said, "Send")
    assert (desk.last["type"], desk.last["text"]) == ("message", "hi")


# Dialogs ----------------------------------------------------------------------------------------------------------


async def test_a_button_opens_a_dialog_that_ends_with_words(far: Far, desk: Desk, teams: Teams, bot: Says) -> None:
    said = await bot(ANN, message(card(actions=[fetch()])))
    desk.answers += [continues(dialog()), continues(dialog(asks("again"))), ends("Thanks")]
    await teams.press(ANN, said, "Open")
    assert (desk.last["name"], desk.last["value"]["data"]["say"]) == ("task/fetch", "open")
    assert (teams.dialog(ANN).title, teams.dialog(ANN).questions) == ("New case", ["What is wrong?"])
    await teams.submit(ANN, problem="Broken")
    assert (desk.last["name"], desk.last["replyToId"]) == ("task/submit", said.id)
    assert desk.last["value"] == {"data": {"form": "open", "problem": "Broken"}, "context": {"theme": "default"}}
    done = await teams.submit(ANN, again="Broken")
    assert (done.words, teams.has_dialog(ANN)) == ("Thanks", False)
    assert far.violations == []


async def test_a_dialog_stays_open_while_the_app_fails(desk: Desk, teams: Teams, bot: Says) -> None:
    said = await bot(ANN, message(card(actions=[fetch()])))
    desk.answers += [continues(dialog()), web.Response(status=503)]
    await teams.press(ANN, said, "Open")
    assert (await teams.submit(ANN, problem="Broken")).status == 503
    assert teams.has_dialog(ANN)
    await teams.submit(ANN, problem="Broken")
    assert not teams.has_dialog(ANN), "no answer at all closes it"


async def test_a_case_is_made_from_anybodys_message(far: Far, desk: Desk, teams: Teams) -> None:
    written = (await teams.message(BOB, HELP, "It <broke>", mention=False)).posted
    assert written
    desk.answers += [continues(dialog()), ends()]
    await teams.extension(ANN, written, "createCase")
    asked = MessagingExtensionAction().deserialize(desk.last["value"])
    payload = asked.message_payload
    assert (asked.command_id, asked.command_context, payload.id) == ("createCase", "message", written.id)
    assert payload.body.content == "<div>\n<p>It &lt;broke&gt;</p>\n</div>"
    assert (payload.from_property.user.id, payload.from_property.user.display_name) == (BOB, "Bob")
    assert payload.created_date_time.endswith("Z")
    await teams.submit(ANN, problem="Broken")
    assert desk.last["name"] == "composeExtension/submitAction"
    assert desk.last["value"]["data"] == {"form": "open", "problem": "Broken"}
    assert desk.last["value"]["messagePayload"]["id"] == written.id
    assert far.violations == []


# Wrong answers ----------------------------------------------------------------------------------------------------

ANSWERS: dict[str, tuple[str, Any, str]] = {
    "words to a message": ("message", {"text": "Hello"}, "is answered with nothing"),
    "an error": ("message", web.Response(status=500), "500"),
    "nothing to a button": ("press", None, "must be an answer with a type"),
    "a bare card": ("press", card(), "'AdaptiveCard' is not allowed as an answer"),
    "a bad card": ("press", shows(card({"type": "Marquee"})), "/value/body/0/type"),
    "an error that says two hundred": ("press", {**says("x"), "statusCode": 500}, "/statusCode"),
    "an error with no code": (
        "press",
        {"statusCode": 400, "type": "application/vnd.microsoft.error", "value": {"message": "x"}},
        "/value: lacks code",
    ),
    "no dialog": ("fetch", {}, "lacks task"),
    "a dialog without a title": ("fetch", continues(dialog(), title=""), "/task/value/title: is empty"),
    "a page in a dialog": ("fetch", continues(dialog(), url="https://a.b"), "has no field called url"),
    "a giant dialog": ("fetch", continues(dialog(), height="giant"), "/task/value/height"),
    "universal actions in a dialog": ("fetch", continues(form()), "does nothing in a dialog"),
}


@pytest.mark.parametrize(("act", "answer", "why"), ANSWERS.values(), ids=ANSWERS)
async def test_an_answer_teams_cannot_use_is_a_violation(
    far: Far, desk: Desk, teams: Teams, bot: Says, act: str, answer: Any, why: str
) -> None:
    said = await bot(ANN, message(card(actions=[execute(), fetch()])))
    desk.answers.append(answer)
    match act:
        case "message":
            await teams.message(ANN, ANN, "Hello")
        case "press":
            await teams.press(ANN, said, "Take")
        case _:
            await teams.press(ANN, said, "Open")
    assert len(far.violations) == 1
    assert why in far.violations[0]


# Sent again, and sent wrong ---------------------------------------------------------------------------------------


async def test_the_same_act_is_delivered_again_under_the_same_id_or_another(desk: Desk, teams: Teams) -> None:
    first = await teams.message(ANN, ANN, "Hello")
    again = await teams.redeliver(first, 2)
    fresh = await teams.redeliver(first, 2, new_ids=True, together=True)
    assert {one.id for one in again} == {first.id}
    assert len({one.id for one in (first, *fresh)}) == 3
    assert [one["text"] for one in desk.heard] == ["Hello"] * 5


async def test_anything_can_be_sent_with_any_token(desk: Desk, teams: Teams) -> None:
    first: Delivered = await teams.message(ANN, ANN, "Hello")
    await teams.send({**first.activity, "text": "Forged"}, token="forged")
    await teams.send(first.activity, token="")
    await teams.raw(b"{}", "application/json", X_Thing="x")
    assert desk.tokens[1:3] == ["Bearer forged", ""]
    assert desk.tokens[3].startswith("Bearer ey")
