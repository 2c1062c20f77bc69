"""Teams' own requests are such as Teams makes."""

from datetime import timedelta
from typing import Any

import aiohttp
import jwt
import pytest
from botbuilder.core import TurnContext
from botbuilder.core.teams import teams_get_channel_id, teams_get_team_info

from tests.teams.far import Far
from tests.teams.pieces import card, message, text
from tests.teams.places import guid, threaded
from tests.teams.requests.hearing import ANN, BOB, GROUP, HELP, TEAM, Desk, Says
from tests.teams.teams import Teams

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
