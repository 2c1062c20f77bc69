"""The methods of the Web API that the app may call: what each needs, does, answers and refuses."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from tests.slack import blocks, chat, history, oauth, views
from tests.slack.grants import Install, Refused, Token
from tests.slack.places import Json, User
from tests.slack.state import State


@dataclass(frozen=True)
class Method:
    does: Callable[..., Json]
    """Given the state, the installation (for a client: the codes, its id and secret), and the arguments."""
    scope: str = ""
    """Needed of every caller; what depends on the channel is asked for inside."""
    by: Literal["bot", "app", "client"] = "bot"


def auth_test(state: State, install: Install) -> Json:
    home = state.workspaces[state.users[install.bot].team]
    return {
        "url": f"https://{home.domain}.slack.com/",
        "team": home.name,
        "user": state.users[install.bot].handle,
        "team_id": install.team or install.enterprise,
        "user_id": install.bot,
        "bot_id": install.bot_id,
        "is_enterprise_install": install.org,
        **({"enterprise_id": install.enterprise} if install.enterprise else {}),
    }


def auth_revoke(state: State, install: Install, test: bool = False) -> Json:
    if not test:
        state.revoke(install)
    return {"revoked": not test}


def apps_uninstall(state: State, install: Install, **client: Any) -> Json:
    state.revoke(install)
    install.gone = True
    return {}


def users_info(state: State, install: Install, user: str, include_locale: bool = False) -> Json:
    person = state.users.get(user)
    together = (c for c in state.channels.values() if {user, install.bot} <= c.members)
    if person is None or not (state.covers(install, person.team) or any(together)):
        raise Refused("user_not_found")
    return {"user": _shown(state, install, person, include_locale)}


def users_list(state: State, install: Install, cursor: str = "", limit: int = 0, include_locale: bool = False) -> Json:
    """Everybody of the workspace, those who were switched off and bots too, in no particular order."""
    if install.org:
        raise Refused("missing_argument", "with an organisation's token users.list needs a team_id")
    if not 0 < limit < 1000:
        raise Refused("limit_required" if not limit else "invalid_limit", f"{limit} people a page: 200 are advised")
    known = sorted((one for one in state.users.values() if one.team == install.team), key=lambda one: one.id[::-1])
    start = 0
    if cursor:
        start = next((n for n, one in enumerate(known) if f"user:{one.id}" == cursor), -1)
        if start < 0:
            raise Refused("invalid_cursor", f"{cursor!r} was never given")
    following = known[start + limit : start + limit + 1]
    made = {"members": [_shown(state, install, one, include_locale) for one in known[start : start + limit]]}
    more = f"user:{following[0].id}" if following else ""
    return {**made, "cache_ts": 1_700_000_000, "response_metadata": {"next_cursor": more}}


def _shown(state: State, install: Install, person: User, include_locale: bool) -> Json:
    workspace = state.workspaces[person.team]
    profile = {"real_name": person.name, "display_name": person.handle, "team": person.team}
    if "users:read.email" in install.scopes and person.email:
        profile["email"] = person.email
    made: Json = {
        "id": person.id,
        "team_id": person.team,
        "name": person.handle,
        "deleted": person.deleted,
        "real_name": person.name,
        "profile": profile,
        "is_bot": person.bot,
        "is_app_user": False,
        "updated": 1_700_000_000,
    }
    if workspace.enterprise:
        made["enterprise_user"] = {"id": person.id, "enterprise_id": workspace.enterprise, "teams": [person.team]}
    if not state.covers(install, person.team):
        made["is_stranger"] = person.stranger
    if not person.deleted:
        guests = {"is_restricted": person.restricted, "is_ultra_restricted": person.ultra_restricted}
        made |= guests | {"tz": person.zone, "tz_label": person.zone, "tz_offset": 0, "is_admin": False}
        made |= {"locale": "en-US"} if include_locale else {}
        made |= {"is_email_confirmed": person.confirmed} if not person.bot else {}
    return made


def team_info(state: State, install: Install, team: str = "") -> Json:
    workspace = state.workspaces.get(team or install.team)
    if workspace is None or not state.covers(install, workspace.id):
        raise Refused("team_not_found")
    made = {"id": workspace.id, "name": workspace.name, "domain": workspace.domain}
    return {"team": made | ({"enterprise_id": workspace.enterprise} if workspace.enterprise else {})}


def set_suggested_prompts(
    state: State, install: Install, channel_id: str, prompts: list[Json], title: str | None = None, thread_ts: str = ""
) -> Json:
    if thread_ts:
        raise Refused("invalid_arguments", "an agent's prompts belong to its conversation, not to a thread")
    _own_direct(state, install, channel_id)
    blocks.check_prompts(title, prompts)
    state.prompts[channel_id] = {"title": title or "", "prompts": prompts}
    return {}


def set_status(
    state: State, install: Install, channel_id: str, thread_ts: str, status: str, loading_messages: Any = None
) -> Json:
    channel = chat.readable(state, install, channel_id)
    if not state.find(channel.id, thread_ts):
        raise Refused("invalid_thread_ts", f"there is no message {thread_ts} in {channel_id}")
    state.statuses[channel_id, thread_ts] = status
    return {}


def _own_direct(state: State, install: Install, channel: str) -> None:
    found = state.channels.get(channel)
    if found is None or found.kind != "im" or found.bot != install.bot:
        raise Refused("channel_not_found", f"{channel} is no conversation of somebody with the app")


METHODS: dict[str, Method] = {
    "apps.connections.open": Method(lambda state: {}, by="app"),  # the address is added where the sockets are
    "apps.uninstall": Method(apps_uninstall),
    "assistant.threads.setStatus": Method(set_status, "assistant:write"),
    "assistant.threads.setSuggestedPrompts": Method(set_suggested_prompts, "assistant:write"),
    "auth.revoke": Method(auth_revoke),
    "auth.test": Method(auth_test),
    "chat.delete": Method(chat.delete, "chat:write"),
    "chat.getPermalink": Method(chat.get_permalink),
    "chat.postEphemeral": Method(chat.post_ephemeral, "chat:write"),
    "chat.postMessage": Method(chat.post_message, "chat:write"),
    "chat.update": Method(chat.update, "chat:write"),
    "conversations.history": Method(history.history),
    "conversations.info": Method(history.info),
    "conversations.members": Method(history.members),
    "conversations.open": Method(history.open_direct, "im:write"),
    "conversations.replies": Method(history.replies),
    "oauth.v2.access": Method(oauth.access, by="client"),
    "oauth.v2.exchange": Method(oauth.exchange, by="client"),
    "reactions.add": Method(chat.react, "reactions:write"),
    "reactions.remove": Method(chat.unreact, "reactions:write"),
    "team.info": Method(team_info, "team:read"),
    "users.info": Method(users_info, "users:read"),
    "users.list": Method(users_list, "users:read"),
    "views.open": Method(views.open_modal),
    "views.publish": Method(views.publish),
    "views.push": Method(views.push),
    "views.update": Method(views.update),
}

ALL_SCOPES = {method.scope for method in METHODS.values() if method.scope} | {
    *(f"{kind}:{right}" for kind in ("channels", "groups", "im", "mpim") for right in ("history", "read")),
    *("app_mentions:read", "commands", "files:read", "reactions:read", "users:read.email"),
}
"""Everything that the methods here and Slack's events can need."""


def token_of(state: State, token: str) -> Token:
    """Raises Refused as Slack does for a token that is missing, unknown, expired or revoked."""
    if not token:
        raise Refused("not_authed")
    known = state.tokens.get(token)
    if known is None:
        raise Refused("invalid_auth")
    if known.revoked or known.install.gone:
        raise Refused("account_inactive" if known.install.gone else "token_revoked")
    if known.expires is not None and state.clock() >= known.expires:
        raise Refused("token_expired")
    return known
