"""What a client makes of a card: which action is meant, what was filled in, and what it would not send."""

from collections.abc import Mapping

from tests.teams.places import Json
from tests.teams.reading import actions, inputs


class NotSent(Exception):
    """The client says so itself, and nothing reaches the bot."""


def find_action(card: Json | None, what: str) -> Json:
    """By its title, the line it says, its id or its verb."""
    offered = list(actions(card))
    for told_by in (_title, _line, _id, _verb):
        found = [one for one in offered if told_by(one) == what]
        if found:
            return found[-1]
    raise AssertionError(f"there is no {what!r}, but {[one['title'] for one in offered]}")


def sends(card: Json | None) -> Json:
    """The action with which a form is sent off: the first that takes the inputs along."""
    able = ("Action.Execute", "Action.Submit")
    found = (one for one in actions(card) if one["type"] in able and one.get("associatedInputs") != "none")
    action = next((one for one in found if "msteams" not in one["data"]), None)
    assert action, "nothing sends this form"
    return action


def filled(card: Json | None, values: Mapping[str, str]) -> Json:
    """What the inputs say, values given by id or label; choices by value or title."""
    asked = {one["id"]: one for one in inputs(card)}
    given = {_named(asked, name): value for name, value in values.items()}
    made = {name: _value(one, given.get(name)) for name, one in asked.items()}
    return {name: value for name, value in made.items() if value is not None}


def _named(asked: Mapping[str, Json], name: str) -> str:
    found = [id for id, one in asked.items() if name in (id, one["label"])]
    assert found, f"nothing asks for {name!r}, but for {sorted(asked)}"
    return found[0]


def _value(asked: Json, given: str | None) -> str | None:
    value = asked.get("value", "") if given is None else given
    kind = asked["type"]
    if kind == "Input.Toggle":
        return str(value or asked.get("valueOff", "false"))
    if kind == "Input.ChoiceSet":
        value = _choice(asked, value)
    if asked.get("isRequired") and not str(value).strip():
        raise NotSent(f"{asked['label']}: {asked.get('errorMessage')}")
    if kind == "Input.Text" and len(value) > asked.get("maxLength", len(value)):
        value = value[: asked["maxLength"]]  # a client takes no more
    return None if kind == "Input.ChoiceSet" and not value else str(value)


def _choice(asked: Json, value: str) -> str:
    values = {one["title"]: one["value"] for one in asked["choices"]}
    parts = value.split(",") if asked.get("isMultiSelect") else [value]
    chosen = [values.get(part, part) for part in parts if part]
    if wrong := [one for one in chosen if one not in values.values()]:
        raise NotSent(f"{asked['label']} offers no {wrong[0]!r}, but {sorted(values)}")
    return ",".join(chosen)


def _title(action: Json) -> object:
    return action.get("title")


def _line(action: Json) -> object:
    return action.get("data", {}).get("say")


def _id(action: Json) -> object:
    return action.get("id")


def _verb(action: Json) -> object:
    return action.get("verb")
