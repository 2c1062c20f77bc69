"""Cards and activities, each as small as Teams takes it, for tests to make larger or wrong."""

from typing import Any

from tests.teams.cards import CARD_TYPE
from tests.teams.places import Json


def text(words: str = "Words", **more: Any) -> Json:
    return {"type": "TextBlock", "text": words, "wrap": True, **more}


def card(*body: Json, **more: Any) -> Json:
    return {"type": "AdaptiveCard", "version": "1.5", "body": list(body) or [text()], **more}


def submit(title: str = "Send", **more: Any) -> Json:
    return {"type": "Action.Submit", "title": title, "data": {"say": "take 1001"}, **more}


def execute(title: str = "Take", **more: Any) -> Json:
    data = more.get("data", {"say": "take 1001"})
    made = {"type": "Action.Execute", "title": title, "verb": "say", "data": data}
    return {**made, "fallback": submit(title, data=data), **more}


def link(url: str = "https://example.com/") -> Json:
    return {"type": "Action.OpenUrl", "title": "Read", "url": url}


def fetch() -> Json:
    return submit("Open", data={"msteams": {"type": "task/fetch"}, "say": "open"})


def opens(*body: Json, **more: Any) -> Json:
    """A card inside a card."""
    return {"type": "Action.ShowCard", "title": "More", "card": {"type": "AdaptiveCard", "body": list(body), **more}}


def asks(id: str = "problem", kind: str = "Text", **more: Any) -> Json:
    return {"type": f"Input.{kind}", "id": id, "label": "What is wrong?", **more}


def choose(*values: str, **more: Any) -> Json:
    offered = [{"title": value.title(), "value": value} for value in values or ("low", "high")]
    return asks("priority", "ChoiceSet", **{"choices": offered, **more})


def form(*inputs: Json, **more: Any) -> Json:
    return card(*(inputs or (asks(),)), **{"actions": [execute(data={"form": "open"})], **more})


def dialog(*inputs: Json, **more: Any) -> Json:
    return card(*(inputs or (asks(),)), **{"actions": [submit(data={"form": "open"})], **more})


def gauge(**more: Any) -> Json:
    return {"type": "Chart.Gauge", "value": 50, "fallback": text("50 % used"), **more}


def pressed_with(*actions: Json) -> Json:
    return card(actions=list(actions))


def attached(shape: Json) -> Json:
    return {"contentType": CARD_TYPE, "content": shape}


def message(*cards: Json, **more: Any) -> Json:
    """With cards, or with a text."""
    if not cards:
        return {"type": "message", "text": "Words", **more}
    return {"type": "message", "summary": "Words", "attachments": [attached(one) for one in cards], **more}


def mention(name: str = "Ann Lee", id: str = "29:1abc") -> Json:
    return {"type": "mention", "text": f"<at>{name}</at>", "mentioned": {"id": id, "name": name}}


def shows(shape: Json) -> Json:
    """What an Action.Execute is answered with."""
    return {"statusCode": 200, "type": CARD_TYPE, "value": shape}


def says(words: str) -> Json:
    return {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": words}


def continues(shape: Json, **more: Any) -> Json:
    """What opens a dialog."""
    return {"task": {"type": "continue", "value": {"title": "New case", "card": attached(shape), **more}}}


def ends(words: str = "Done") -> Json:
    return {"task": {"type": "message", "value": words}}
