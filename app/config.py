"""``supporthub config check``: what ``serve`` would make of the environment; nothing is opened, nobody is asked."""

import os
from collections.abc import Iterator, Mapping
from typing import Any

import typer
from pydantic import SecretStr

from app import command
from app.settings import OWN, VENDORS, Mode, Settings

app = typer.Typer(no_args_is_help=True, help="The settings: docs/operations.md. Example: supporthub config check")


@app.callback()
def _config() -> None:
    """A callback, so that the one command has a name."""


@app.command()
def check() -> None:
    """Read the settings as serve would: every mistake at once, or what is on and off. Example: supporthub config check

    Exit status: 0 good, 2 wrong. No secret is printed.
    """

    for line in told(command.settings(), os.environ):
        typer.echo(line)


def told(settings: Settings, environment: Mapping[str, str]) -> Iterator[str]:
    """``environment`` only says which of them are set, and which come from a file."""
    there = doors(settings)
    wide = max(map(len, there)) + 2
    for name, how in there.items():
        yield f"{name:{wide}}{how or 'off'}"
    yield ""
    given = dict(values(settings))
    wide = max(map(len, given)) + 2
    for name, value in given.items():
        yield f"{name:{wide}}{shown(name, value, environment)}"


def doors(settings: Settings) -> dict[str, str | None]:
    """By which ways the desk is reached and what it keeps; None: off. The channels by their names in app.server."""
    public, secret = settings.public_url, settings.secret_key is not None
    sqlite = settings.database_url.get_secret_value().startswith("sqlite")
    portal = public or (None if settings.mode is Mode.PRODUCTION else "on: on this machine alone, in development")
    return {
        "database": "SQLite" if sqlite else f"PostgreSQL, {settings.database_pool} connections and one that listens",
        "slack": _slack(settings),
        "teams": f"on: it calls {public or 'SUPPORTHUB_PUBLIC_URL, which is not set,'} at /api/messages"
        if settings.teams
        else None,
        "email": _mail(settings),
        "portal": f"on: {public}/portal/" if public else portal,
        "sign-in": f"on: the desk's own, by {settings.oidc.issuer}" if settings.oidc else None,
        "webhook": "on" if secret else None,
        "api": "on",
        "files": _files(settings),
        "metrics": f"on: http://{settings.admin_host}:{settings.admin_port}/metrics"
        if settings.admin_port is not None
        else None,
    }


def _slack(settings: Settings) -> str | None:
    given = settings.slack
    if given is None:
        return None
    many = "many workspaces, installed by /slack/install" if given.client_id else "one workspace"
    way = "Socket Mode" if given.app_token else f"called at {settings.public_url or ''}/slack/events"
    return f"on: {many}, {way}"


def _mail(settings: Settings) -> str | None:
    given = settings.mail
    if given is None:
        return None
    taken = f"LMTP on {given.lmtp_host}:{given.lmtp_port}" if given.lmtp_port is not None else "supporthub intake"
    return f"on: {given.sender.addr_spec}, sent through {given.server.host}:{given.server.port}, taken in by {taken}"


def _files(settings: Settings) -> str | None:
    if settings.files is None:
        return None
    scanned = f"scanned by {settings.scan_command[0]}" if settings.scan_command else "not scanned"
    return f"on: kept in {settings.files}, up to {settings.files_largest} MB each, {scanned}"


def values(settings: Settings) -> Iterator[tuple[str, Any]]:
    """Of each variable; a channel's only where the channel is on."""
    for field, variable in OWN.items():
        yield variable, getattr(settings, field)
    for group, variables in VENDORS.items():
        given = getattr(settings, group)
        for field, variable in variables.items() if given is not None else ():
            yield variable, getattr(given, field)


def shown(variable: str, value: Any, environment: Mapping[str, str]) -> str:
    from_file = f"{variable}_FILE" in environment
    if not from_file and variable not in environment:
        return f"{_plain(value)} (usual)" if value not in (None, ()) else "not set"
    source = " (from a file)" if from_file else ""
    return f"set{source}" if isinstance(value, SecretStr) else f"{_plain(value)}{source}"


def _plain(value: Any) -> str:
    """A secret that nobody set is none."""
    if isinstance(value, tuple):
        return (" " if all(isinstance(each, str) for each in value) else ", ").join(map(str, value))
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
