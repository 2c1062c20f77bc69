"""The command line: ``supporthub COMMAND``.

Exit status: 0 done, 1 refused or found wrong, 2 wrong use or configuration.
What a command needs is imported when it runs, so that ``--help`` and ``explain`` start at once.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from app import articles, audit, catalogue, command, config, dead, doctor, erase, explain, export, link, token, webhook
from app.command import REFUSED, TRY_AGAIN, misused, stop
from app.settings import Misconfigured, read

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@cli.callback()
def _supporthub() -> None:
    """A support desk in Microsoft Teams and Slack. Example: supporthub demo"""


cli.add_typer(explain.app, name="explain")
cli.add_typer(dead.app, name="dead")
cli.add_typer(link.app, name="link")
cli.add_typer(articles.app, name="knowledge")
cli.add_typer(audit.app, name="audit")
cli.add_typer(export.app, name="export")
cli.add_typer(erase.app, name="erase")
cli.add_typer(catalogue.app, name="catalogue")
cli.add_typer(token.app, name="token")
cli.add_typer(webhook.app, name="webhook")
cli.add_typer(config.app, name="config")
cli.command()(doctor.doctor)


@cli.command()
def serve() -> None:
    """Run the desk. Example: SUPPORTHUB_DATABASE_URL=postgresql://desk@db/desk supporthub serve"""
    settings = command.settings()
    from app import running

    running.serve(settings)


@cli.command()
def demo() -> None:
    """Open the playground on http://127.0.0.1:3978/, with seeded people. Example: supporthub demo"""
    settings = command.settings(demo=True)
    from app import running

    running.demo(settings)


@cli.command()
def migrate() -> None:
    """Bring the database up to date; the server does it at its start as well. Example: supporthub migrate"""
    settings = command.settings()
    from app import running

    running.migrate(settings)
    typer.echo("The database is up to date.")


@cli.command(name="import")
def import_(
    file: Annotated[
        Path, typer.Argument(help="A directory file (docs/directory.md), or a CSV file (docs/people.md).", exists=True)
    ],
    kind: Annotated[str | None, typer.Option(help="Of a CSV file: contacts or cases.")] = None,
) -> None:
    """Add and update accounts, contracts and people, or open cases of another desk.

    Example: supporthub import desk.toml
    """
    if kind not in (None, "contacts", "cases") or (kind is None and file.suffix.lower() == ".csv"):
        raise typer.BadParameter("say --kind contacts or --kind cases with a CSV file, and nothing with a TOML file.")
    settings = command.settings()
    from app import running

    done = running.import_(settings, file, kind or "directory")
    typer.echo(f"{done.rows} rows read, {done.changed} new or changed.")


@cli.command()
def verify(
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only cases that changed since that day (UTC).")
    ] = None,
    case: Annotated[int | None, typer.Option(help="Only this one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object a line.")] = False,
) -> None:
    """Recompute every case from its history and say what differs: docs/backup.md. Example: supporthub verify"""
    if since and case is not None:
        raise typer.BadParameter("--since and --case exclude each other.")
    settings = command.settings()
    from app import running

    if running.verify(settings, since and since.replace(tzinfo=UTC), case, as_json):
        raise typer.Exit(REFUSED)


@cli.command()
def record(
    number: Annotated[int | None, typer.Argument(metavar="[N]", help="The case.")] = None,
    output: Annotated[Path | None, typer.Option(help="The file to write, instead of showing it.")] = None,
    internal: Annotated[bool, typer.Option("--internal", help="With what only the desk may read.")] = False,
    check: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="A record: was it changed since?")
    ] = None,
) -> None:
    """Write the signed record of a case, or check one: docs/agreements.md. Example: supporthub record 1042

    Exit status: 0 done, or unchanged; 1 changed, no such case, or signed with another key than this desk's.
    """
    if (number is None) == (check is None) or (check and (output or internal)):
        raise typer.BadParameter("Name a case, or a file to --check.")
    if check is not None:
        return _check(check)
    settings = command.settings()
    from app import running

    document = running.record(settings, number or 0, internal)
    if output is None:
        return typer.echo(document, nl=False)
    try:
        output.touch(mode=0o600, exist_ok=False)
        output.write_text(document, encoding="utf-8")
    except OSError as error:
        stop(f"{error.filename}: {error.strerror}.")
    typer.echo(f"{output} is written.")


def _check(file: Path) -> None:
    own = command.settings().secret_key
    from app.record import Unsound
    from app.record import check as checked

    try:
        number, key = checked(file.read_text(encoding="utf-8", errors="replace"), own)
    except Unsound as wrong:
        stop(str(wrong))
    by = "this desk's key" if own else f"the key {key}, which nobody vouches for here"
    typer.echo(f"Case {number}: unchanged, signed with {by}.")


@cli.command()
def backup(file: Annotated[Path, typer.Argument(help="The file to write; it must not be there yet.")]) -> None:
    """Write all of the desk to one file, beside a running server or without. Example: supporthub backup desk.backup"""
    settings = command.settings()
    from app import running

    running.back_up(settings, file)


@cli.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What supporthub backup wrote.", exists=True, dir_okay=False)],
    verify: Annotated[bool, typer.Option("--verify", help="Recompute every case afterwards.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a desk in which there are cases.")] = False,
) -> None:
    """Put a backup in the database's place, all or nothing. Example: supporthub restore desk.backup --verify"""
    settings = command.settings()
    from app import running

    if running.restore(settings, file, verify, force):
        raise typer.Exit(REFUSED)


@cli.command()
def retention(
    yes: Annotated[bool, typer.Option("--yes", help="Erase it now; it cannot be undone.")] = False,
) -> None:
    """Say which closed cases were kept for long enough: docs/privacy.md. Example: supporthub retention

    The server erases their words and files by itself. Exit status: 0, whatever is due.
    """
    settings = command.settings()
    from app import running

    for line in running.retention(settings, yes):
        typer.echo(line)


@cli.command()
def intake(
    sender: Annotated[str | None, typer.Option(help="The envelope's sender, empty for mail from nobody.")] = None,
) -> None:
    """Take one mail from standard input, for mail servers: docs/mail.md. Example: supporthub intake < message.eml

    Exit status: 0 kept, or left alone for good; 1 refused for good; 75 not now: try again later.
    """
    if sys.stdin.isatty():
        raise typer.BadParameter("the mail is read from standard input.")
    try:
        from app.intake import run

        run(sys.stdin.buffer.read(), read(), sender)
    except Exception as error:  # whatever it is, the mail stays where it is and is brought again
        stop(str(error) or type(error).__name__, REFUSED if getattr(error, "for_good", False) else TRY_AGAIN)


@cli.command(name="eval")
def eval_(
    file: Annotated[Path, typer.Argument(help="{text, intent} a line; role and in_case if you like.", exists=True)],
) -> None:
    """How well the router understands your customers' words: docs/routing.md. Example: supporthub eval words.jsonl"""
    from app import eval as evaluation

    with file.open("rb") as lines:
        read_ = list(evaluation.read(lines))
    labelled = [one for one in read_ if not isinstance(one, str)]
    wrong = [one for one in read_ if isinstance(one, str)]
    for sentence in evaluation.report(evaluation.score(labelled)) if labelled else ():
        typer.echo(sentence)
    for sentence in wrong or (() if labelled else ("There is no line in it.",)):
        typer.echo(f"{file}: {sentence}", err=True)
    if wrong or not labelled:
        raise typer.Exit(REFUSED)


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
        misused(wrong)
    except OSError as error:
        stop(f"{error.filename}: {error.strerror}.")
    typer.echo(f"{output} is written: upload it in the Teams admin centre.")


def main() -> None:
    cli()
