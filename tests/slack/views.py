"""views.*: the modals in front of people and their home tabs."""

from typing import Any

from tests.slack.blocks import check_home, check_modal
from tests.slack.grants import STACKED_VIEWS, Install, Refused
from tests.slack.places import Json, View, filled_in
from tests.slack.state import State


def open_modal(
    state: State, install: Install, view: Any, trigger_id: str = "", interactivity_pointer: str = ""
) -> Json:
    check_modal(view)
    _named_once(state, view)
    trigger = state.exchange(trigger_id, install)
    for before in state.stack(trigger.user):
        before.open = False
    return {"view": state.open_view(view, trigger.user, install).json()}


def push(state: State, install: Install, view: Any, trigger_id: str = "", interactivity_pointer: str = "") -> Json:
    check_modal(view)
    _named_once(state, view)
    trigger = state.exchange(trigger_id, install)
    stack = state.stack(trigger.user)
    if not stack:
        raise Refused("not_found", "there is no modal to push onto")
    if len(stack) >= STACKED_VIEWS:
        raise Refused("push_limit_reached", f"{STACKED_VIEWS} modals are on top of each other already")
    return {"view": state.open_view(view, trigger.user, install, stack[-1]).json()}


def update(state: State, install: Install, view: Any, view_id: str = "", external_id: str = "", hash: str = "") -> Json:
    found = state.views.get(view_id) or _by_name(state, external_id)
    if found is None or not found.open or found.bot_id != install.bot_id:
        raise Refused("not_found")
    check_modal(view)
    if hash and hash != found.hash:
        raise Refused("hash_conflict")
    state.change_view(found, view)
    return {"view": found.json()}


def publish(state: State, install: Install, user_id: str, view: Any, hash: str = "") -> Json:
    if not state.home_tab:
        raise Refused("not_enabled")
    person = state.users.get(user_id)
    if person is None or person.deleted or person.bot or not state.covers(install, person.team):
        raise Refused("invalid_arguments", f"{user_id} has no home here")
    check_home(view)
    home = state.homes.get(user_id)
    if home and hash and hash != home.hash:
        raise Refused("hash_conflict")
    if home is None:
        number = state.number()
        home = View(f"V{number:06}", {}, user_id, person.team, state.app.id, install.bot_id, "")
        home.installed_in = install.team or install.enterprise
        state.homes[user_id] = home
    state.change_view(home, filled_in(view))
    return {"view": home.json()}


def _by_name(state: State, name: str) -> View | None:
    return next((one for one in state.views.values() if name and one.shape.get("external_id") == name), None)


def _named_once(state: State, view: Json) -> None:
    if _by_name(state, view.get("external_id", "")):
        raise Refused("duplicate_external_id", f"{view['external_id']} was used before")
