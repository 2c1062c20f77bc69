"""The command line: ``supporthub COMMAND``.

Exit status: 0 done, 1 refused or found wrong, 2 wrong use or configuration.
What a command needs is imported when it runs, so that ``--help`` and ``explain`` start at once.
"""

import os
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from app import explain
from app.settings import Misconfigured, Mode, Settings, read

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
    from app import running

    running.serve(settings)


@cli.command()
def demo() -> None:
    """Open the playground on http://127.0.0.1:3978/, with seeded people. Example: supporthub demo"""
    settings = _settings(demo=True)
    from app import running

    running.demo(settings)


@cli.command()
def migrate() -> None:
    """Bring the database up to date; the server does it at its start as well. Example: supporthub migrate"""
    settings = _settings()
    from app import running

    running.migrate(settings)
    typer.echo("The database is up to date.")


@cli.command(name="import")
def import_(file: Annotated[Path, typer.Argument(help="A directory file: docs/directory.md", exists=True)]) -> None:
    """Add and update accounts, contracts and people. Example: supporthub import directory.toml"""
    settings = _settings()
    from app import running

    done = running.import_(settings, file)
    typer.echo(f"{done.rows} rows read, {done.changed} new or changed.")


@cli.command(name="teams-package")
def teams_package(
    app_id: Annotated[str, typer.Option(envvar="MICROSOFT_APP_ID", help="The bot's application (client) id.")] = "",
    host: Annotated[str, typer.Option(envvar="SUPPORTHUB_PUBLIC_URL", help="Where Teams reaches this desk.")] = "",
    output: Annotated[Path, typer.Option(help="The file to write.")] = Path("teams.zip"),
) -> None:
    """Write the app that is uploaded to Teams: docs/teams.md.

    Example: supporthub teams-package --app-id 72f988bf-86f1-41af-91ab-2d7cd011db47 --host desk.example.com
    """
    from app.teams_package import package

    try:
        output.write_bytes(package(app_id, host))
    except Misconfigured as wrong:
        _misused(wrong)
    except OSError as error:
        typer.echo(f"{error.filename}: {error.strerror}.", err=True)
        raise typer.Exit(REFUSED) from None
    typer.echo(f"{output} is written: upload it in the Teams admin centre.")


def _settings(demo: bool = False) -> Settings:
    """All that is wrong is told at once; the demo has a mode and a database of its own."""
    fixed: dict[str, Any] = {"mode": Mode.DEMO} if demo and "SUPPORTHUB_MODE" not in os.environ else {}
    if demo and not {"SUPPORTHUB_DATABASE_URL", "SUPPORTHUB_DATABASE_URL_FILE"} & set(os.environ):
        fixed["database_url"] = DEMO_DATABASE
    try:
        return read(**fixed)
    except Misconfigured as wrong:
        _misused(wrong)


def _misused(wrong: Misconfigured) -> NoReturn:
    for sentence in wrong.sentences:
        typer.echo(sentence, err=True)
    raise typer.Exit(MISUSED) from None


def main() -> None:
    cli()
