"""Buttons as actions of an Adaptive Card."""

from collections.abc import Iterable, Iterator, Mapping

from adapters.teams.lengths import shortened, size, weight
from adapters.teams.words import TITLE, Element, still
from bot.messages import Button

SET, PRIMARY = 20, 6  # actions in one set, and those of them that do not stand behind "…"
LINE, ROOM = 2_000, 12_000  # units of a line that a button says, and of a set

_STYLES = {"normal": "", "primary": "positive", "danger": "destructive"}


def executed(title: str, verb: str, data: Mapping[str, object], how: Mapping[str, object]) -> Element:
    """An action, also for clients that know no Action.Execute; these get no tooltip, since lists are long."""
    shared = {"title": title, "data": data, **how}
    older = {name: it for name, it in shared.items() if name != "tooltip"}
    return {"type": "Action.Execute", "verb": verb, **shared, "fallback": {"type": "Action.Submit", **older}}


def sets(buttons: Iterable[Button]) -> Iterator[list[Button]]:
    """As far as they are different, as many as one set takes."""
    some: list[Button] = []
    taken = 0
    for button in (button for button in dict.fromkeys(buttons) if usable(button)):
        heavy = weight(_action(button))
        if some and (len(some) == SET or taken + heavy > ROOM):
            yield some
            some, taken = [], 0
        some.append(button)
        taken += heavy
    if some:
        yield some


def action_set(buttons: Iterable[Button], tip: str = "") -> Element:
    actions = [_action(button, tip, "" if n < PRIMARY else "secondary") for n, button in enumerate(buttons)]
    return {"type": "ActionSet", "actions": actions}


def usable(button: Button) -> bool:
    """A line that did not fit whole would say something else."""
    return bool(button.line.strip()) and size(button.line) <= LINE


def title(button: Button) -> str:
    return shortened(button.label, TITLE) or shortened(button.line, TITLE)


def _action(button: Button, tip: str = "", mode: str = "") -> Element:
    how = {"style": _STYLES[button.style], "tooltip": still(tip), "mode": mode}
    data = {"say": button.line} | ({"within": True} if button.within else {})
    return executed(still(title(button)), "say", data, {name: it for name, it in how.items() if it})
