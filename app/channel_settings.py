"""The settings of the channels that have a vendor: each is off without any of its own, and refused with only some."""

import re
from collections.abc import Collection
from ipaddress import ip_address
from socket import inet_aton
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, SecretStr, ValidationInfo, field_validator

from adapters.teams.hosts import entry

GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


def _one_word(value: SecretStr | str) -> SecretStr | str:
    """A blank that was copied along would only show as a wrong signature much later."""
    text = value.get_secret_value() if isinstance(value, SecretStr) else value
    if not (text.isascii() and text.isprintable() and " " not in text):
        raise ValueError("must be one word, without blanks, line breaks or letters beyond ASCII")
    return value


def _far(url: str, info: ValidationInfo) -> str:
    """Secrets go there, or keys come from there: encrypted, and nobody beside us, save in development."""
    parts = split(url)
    if parts.query:
        raise ValueError("must have no query")
    near = is_loopback(parts.hostname or "")
    if in_production(info) and (near or parts.scheme != "https"):
        raise ValueError("must begin with https:// and be another machine, except in development")
    if parts.scheme != "https" and not near:
        raise ValueError("must begin with https://, except on this machine")
    return url


def _guid(value: str) -> str:
    if not GUID.fullmatch(value):
        raise ValueError("must be an id such as 72f988bf-86f1-41af-91ab-2d7cd011db47")
    return value.lower()


Word = Annotated[str, AfterValidator(_one_word)]
Secret = Annotated[SecretStr, AfterValidator(_one_word)]
Url = Annotated[str, AfterValidator(_far)]
Guid = Annotated[str, AfterValidator(_guid)]


class SlackSettings(BaseModel):
    """``SLACK_BOT_TOKEN`` is ``bot_token``; either that, or client id and secret, is there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    signing_secret: Secret | None = None
    """None: Socket Mode alone."""
    bot_token: Secret | None = None
    client_id: Word | None = None
    client_secret: Secret | None = None
    app_token: Secret | None = None
    api_url: Url = "https://slack.com/api/"

    @field_validator("bot_token", "app_token")
    @classmethod
    def _prefixed(cls, token: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        prefix = "xoxb-" if info.field_name == "bot_token" else "xapp-"
        if token and not token.get_secret_value().startswith(prefix):
            raise ValueError(f"must begin with {prefix}")
        return token

    @field_validator("api_url")
    @classmethod
    def _folder(cls, url: str) -> str:
        return url.rstrip("/") + "/"


class TeamsSettings(BaseModel):
    """``MICROSOFT_APP_ID`` is ``app_id``, ``TEAMS_LOGIN_URL`` is ``login_url``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    app_id: Guid
    app_password: Secret
    app_tenant_id: Guid
    openid_metadata_url: Url = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    token_issuer: Url = "https://api.botframework.com"  # noqa: S105
    login_url: Url = "https://login.microsoftonline.com"
    service_hosts: tuple[str, ...] = ()
    """Allowed beside Microsoft's own."""
    unknown_tenants: Literal["answer", "refuse"] = "answer"
    """What a tenant gets that is no account's: one polite answer, and a case if a problem is reported; or nothing."""

    @field_validator("service_hosts", mode="before")
    @classmethod
    def _listed(cls, text: object) -> object:
        return tuple(each.strip() for each in text.split(",")) if isinstance(text, str) else text

    @field_validator("service_hosts")
    @classmethod
    def _trusted(cls, hosts: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        for each in map(entry, hosts):
            if in_production(info) and (each.scheme == "http" or is_loopback(each.host)):
                raise ValueError("must not name this machine, nor plain http, except in development")
        return hosts


SLACK = {field: f"SLACK_{field.upper()}" for field in SlackSettings.model_fields}
TEAMS = {
    field: f"{'MICROSOFT' if field.startswith('app_') else 'TEAMS'}_{field.upper()}"
    for field in TeamsSettings.model_fields
}


def incomplete_teams(given: Collection[str]) -> list[str]:
    if not given:
        return []
    needed = [field for field, about in TeamsSettings.model_fields.items() if about.is_required()]
    return [f"{TEAMS[field]} is missing: Teams needs it." for field in needed if field not in given]


def incomplete_slack(given: Collection[str], desk: Collection[str]) -> list[str]:
    """What is missing, or too much, among Slack's settings and those of the ``desk`` that it needs; a sentence each."""
    if not given:
        return []
    if set(given) == {"api_url"}:
        return [
            "SLACK_API_URL is set without anything else of Slack's: set SLACK_BOT_TOKEN and so on, or leave it out."
        ]
    many = {"client_id", "client_secret"} & set(given)
    wrong = []
    if not {"signing_secret", "app_token"} & set(given):
        wrong.append("SLACK_SIGNING_SECRET is missing (SLACK_APP_TOKEN alone is enough with Socket Mode).")
    if "bot_token" in given and many:
        wrong.append(
            "SLACK_BOT_TOKEN is for one workspace, SLACK_CLIENT_ID and SLACK_CLIENT_SECRET for many: keep one."
        )
    if "bot_token" not in given and not many:
        wrong.append("SLACK_BOT_TOKEN is missing (for many workspaces: SLACK_CLIENT_ID and SLACK_CLIENT_SECRET).")
    if len(many) == 1:
        there, missing = sorted(("client_id", "client_secret"), key=lambda name: name not in many)
        wrong.append(f"SLACK_{there.upper()} is set without SLACK_{missing.upper()}.")
    if many:
        needed = [name for name in ("secret_key", "public_url") if name not in desk]
        wrong += [
            f"SUPPORTHUB_{name.upper()} is missing: installing in many Slack workspaces needs it." for name in needed
        ]
    return wrong


def in_production(info: ValidationInfo) -> bool:
    return bool((info.context or {}).get("production"))


def split(url: str) -> SplitResult:
    """Raises ValueError, with a sentence, for what is no address of a web server."""
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        whole = False
    if not whole or not (url.isascii() and url.isprintable() and " " not in url):
        raise ValueError("must be an address such as https://desk.example.com")
    if parts.username is not None or parts.fragment:
        raise ValueError("must have no user name and no fragment")
    return parts


def is_loopback(host: str) -> bool:
    """However it is spelled: 127.1 and [::ffff:127.0.0.1] lead here as well."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ip_address(name if ":" in name else inet_aton(name))
    except (ValueError, OSError):
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_loopback or address.is_unspecified
