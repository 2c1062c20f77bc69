"""The command line: ``supporthub COMMAND``.

Exit status: 0 done, 1 refused or found wrong, 2 wrong use or configuration.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer

from app import explain, logs
from app.clock import Clock
from app.demo import NotHere
from app.demo import demo as run_demo
from app.server import open_house
from app.server import serve as run_server
from app.settings import Misconfigured, Mode, Settings, read
from bot.desk.directory import Imported, apply
from rules.directory import read as read_directory
from rules.toml_lines import Mistakes
from store.failpoints import arm
from store.migrate import NewerSchema
from store.store import Unavailable, open_store

T = TypeVar("T")
REFUSED, MISUSED = 1, 2
DEMO_DATABASE = "sqlite:///supporthub-demo.db"
cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@cli.callback()
def _supporthub() -> None:
    """A support desk in Microsoft Teams and Slack. Example: supporthub demo"""


cli.add_typer(explain.app, name="explain")


@cli.command()
def serve() -> None:
    """Run the desk. Example: SUPPORTHUB_DATABASE_URL=postgresql://desk@db/desk supporthub serve"""
    settings = _settings()
    logs.set_up(readable=settings.mode is Mode.DEVELOPMENT)
    _run(run_server, settings, "Support Hub is ready on")


@cli.command()
def demo() -> None:
    """Open the playground on http://127.0.0.1:3978/, with seeded people. Example: supporthub demo"""
    settings = _settings(demo=True)
    logs.set_up(readable=True)
    _run(run_demo, settings, "The playground is ready:")


@cli.command()
def migrate() -> None:
    """Bring the database up to date; the server does it at its start as well. Example: supporthub migrate"""
    settings = _settings()

    async def run() -> None:
        store = open_store(settings.database_url.get_secret_value())
        await store.migrate()
        await store.close()

    _guarded(run)
    typer.echo("The database is up to date.")


@cli.command(name="import")
def import_(file: Annotated[Path, typer.Argument(help="A directory file: docs/directory.md", exists=True)]) -> None:
    """Add and update accounts, contracts and people. Example: supporthub import directory.toml"""
    settings = _settings()

    async def run() -> Imported:
        store, catalogues = await open_house(settings)
        try:
            directory = read_directory(file.read_text(encoding="utf-8-sig"), catalogues.plans, file.name)
            return await store.write(apply, directory, Clock()().machine)
        finally:
            await store.close()

    done = _guarded(run)
    typer.echo(f"{done.rows} rows read, {done.changed} new or changed.")


def _settings(demo: bool = False) -> Settings:
    fixed: dict[str, Any] = {"mode": Mode.DEMO} if demo and "SUPPORTHUB_MODE" not in os.environ else {}
    try:
        found = read(**fixed)
    except Misconfigured as wrong:
        for sentence in wrong.sentences:
            typer.echo(sentence, err=True)
        raise typer.Exit(MISUSED) from None
    if demo and not {"SUPPORTHUB_DATABASE_URL", "SUPPORTHUB_DATABASE_URL_FILE"} & set(os.environ):
        found = read(mode=found.mode, database_url=DEMO_DATABASE)
    return found


def _run(what: Callable[[Settings, Callable[[str], None]], Awaitable[None]], settings: Settings, ready: str) -> None:
    arm(os.environ.get("FAILPOINT"))
    _guarded(lambda: what(settings, lambda address: print(f"{ready} {address}", flush=True)))


def _guarded(run: Callable[[], Awaitable[T]]) -> T:
    """What can be expected to go wrong is told in sentences, all of it at once."""

    async def go() -> T:
        return await run()

    try:
        return asyncio.run(go())
    except (Mistakes, NewerSchema, Unavailable) as wrong:
        _stop(str(wrong), REFUSED)
    except NotHere as wrong:
        _stop(str(wrong), MISUSED)
    except OSError as error:
        _stop(f"{error.strerror or error}", REFUSED)


def _stop(sentence: str, status: int) -> NoReturn:
    typer.echo(sentence, err=True)
    sys.exit(status)


def main() -> None:
    cli()
