"""Buttons, forms and dialogs are pressed and filled in as people can, and wrong answers to them are noticed."""

from typing import Any

import pytest
from aiohttp import web
from botbuilder.schema.teams import MessagingExtensionAction

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
from tests.teams.places import threaded
from tests.teams.requests.hearing import ANN, BOB, GROUP, HELP, Desk, Says
from tests.teams.teams import Delivered, NotSent, Teams

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
