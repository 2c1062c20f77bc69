"""What an app says through a response_url, or in the very answer to a command."""

from typing import Any

from tests.slack.blocks import check_response
from tests.slack.grants import RESPONSE_SECONDS, RESPONSE_USES, Refused, ResponseUrl
from tests.slack.places import Json, Message, filled_in
from tests.slack.state import State


def offer(state: State, base: str, url: ResponseUrl) -> str:
    name = f"{state.number():06}"
    state.response_urls[name] = url
    return f"{base}/respond/{name}"


def respond(state: State, name: str, said: Any) -> None:
    """Raises Refused where the address is unknown, too old or used up, Invalid for what Slack would not show."""
    url = state.response_urls.get(name)
    if url is None:
        raise Refused("no_such_url", "it was never given to the app")
    if state.clock() - url.made > RESPONSE_SECONDS:
        raise Refused("expired_url")
    if url.uses >= RESPONSE_USES:
        raise Refused("used_url", f"a response_url serves {RESPONSE_USES} times")
    url.uses += 1
    answer(state, url, said)


def answer(state: State, url: ResponseUrl, said: Json) -> None:
    check_response(said)
    before = _pressed(state, url)
    if before and said.get("delete_original"):
        before.deleted = True
        state.whispered = [one for one in state.whispered if one is not before]
    elif before and said.get("replace_original"):
        before.text, before.blocks = said.get("text", ""), filled_in(said.get("blocks", []))
        before.edits += 1
    else:
        _new(state, url, said)


def _pressed(state: State, url: ResponseUrl) -> Message | None:
    hidden = (one for one in state.whispered if (one.channel, one.ts) == (url.channel, url.message))
    return state.find(url.channel, url.message) or next(hidden, None)


def _new(state: State, url: ResponseUrl, said: Json) -> None:
    install = state.installed_in(state.users[url.user].team) or state.installed_for(state.channels[url.channel])
    assert install
    message = Message(url.channel, state.stamp(url.channel), install.bot, said.get("text", ""), install.team)
    message.thread, message.blocks = said.get("thread_ts", ""), filled_in(said.get("blocks", []))
    message.bot_id, message.app_id, message.args = install.bot_id, state.app.id, dict(said)
    if said.get("response_type") == "in_channel":
        state.say(message)
    else:
        message.only_for = url.user
        state.whispered.append(message)
