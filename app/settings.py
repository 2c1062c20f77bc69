"""The one typed reading of the environment: every mistake at once, no secret in any message."""

import difflib
import os
import shlex
import shutil
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from yarl import URL

from app.channel_settings import (
    SLACK,
    TEAMS,
    SlackSettings,
    TeamsSettings,
    in_production,
    incomplete_slack,
    incomplete_teams,
    split,
)
from app.mail_settings import MAIL, MailSettings, incomplete_mail
from app.oidc_settings import OIDC, OidcSettings, incomplete_oidc

PREFIX = "SUPPORTHUB_"
SHORTEST_KEY = 32
UNDO = 10  # seconds
HERE = Path(__file__).parent.parent


class Mode(StrEnum):
    PRODUCTION = "production"
    DEVELOPMENT = "development"
    DEMO = "demo"


class Misconfigured(Exception):
    """All that is wrong with the environment, a sentence each."""

    def __init__(self, sentences: list[str]) -> None:
        self.sentences = sentences
        super().__init__("\n".join(sentences))


class Settings(BaseModel):
    """A field a variable: ``SUPPORTHUB_DATABASE_URL`` is ``database_url``. Each may come from a file: ``…_FILE``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database_url: SecretStr = SecretStr("sqlite:///supporthub.db")
    database_pool: Annotated[int, Field(ge=1, le=100)] = 8
    """Connections to PostgreSQL at most, beside the one that listens."""
    mode: Mode = Mode.PRODUCTION
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 3978
    admin_port: Annotated[int, Field(ge=0, le=65535)] | None = None
    """For whoever watches the server; None: nobody does."""
    admin_host: str = "127.0.0.1"
    metrics_token: SecretStr | None = None
    catalogues: Path = HERE / "catalogues"
    knowledge: Path = HERE / "knowledge"
    undo_seconds: Annotated[int, Field(ge=0, le=60)] | None = None
    """How long what the desk says to a customer can be taken back; 0: it leaves at once."""
    public_url: str | None = None
    """The origin at which browsers and vendors reach this server."""
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    """Whose word it is from where a request came; none: a proxy on this machine."""
    secret_key: SecretStr | None = None
    slack: SlackSettings | None = None
    """None: the channel is off."""
    teams: TeamsSettings | None = None
    mail: MailSettings | None = None
    oidc: OidcSettings | None = None
    files: Path | None = None
    """The folder in which files are kept; None: of each only what is told of it is."""
    files_largest: Annotated[int, Field(ge=1, le=200)] = 20
    """Megabytes of one file."""
    scan_command: tuple[str, ...] = ()
    """What each file is given to before anybody opens it."""

    @field_validator("files")
    @classmethod
    def _own_folder(cls, path: Path | None) -> Path | None:
        if path is None:
            return None
        if not path.is_dir() or not os.access(path, os.W_OK | os.X_OK):
            raise ValueError("must be a folder in which the desk may write")
        told = path.stat()
        if told.st_uid != os.geteuid():
            raise ValueError("must belong to the account that runs the desk (chown)")
        if told.st_mode & 0o077:
            raise ValueError("must be closed to other accounts of this machine (chmod 700)")
        return path.resolve()

    @field_validator("scan_command", mode="before")
    @classmethod
    def _split(cls, command: object) -> object:
        """As a shell would split it, though none runs it."""
        if not isinstance(command, str):
            return command
        try:
            return tuple(shlex.split(command))
        except ValueError:
            raise ValueError("must be a command such as clamdscan --no-summary -, its quotes closed") from None

    @field_validator("scan_command")
    @classmethod
    def _there(cls, command: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if command and info.data.get("files") is None:
            raise ValueError("needs SUPPORTHUB_FILES: without it there is nothing to scan")
        if command and shutil.which(command[0]) is None:
            raise ValueError("must begin with a program that can be run here")
        return command

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: SecretStr) -> SecretStr:
        if not url.get_secret_value().startswith(("sqlite:///", "postgresql://")):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        if url.get_secret_value().startswith("sqlite:///"):
            if url.get_secret_value().removeprefix("sqlite:///") in ("", ":memory:"):
                raise ValueError("must name a file, such as sqlite:////var/lib/supporthub/supporthub.db")
        elif not _whole(url.get_secret_value()):
            raise ValueError(
                "must be an address such as postgresql://user:password@host/db; in a name or password "
                "anything but letters and digits is written as %2F is for /"
            )
        return url

    @field_validator("database_pool")
    @classmethod
    def _shared(cls, pool: int, info: ValidationInfo) -> int:
        url = info.data.get("database_url")
        if url is not None and not _is_postgresql(url):
            raise ValueError("is for PostgreSQL alone: with SQLite leave it out")
        return pool

    @property
    def replicated(self) -> bool:
        """Whether other servers may work on the same database."""
        return _is_postgresql(self.database_url)

    @property
    def undo(self) -> timedelta:
        """In the playground nothing waits unless it is asked for: its story is told, and tested, without pauses."""
        usual = 0 if self.mode is Mode.DEMO else UNDO
        return timedelta(seconds=usual if self.undo_seconds is None else self.undo_seconds)

    @field_validator("catalogues", "knowledge")
    @classmethod
    def _folder(cls, path: Path) -> Path:
        if not path.is_dir():
            raise ValueError("must be a folder")
        return path

    @field_validator("public_url")
    @classmethod
    def _origin(cls, url: str | None, info: ValidationInfo) -> str | None:
        if url is None:
            return None
        parts = split(url)
        if parts.path not in ("", "/") or parts.query:
            raise ValueError("must end after the host and port: no path, no query")
        if parts.scheme != "https" and in_production(info):
            raise ValueError("must begin with https://, except in development")
        return str(URL(url).origin())  # as browsers name it: in small letters, without the usual port

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _networks(cls, named: object) -> object:
        if not isinstance(named, str):
            return named
        try:
            return tuple(ip_network(each.strip()) for each in named.split(","))
        except ValueError:
            raise ValueError("must be addresses or networks such as 10.0.0.5, 10.1.0.0/24") from None

    @field_validator("admin_port")
    @classmethod
    def _apart(cls, port: int | None, info: ValidationInfo) -> int | None:
        if port and port == info.data.get("port"):
            raise ValueError("must be another port than SUPPORTHUB_PORT: the world must not reach it")
        return port

    @field_validator("secret_key", "metrics_token")
    @classmethod
    def _long(cls, key: SecretStr | None) -> SecretStr | None:
        if key and len(key.get_secret_value()) < SHORTEST_KEY:
            raise ValueError(f"must have at least {SHORTEST_KEY} characters")
        return key


def _whole(url: str) -> bool:
    """Whether it has a host and a port as they were meant: a password's own / or # would end them early."""
    try:
        parts = urlsplit(url)
        return parts.port != 0 and "@" not in f"{parts.path}{parts.query}{parts.fragment}" and not parts.fragment
    except ValueError:
        return False


def _is_postgresql(url: SecretStr) -> bool:
    return url.get_secret_value().startswith("postgresql://")


VENDORS = {"slack": SLACK, "teams": TEAMS, "mail": MAIL, "oidc": OIDC}
OWN = {field: f"{PREFIX}{field.upper()}" for field in Settings.model_fields if field not in VENDORS}
"""The variable of each field."""


def read(environment: Mapping[str, str] = os.environ, **fixed: Any) -> Settings:
    """The settings, with ``fixed`` ones decided by the command; raises Misconfigured."""
    wrong = _unknown(environment)
    own = _found(environment, OWN, wrong) | fixed
    if own.get("mode") not in (Mode.DEMO, Mode.DEMO.value):  # the playground is no vendor's business
        slack, teams, mail, oidc = (_found(environment, variables, wrong) for variables in VENDORS.values())
        wrong += incomplete_slack(slack, own) + incomplete_teams(teams) + incomplete_mail(mail)
        wrong += incomplete_oidc(oidc, own)
        own["slack"] = _filled(slack) if slack else None
        own["teams"] = _filled(teams) if teams else None
        own["mail"] = _filled(mail) if mail else None
        own["oidc"] = _filled(oidc) if oidc else None
    wrong += _unguarded(own)
    return _checked(_filled(own), wrong, environment)


def _unguarded(own: Mapping[str, Any]) -> list[str]:
    port, token = own.get("admin_port") is not None, own.get("metrics_token") is not None
    if token and not port:
        return ["SUPPORTHUB_METRICS_TOKEN needs SUPPORTHUB_ADMIN_PORT: without it there are no metrics to guard."]
    if port and not token and own.get("mode") not in (Mode.DEVELOPMENT, Mode.DEMO):
        return ["SUPPORTHUB_ADMIN_PORT needs SUPPORTHUB_METRICS_TOKEN: metrics are for whoever has it."]
    return []


def _unknown(environment: Mapping[str, str]) -> list[str]:
    wrong = []
    for name in environment:
        field = name.removeprefix(PREFIX).removesuffix("_FILE").lower()
        if name.startswith(PREFIX) and not name.startswith(f"{PREFIX}TEST_") and field not in {*OWN, *MAIL, *OIDC}:
            wrong.append(f"{name} is not a setting of this release.{_meant(field)}")
    return wrong


def _found(environment: Mapping[str, str], variables: Mapping[str, str], wrong: list[str]) -> dict[str, Any]:
    """What is set, by its field; None where the value cannot be had, which is then among the ``wrong``."""
    values: dict[str, Any] = {}
    for field, name in variables.items():
        file = f"{name}_FILE"
        if name in environment and file in environment:
            wrong.append(f"{name} and {file} are both set: keep one.")
            values[field] = None
        elif file in environment:
            values[field] = _from_file(file, environment[file], wrong)
        elif name in environment:
            values[field] = environment[name]
            if not environment[name].strip():
                wrong.append(f"{name} is set but empty.")
                values[field] = None
    return values


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _from_file(name: str, path: str, wrong: list[str]) -> str | None:
    try:
        text = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        wrong.append(f"{name}: {getattr(error, 'strerror', None) or 'this is no text file'}.")
        return None
    if not text:
        wrong.append(f"{name}: the file is empty.")
    return text or None


def _checked(values: dict[str, Any], wrong: list[str], environment: Mapping[str, str]) -> Settings:
    settings = None
    production = values.get("mode") not in (Mode.DEVELOPMENT, Mode.DEMO)
    try:
        settings = Settings.model_validate(values, context={"production": production})
    except ValidationError as error:
        for one in error.errors(include_input=False, include_url=False):
            if one["type"] != "missing":  # which is told already
                wrong.append(f"{_variable(one['loc'])} {_told(one)}.")
    if environment.get("FAILPOINT") and production:
        wrong.append("FAILPOINT makes the server die on purpose: it is refused outside development.")
    if wrong or settings is None:
        raise Misconfigured(wrong)
    return settings


def _told(mistake: ErrorDetails) -> str:
    """Pydantic's own sentences speak to programmers."""
    bounds = mistake.get("ctx", {})
    match mistake["type"]:
        case "int_parsing" | "int_type":
            return "must be a whole number"
        case "greater_than_equal":
            return f"must be {bounds['ge']} or more"
        case "less_than_equal":
            return f"must be {bounds['le']} or less"
        case "enum":
            return f"must be {bounds['expected'].replace(chr(39), '')}"
    return mistake["msg"].removeprefix("Value error, ")


def _variable(place: tuple[int | str, ...]) -> str:
    first, *rest = map(str, place)
    return VENDORS[first][rest[0]] if rest else OWN[first]


def _meant(field: str) -> str:
    near = difflib.get_close_matches(field, [*OWN, *MAIL, *OIDC], n=1)
    return f" Did you mean {PREFIX}{near[0].upper()}?" if near else ""
