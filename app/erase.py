"""``supporthub erase``: a person or a company taken out of the desk, with a list of what it cannot reach."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from app import command

if TYPE_CHECKING:
    from app.settings import Settings
    from bot.erasing import Report
    from bot.erasing.subjects import Subject
    from store.work import Work

Yes = Annotated[bool, typer.Option("--yes", help="Do it; it cannot be undone.")]
app = typer.Typer(
    no_args_is_help=True,
    help="Take somebody out of the desk, for good: docs/privacy.md. Example: supporthub erase person ann@example.com",
)


@app.command()
def person(
    who: Annotated[str, typer.Argument(help="An address, or the id of a channel's user.")], yes: Yes = False
) -> None:
    """Erase one person. Without --yes it is only counted. Example: supporthub erase person ann@example.com --yes

    Exit status: 0 erased; 1 only counted, or refused. Interrupted, it is run again.
    """
    from bot.erasing.subjects import find_person

    _erase(who, yes, find_person)


@app.command()
def account(slug: Annotated[str, typer.Argument(help="As in the directory.")], yes: Yes = False) -> None:
    """Erase a company and all of its people. Example: supporthub erase account northwind --yes

    Exit status: 0 erased; 1 only counted, or refused. Interrupted, it is run again.
    """
    from bot.erasing.subjects import find_account

    _erase(slug, yes, find_account)


def _erase(who: str, yes: bool, find: "Callable[[Work, str], Subject]") -> None:
    from app import running

    report, subject = running.erase(command.settings(), who, yes, find)
    for line in told(report, subject, yes):
        typer.echo(line)
    if not yes:
        raise typer.Exit(command.REFUSED)


def told(report: "Report", subject: "Subject", done: bool) -> Iterator[str]:
    """What was or would be done, and what is out of reach."""
    yield (
        f"{subject.name} is erased: {subject.alias}." if done else f"{subject.name} would be erased. Nothing was done:"
    )
    for name, many in sorted(report.changed.items()):
        if name != "overwritten" and many:
            yield f"  {name}: {many} rows"
    yield f"  overwritten where they were posted, through the running desk: {report.changed['overwritten']} messages"
    if report.contents:
        yield f"  kept files: {len(report.contents)}, unless somebody else's is the same"
    yield "Not reached:"
    for name, says in UNREACHED.items():
        if report.unreached[name]:
            yield f"  {report.unreached[name]} {says}"
    for file in sorted(report.files):
        yield f"  the article {file}: written from one of their cases; read it, and edit or remove it"
    yield from (f"  {each}" for each in ALWAYS)
    if not done:
        yield "Say it again with --yes to do it."


UNREACHED = {
    "mails": "mails that were sent",
    "webhooks": "events that other systems were told",
    "whispers": "messages that only one person saw, until their program forgets them",
    "names": "messages in customers' rooms under their name",
    "long": "long messages, of which a vendor may have kept all but the first part",
}
ALWAYS = (
    "what they wrote themselves in Slack, Teams or mail: the vendor's, and their own company's to delete",
    "backups made before now: erase again after a restore",
    "exports and records of cases that somebody saved; logs, which hold no names",
    "what could not be overwritten: supporthub dead list shows it once the desk has tried",
)


async def erase(
    settings: "Settings", who: str, yes: bool, find: "Callable[[Work, str], Subject]"
) -> "tuple[Report, Subject]":
    from app.clock import Clock
    from app.shelf import Folder
    from bot.erasing import Erasure
    from bot.erasing.subjects import NobodyLikeThat
    from rules.catalogue import load_folder
    from store.backup import Refused
    from store.current import must_be_current, must_exist
    from store.store import open_store
    from store.work import Work

    catalogues, url = load_folder(settings.catalogues), settings.database_url.get_secret_value()
    must_exist(url)
    store = open_store(url)
    try:
        await must_be_current(store)
        subject = await store.read(find, who)
        report = await Erasure(store, catalogues, Clock(), subject, yes).run()
        if yes and settings.files is not None:
            folder = Folder(settings.files, 0)
            for content in report.contents - await store.read(Work.named, report.contents):
                folder.drop(content)
        return report, subject
    except NobodyLikeThat as nobody:
        raise Refused(str(nobody)) from None
    finally:
        await store.close()
