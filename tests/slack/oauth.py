"""Installing: people's consent, codes and tokens that are exchanged, and tokens that rotate."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.slack.grants import Install, Refused
from tests.slack.places import Json
from tests.slack.state import State

CODE_SECONDS = 10 * 60
LIFE = 12 * 3600


@dataclass
class Code:
    team: str
    enterprise: str
    """Set where it is to be installed for a whole organisation."""
    user: str
    scopes: set[str]
    redirect: str
    made: float
    rotating: bool
    used: bool = False


def consent(
    state: State,
    codes: dict[str, Code],
    address: str,
    user: str,
    whole_organisation: bool = False,
    rotating: bool = False,
) -> str:
    """The user allows what the authorize page asks: where their browser is sent back to.

    ``address`` is the page's, as the app's install page leads to it.
    """
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query, keep_blank_values=True).items()}
    assert urlsplit(address).path == "/oauth/v2/authorize", f"there is no such page: {address}"
    assert asked.get("client_id") == state.app.client_id, "the client id is another app's"
    assert asked.get("state"), "without a state anybody can install something in somebody's name"
    scopes = set(asked.get("scope", "").split(",")) - {""}
    assert scopes, "asks for nothing"
    assert scopes <= state.scopes, f"asks for more than the manifest: {scopes - state.scopes}"
    redirect = asked.get("redirect_uri", "")
    person = state.users[user]
    enterprise = state.workspaces[person.team].enterprise if whole_organisation else ""
    code = f"code.{state.number()}"
    codes[code] = Code(person.team, enterprise, user, scopes, redirect, state.clock(), rotating)
    return f"{redirect}?{urlencode({'code': code, 'state': asked['state']})}"


def access(state: State, codes: dict[str, Code], client: tuple[str, str], **args: Any) -> Json:
    _known_client(state, client)
    if args.get("grant_type") == "refresh_token":
        return _rotated(state, args.get("refresh_token", ""))
    if args.get("grant_type", "authorization_code") != "authorization_code":
        raise Refused("invalid_grant_type", f"{args['grant_type']!r} is none")
    code = codes.get(args.get("code", ""))
    if code is None or state.clock() - code.made > CODE_SECONDS:
        raise Refused("invalid_code")
    if code.used:
        raise Refused("code_already_used")
    if args.get("redirect_uri", "") != code.redirect:
        raise Refused("bad_redirect_uri", f"{args.get('redirect_uri', '')!r} is not what the page was asked with")
    code.used = True
    install = state.add_install(code.team, code.enterprise, code.scopes, code.rotating)
    return _granted(state, install, code.user)


def exchange(state: State, codes: dict[str, Code], client: tuple[str, str], token: str) -> Json:
    """A token that lives for ever, for one that rotates."""
    _known_client(state, client)
    known = state.tokens.get(token)
    if known is None or known.revoked:
        raise Refused("invalid_auth")
    if known.install.rotating:
        raise Refused("token_already_exchanged" if known.expires is None else "cannot_exchange_rotated_token")
    known.install.rotating = True
    state.issue(known.install)
    return _granted(state, known.install)


def _rotated(state: State, refresh: str) -> Json:
    install = state.refreshes.pop(refresh, None)
    if install is None:
        raise Refused("invalid_refresh_token")
    state.issue(install)
    return _granted(state, install)


def _known_client(state: State, client: tuple[str, str]) -> None:
    if client[0] != state.app.client_id:
        raise Refused("invalid_client_id")
    if client[1] != state.app.client_secret:
        raise Refused("bad_client_secret")


def _granted(state: State, install: Install, user: str = "") -> Json:
    team = state.workspaces.get(install.team)
    rotation = {"refresh_token": install.refresh, "expires_in": LIFE} if install.rotating else {}
    return {
        "app_id": state.app.id,
        "authed_user": {"id": user} if user else {},
        "scope": ",".join(_sorted(install.scopes)),
        "token_type": "bot",
        "access_token": install.token,
        "bot_user_id": install.bot,
        "team": {"id": team.id, "name": team.name} if team else None,
        "enterprise": {"id": install.enterprise, "name": install.enterprise} if install.enterprise else None,
        "is_enterprise_install": install.org,
        **rotation,
    }


def _sorted(scopes: Iterable[str]) -> list[str]:
    return sorted(scopes)
