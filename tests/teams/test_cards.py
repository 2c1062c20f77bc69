"""The validator lets through what Teams shows, and says where whatever else is wrong."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.teams.cards import LARGEST, Invalid, check_activity, check_card, check_dialog_card, size
from tests.teams.pieces import (
    asks,
    card,
    choose,
    dialog,
    execute,
    fetch,
    form,
    gauge,
    link,
    mention,
    message,
    opens,
    pressed_with,
    submit,
    text,
)
from tests.teams.places import Json

ANN = mention()


def column(*items: Json, **more: Any) -> Json:
    return {"type": "Column", "items": list(items), **more}


def table(columns: int, *rows: int) -> Json:
    cells = [[{"type": "TableCell", "items": [text()]}] * row for row in rows]
    made = [{"type": "TableRow", "cells": row} for row in cells]
    return {"type": "Table", "columns": [{"width": 1}] * columns, "rows": made}


GOOD: dict[str, Json] = {
    "words": card(text(size="Large", weight="bolder", color="attention", spacing="small", style="heading")),
    "a day and an hour": card(text("{{DATE(2026-01-19T14:00:00Z, SHORT)}} {{TIME(2026-01-19T14:00:00Z)}}")),
    "links": card(text(r"[us](https://a.b/c), [call](tel:+1-800-5), [write](mailto:a@b.c), \[not](javascript:1)")),
    "a function that is quoted": card(text("TIME() and DATE(x) are no functions, {{NAME}} neither")),
    "rich text": card({"type": "RichTextBlock", "inlines": ["a", {"type": "TextRun", "text": "b", "italic": True}]}),
    "facts": card({"type": "FactSet", "facts": [{"title": "State", "value": "open"}]}),
    "a picture": card({"type": "Image", "url": "https://a.b/c.png", "altText": "A bar", "width": "50px"}),
    "columns": card({"type": "ColumnSet", "columns": [column(text(), width="auto"), column(text(), width=2)]}),
    "a box to press": card({"type": "Container", "items": [text()], "style": "emphasis", "selectAction": execute()}),
    "a table": card(table(2, 2, 2)),
    "buttons": pressed_with(execute(), submit("Other", associatedInputs="none"), link(), fetch()),
    "buttons in a set": card({"type": "ActionSet", "actions": [execute(style="positive", tooltip="Take it")]}),
    "buttons in the overflow": pressed_with(*[execute()] * 6, *[execute(mode="secondary")] * 3),
    "a card inside": card(actions=[opens(asks(), actions=[execute(data={})]), link("tel:+18005550100")]),
    "something to unfold": card(
        text(id="more", isVisible=False),
        actions=[{"type": "Action.ToggleVisibility", "title": "More", "targetElements": ["more"]}],
    ),
    "every input": form(
        asks(isMultiline=True, isRequired=True, errorMessage="Say something", maxLength=9, value="x" * 9),
        asks("n", "Number", min=1, max=3, value=2),
        asks("d", "Date", min="2026-01-01", value="2026-01-19"),
        asks("t", "Time", value="09:30"),
        asks("yes", "Toggle", title="Really", value="true"),
        choose("a", "b", "c", isMultiSelect=True, value="a,c", style="expanded"),
    ),
    "a gauge": card(gauge(segments=[{"size": 50, "legend": "used", "color": "good"}], valueFormat="Percentage")),
    "a mention": card(text("<at>Ann Lee</at>: yours"), msteams={"width": "Full", "entities": [ANN]}),
    "a card that stays fresh": card(
        refresh={"action": {"type": "Action.Execute", "verb": "refresh", "data": {}}, "userIds": ["29:1a"] * 60}
    ),
    "a fallback with the ids of what it stands for": card(gauge(id="used", fallback=text(id="used"))),
}


@pytest.mark.parametrize("good", GOOD.values(), ids=GOOD)
def test_what_teams_shows_passes(good: Json) -> None:
    check_card(good)
    check_activity(message(good))


BAD: dict[str, tuple[Json, str]] = {
    "no card": (text(), "lacks body, version"),
    "another version": (card(version="1.6"), "/version: must be one of 1.5"),
    "nothing in it": (card() | {"body": []}, "/body"),
    "an unknown element": (card({"type": "Marquee"}), "/body/0/type: 'Marquee'"),
    "an unknown property": (card(text(colour="red")), "/body/0: has no field called colour"),
    "an unknown property of the card": (card(title="x"), "/: has no field called title"),
    "an unknown action": (pressed_with({"type": "Action.Http", "title": "x"}), "/actions/0/type: 'Action.Http'"),
    "an unknown colour": (card(text(color="red")), "/body/0/color"),
    "no text": (card({"type": "TextBlock"}), "/body/0: lacks text"),
    "an empty text": (card(text(" ")), "/body/0/text: is empty"),
    "a template": (card(text("Hello ${name}")), "/body/0/text: has a template"),
    "a function with no zone": (card(text("{{DATE(2026-01-19T14:00:00, SHORT)}}")), "shows as it stands"),
    "a function with an offset": (card(text("{{TIME(2026-01-19T14:00:00+01:00)}}")), "shows as it stands"),
    "a function with a wrong format": (card(text("{{DATE(2026-01-19T14:00:00Z, short)}}")), "shows as it stands"),
    "a function left open": (card(text("{{TIME(2026-01-19T14:00:00Z)")), "shows as it stands"),
    "a function of no instant": (card(text("{{TIME(2026-02-30T14:00:00Z)}}")), "no such instant"),
    "a link to a script": (card(text("[x](javascript:alert(1))")), "links to 'javascript:alert(1'"),
    "a link without encryption": (card(text("[x](http://a.b)")), "links to 'http://a.b'"),
    "a button without encryption": (pressed_with(link("http://a.b/")), "/actions/0/url: must be an https:"),
    "a picture without words": (card({"type": "Image", "url": "https://a.b/c.png"}), "lacks altText"),
    "a picture inside": (card({"type": "Image", "url": "data:image/png;base64,x", "altText": "x"}), "/url"),
    "a cell too few": (card(table(2, 2, 1)), "/body/0/rows/1: has 1 cells for 2 columns"),
    "seven buttons": (pressed_with(*[execute()] * 7), "/actions: has 7 primary actions, and Teams shows 6"),
    "a button without a title": (pressed_with(submit("")), "/actions/0/title: is empty"),
    "no verb": (pressed_with({**execute(), "verb": ""}), "/verb: is empty"),
    "no fallback": (pressed_with({k: v for k, v in execute().items() if k != "fallback"}), "lacks fallback"),
    "a fallback to nothing": (pressed_with(execute(fallback="drop")), "/fallback: must be an action"),
    "a fallback to a link": (pressed_with(execute(fallback=link())), "/fallback: must be an Action.Submit"),
    "a fallback that means another thing": (
        pressed_with(execute(fallback=submit("Take", data={}))),
        "/fallback/data: is not that of the Action.Execute",
    ),
    "a dialog opened by Action.Execute": (
        pressed_with(execute(data={"msteams": {"type": "task/fetch"}})),
        "/data: only an Action.Submit knows data/msteams",
    ),
    "an unknown special": (pressed_with(submit(data={"msteams": {"type": "signin"}})), "/data/msteams/type"),
    "data in a string": (pressed_with(submit(data="say")), "/data: must be an object"),
    "a card behind a box": (
        card({"type": "Container", "items": [text()], "selectAction": opens(text())}),
        "selectAction",
    ),
    "an input without a label": (form({"type": "Input.Text", "id": "a"}), "/body/0: lacks label"),
    "an input without an id": (form({"type": "Input.Text", "label": "a"}), "/body/0: lacks id"),
    "the same id twice": (form(asks(), asks()), "has the same id twice: problem"),
    "an input nobody sends": (card(asks()), "nothing sends them"),
    "an input sent without inputs": (form(actions=[submit(associatedInputs="none")]), "nothing sends them"),
    "an input that hides what a button says": (form(asks("form")), "the names of inputs, which win: form"),
    "required for no reason": (form(asks(isRequired=True)), "has no errorMessage"),
    "a text too long from the start": (form(asks(maxLength=2, value="abc")), "/value: is longer than maxLength"),
    "a number out of bounds": (form(asks("n", "Number", max=3, value=4)), "/value: is out of bounds"),
    "bounds the wrong way": (form(asks("n", "Number", min=3, max=1)), "/max: is below 3"),
    "no day": (form(asks("d", "Date", value="2026-02-30")), "/value: is no day"),
    "no choices": (form(choose(choices=[])), "/choices: has 0 items"),
    "too many choices": (form(choose(*map(str, range(101)))), "/choices: has 101 items, and 100"),
    "the same choice twice": (form(choose("a", "a")), "offers the same value twice: a"),
    "a choice nobody offers": (form(choose("a", value="b")), "/value: 'b' is none of the choices"),
    "a comma among several choices": (form(choose("a,b", isMultiSelect=True)), "one has a comma"),
    "a chart for some only": (card({"type": "Chart.Gauge", "value": 1}), "lacks fallback"),
    "a chart that vanishes": (card(gauge(fallback="drop")), "/fallback: must be an element"),
    "an unknown fallback": (card(gauge(fallback={"type": "Marquee"})), "/fallback/type"),
    "a mention of nobody": (card(text("<at>Ann Lee</at>")), "<at>Ann Lee</at> has no entity"),
    "a mention not made": (card(msteams={"entities": [ANN]}), "the entity for <at>Ann Lee</at> is not in the text"),
    "fresh for too many": (
        card(refresh={"action": {"type": "Action.Execute", "verb": "x", "data": {}}, "userIds": ["29:1"] * 61}),
        "/refresh/userIds: has 61 items, and 60 are allowed",
    ),
    "an unknown width": (card(msteams={"width": "Half"}), "/msteams/width"),
}


@pytest.mark.parametrize(("bad", "why"), BAD.values(), ids=BAD)
def test_what_teams_does_not_show_is_refused(bad: Json, why: str) -> None:
    with pytest.raises(Invalid, match=re.escape(why)):
        check_card(bad)
    if "body" in bad:
        with pytest.raises(Invalid, match=re.escape(why.removeprefix("/:"))):
            check_activity(message(bad))


def test_dialogs_know_only_action_submit() -> None:
    check_dialog_card(dialog())
    for bad in (
        form(),
        dialog(actions=[submit(data={}), fetch()]),
        dialog(refresh=GOOD["a card that stays fresh"]["refresh"]),
    ):
        check_card(bad)
        with pytest.raises(Invalid, match="does nothing in a dialog"):
            check_dialog_card(bad)


ACTIVITIES: dict[str, tuple[Json, str]] = {
    "another type": ({"type": "endOfConversation"}, "/type"),
    "nothing said": ({"type": "message"}, "neither text nor attachments"),
    "both text and a card": (message(card(), text="Words"), "returns no id"),
    "a card without a summary": ({k: v for k, v in message(card()).items() if k != "summary"}, "/summary"),
    "an unknown format": (message(textFormat="html"), "/textFormat"),
    "an unknown property": (message(channeldata={}), "has no field called channeldata"),
    "channel data nobody knows": (message(channelData={"eventType": "x"}), "/channelData"),
    "another kind of card": (
        {**message(card()), "attachments": [{"contentType": "application/vnd.microsoft.card.hero", "content": {}}]},
        "/attachments/0/contentType",
    ),
    "a bad card": (message(card({"type": "Marquee"})), "/attachments/0/content/body/0/type"),
    "another entity": (message(entities=[{"type": "clientInfo"}]), "/entities/0"),
    "a mention of nobody": (message(text="<at>Ann Lee</at>"), "has no entity"),
    "a bad link": (message(text="[x](http://a.b)"), "/text: links to"),
    "suggestions that do more than speak": (
        message(suggestedActions={"actions": [{"type": "openUrl", "title": "a", "value": "b"}]}),
        "/suggestedActions/actions/0/type",
    ),
    "too many suggestions": (
        message(suggestedActions={"actions": [{"type": "imBack", "title": "a", "value": "b"}] * 7}),
        "/suggestedActions/actions: has 7 items",
    ),
    "suggestions under a card": (
        message(card(), suggestedActions={"actions": [{"type": "imBack", "title": "a", "value": "b"}]}),
        "stand under text",
    ),
    "typing something": ({"type": "typing", "text": "a"}, "has no field called text"),
}


@pytest.mark.parametrize(("bad", "why"), ACTIVITIES.values(), ids=ACTIVITIES)
def test_activities_that_teams_does_not_take_are_refused(bad: Json, why: str) -> None:
    with pytest.raises(Invalid, match=re.escape(why)):
        check_activity(bad)


def test_suggestions_are_for_a_person_alone() -> None:
    suggested = message(suggestedActions={"to": ["29:1a"], "actions": [{"type": "imBack", "title": "a", "value": "b"}]})
    check_activity(suggested)
    with pytest.raises(Invalid, match="alone with the bot"):
        check_activity(suggested, personal=False)


SIZED: list[Callable[[str], Json]] = [lambda words: message(text=words), lambda words: message(card(text(words)))]


@pytest.mark.parametrize("made", SIZED)
@pytest.mark.parametrize("letter", ["x", "é", "🎈"])
def test_an_activity_stays_below_eighty_kilobytes_of_utf_16(made: Callable[[str], Json], letter: str) -> None:
    each = len(letter.encode("utf-16-le"))
    room = (LARGEST - size(made("")) - 2 * 2) // each
    check_activity(made(letter * room))
    with pytest.raises(Invalid, match="bytes in UTF-16"):
        check_activity(made(letter * (room + 4)))


def test_typing_is_an_activity() -> None:
    check_activity({"type": "typing"})
    check_activity({"type": "typing", "conversation": {"id": "a:1"}, "from": {"id": "28:1"}})
