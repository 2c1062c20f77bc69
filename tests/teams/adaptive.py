"""A strict validator of our own for Adaptive Cards, as far as Teams takes them from a bot.

Microsoft's own renderer lets unknown properties pass, and Teams drops or refuses whole cards without saying why.
"""

from collections import Counter
from typing import Any

from tests.slack.shapes import Check, Invalid, array, boolean, kind, matching, one_of, record, string
from tests.teams.actions import plain_data, pressed, shown
from tests.teams.charts import CHARTS
from tests.teams.elements import SHOWN
from tests.teams.kinds import (
    ACTIONS,
    ALIGN,
    BACKGROUND,
    ELEMENTS,
    ID,
    PIXELS,
    SELECT,
    VERTICAL,
    any_of,
    items,
    shaped,
)
from tests.teams.mentions import MENTION, check_mentions
from tests.teams.places import Json
from tests.teams.questions import QUESTIONS
from tests.teams.reading import actions, inputs, objects
from tests.teams.wording import said

_SENDS = ("Action.Submit", "Action.Execute")

# The card itself --------------------------------------------------------------------------------------------------

_SCHEMA = one_of(*(f"{scheme}://adaptivecards.io/schemas/adaptive-card.json" for scheme in ("http", "https")))
_BODY: dict[str, Check] = {
    "$schema": _SCHEMA,
    "actions": shown,
    "fallbackText": said,
    "lang": matching("[a-z]{2}(-[A-Z]{2})?", "en"),
    "speak": string(10_000),
    "minHeight": PIXELS,
    "rtl": boolean,
    "verticalContentAlignment": VERTICAL,
    "backgroundImage": BACKGROUND,
    **SELECT,
}
_ASKED_AGAIN = record(
    {"type": kind("Action.Execute"), "verb": string(255), "data": plain_data}, {"title": said, "id": ID}
)
_REFRESH: dict[str, Check] = {"userIds": array(matching("29:.+", "29:…"), 1, 60), "expires": string(40)}
_TEAMS: dict[str, Check] = {"width": any_of("Full"), "entities": array(MENTION, 1, 100)}
_CARD = record(
    {"type": kind("AdaptiveCard"), "version": one_of("1.5"), "body": items(1)},
    {**_BODY, "refresh": record({"action": _ASKED_AGAIN}, _REFRESH), "msteams": record({}, _TEAMS)},
)
_INNER = record({"type": kind("AdaptiveCard"), "body": items(1)}, {**_BODY, "version": one_of("1.5")})

ACTIONS |= pressed(_INNER)
ELEMENTS |= SHOWN | QUESTIONS | CHARTS
ELEMENTS["ActionSet"] = shaped("ActionSet", {"actions": shown}, {"horizontalAlignment": ALIGN})


def check_card(card: Any, path: str = "") -> None:
    """One that stands in a message."""
    _CARD(card, path)
    _told_apart(card, path)
    _inputs_sent(card, path)
    check_mentions(card, card.get("msteams", {}).get("entities", []), path)


def check_dialog_card(card: Any, path: str = "") -> None:
    """One that a dialog shows: dialogs know neither universal actions nor those of data/msteams."""
    check_card(card, path)
    if "refresh" in card:
        raise Invalid(f"{path}/refresh", "does nothing in a dialog")
    for action in actions(card):
        if action["type"] == "Action.Execute" or "msteams" in action.get("data", {}):
            raise Invalid(path, f"{action['title']!r} does nothing in a dialog, which knows only Action.Submit")


# What a shape cannot say ------------------------------------------------------------------------------------------


def _told_apart(card: Json, path: str) -> None:
    """Fallbacks may repeat the ids of what they stand for."""
    counted = Counter(one["id"] for one in objects(card) if "id" in one)
    if twice := sorted(name for name, times in counted.items() if times > 1):
        raise Invalid(path, f"has the same id twice: {', '.join(twice)}")


def _inputs_sent(card: Json, path: str) -> None:
    asked = {one["id"] for one in inputs(card)}
    sending = [one for one in actions(card) if one["type"] in _SENDS and one.get("associatedInputs") != "none"]
    if asked and not any("msteams" not in one["data"] for one in sending):
        raise Invalid(path, "has inputs, and nothing sends them")
    for one in sending:
        if hidden := sorted(asked & one["data"].keys()):
            raise Invalid(path, f"an action's data has the names of inputs, which win: {', '.join(hidden)}")
