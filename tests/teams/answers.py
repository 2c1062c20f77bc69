"""What Teams takes for an answer to what it sends: nothing to a message, an invoke's own shape to an invoke."""

from typing import Any

from tests.slack.shapes import Check, Invalid, one_of, record, string, tagged, whole
from tests.teams.cards import CARD_TYPE, check_card, check_dialog_card
from tests.teams.places import Json
from tests.teams.wording import said

MESSAGE_TYPE, ERROR_TYPE = "application/vnd.microsoft.activity.message", "application/vnd.microsoft.error"


def check_answer(activity: Json, text: str, body: Any) -> None:
    """Of an answer with status 200 or 2xx; ``body`` is None where there was none."""
    name = activity.get("name") if activity["type"] == "invoke" else None
    if name is None:
        if text.strip() not in ("", "{}"):
            raise Invalid("", f"an activity of the type {activity['type']} is answered with nothing, not {text[:80]!r}")
        return
    if name not in _ANSWERS:
        raise Invalid("", f"{name!r} is not answered by us")
    _ANSWERS[name](body, "")


def _universal(body: Any, path: str) -> None:
    tagged(
        {
            CARD_TYPE: _answers(200, 200, lambda value, path: check_card(value, path)),
            MESSAGE_TYPE: _answers(200, 200, said),
            ERROR_TYPE: _answers(400, 599, record({"code": string(100), "message": said})),
        },
        "an answer",
    )(body, path)


def _answers(least: int, most: int, value: Check) -> Check:
    return record({"statusCode": whole(least, most), "type": string(100), "value": value})


def _in_a_dialog(attachment: Any, path: str) -> None:
    record({"contentType": one_of(CARD_TYPE), "content": lambda value, path: check_dialog_card(value, path)})(
        attachment, path
    )


def _size(value: Any, path: str) -> None:
    if isinstance(value, str):
        one_of("small", "medium", "large")(value, path)
    else:
        whole(100, 1000)(value, path)


_CONTINUE = record({"title": said, "card": _in_a_dialog}, {"height": _size, "width": _size})
_TASK = tagged(
    {
        "continue": record({"type": one_of("continue"), "value": _CONTINUE}),
        "message": record({"type": one_of("message"), "value": said}),
    },
    "a task",
)
_DIALOG = record({"task": _TASK})


def _dialog_or_nothing(body: Any, path: str) -> None:
    if body:
        _DIALOG(body, path)


_ANSWERS: dict[str, Check] = {
    "adaptiveCard/action": _universal,
    "task/fetch": _DIALOG,
    "task/submit": _dialog_or_nothing,
    "composeExtension/fetchTask": _DIALOG,
    "composeExtension/submitAction": _dialog_or_nothing,
}
PATIENCE = {"composeExtension/submitAction": 5.0}
"""Seconds until Teams gives up, where not fifteen."""
