"""The settings of the channels that have a vendor: each is off without any of its own, and refused with only some."""

from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationInfo, field_validator


class SlackSettings(BaseModel):
    """``SLACK_BOT_TOKEN`` is ``bot_token``; either that, or client id and secret, is there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    signing_secret: SecretStr | None = None
    """None: Socket Mode alone."""
    bot_token: SecretStr | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    app_token: SecretStr | None = None
    api_url: str = "https://slack.com/api/"

    @field_validator("signing_secret", "bot_token", "client_id", "client_secret", "app_token")
    @classmethod
    def _one_word(cls, value: SecretStr | str | None) -> SecretStr | str | None:
        """A blank that was copied along would only show as a wrong signature much later."""
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if text and not (text.isascii() and text.isprintable() and " " not in text):
            raise ValueError("must be one word, without blanks, line breaks or letters beyond ASCII")
        return value

    @field_validator("bot_token", "app_token")
    @classmethod
    def _prefixed(cls, token: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        prefix = "xoxb-" if info.field_name == "bot_token" else "xapp-"
        if token and not token.get_secret_value().startswith(prefix):
            raise ValueError(f"must begin with {prefix}")
        return token

    @field_validator("api_url")
    @classmethod
    def _trusted(cls, url: str, info: ValidationInfo) -> str:
        """Tokens go there: encrypted, and to nobody beside us, save in development."""
        parts = split(url)
        if parts.query:
            raise ValueError("must have no query")
        near = is_loopback(parts.hostname or "")
        if in_production(info) and (near or parts.scheme != "https"):
            raise ValueError("must begin with https:// and be another machine, except in development")
        if parts.scheme != "https" and not near:
            raise ValueError("must begin with https://, except on this machine")
        return url.rstrip("/") + "/"


def incomplete(given: Collection[str], desk: Collection[str]) -> list[str]:
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
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified
