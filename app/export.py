"""``supporthub export``: everything stored about a person or a company, in one file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from app import command

if TYPE_CHECKING:
    from app.settings import Settings
    from bot.erasing.subjects import Subject
    from rules.catalogue import Catalogues
    from store.work import Work

Output = Annotated[Path, typer.Option(help="The file to write, for its owner's eyes alone; it must not be there yet.")]
app = typer.Typer(
    no_args_is_help=True,
    help="Everything about somebody, in one file: docs/privacy.md. Example: supporthub export person ann@example.com"
    " --output ann.json",
)


@app.command()
def person(
    who: Annotated[str, typer.Argument(help="An address, or the id of a channel's user.")], output: Output
) -> None:
    """All about one person. Example: supporthub export person ann@example.com --output ann.json"""
    from bot.erasing.subjects import find_person

    _export(who, output, find_person)


@app.command()
def account(slug: Annotated[str, typer.Argument(help="As in the directory.")], output: Output) -> None:
    """All about a company and its people. Example: supporthub export account northwind --output northwind.json"""
    from bot.erasing.subjects import find_account

    _export(slug, output, find_account)


def _export(who: str, output: Path, find: "Callable[[Work, str], Subject]") -> None:
    from app import running

    rows = running.export(command.settings(), who, output, find)
    typer.echo(f"{output} is written: {rows} rows.")


async def export(settings: "Settings", who: str, output: Path, find: "Callable[[Work, str], Subject]") -> int:
    """How many rows; a page at a time, whatever their number."""
    from bot.erasing.subjects import NobodyLikeThat
    from rules.catalogue import load_folder
    from store.backup import Refused, whole_or_not_at_all
    from store.current import must_be_current, must_exist
    from store.store import open_store

    catalogues, url = load_folder(settings.catalogues), settings.database_url.get_secret_value()
    must_exist(url)
    store = open_store(url)
    try:
        await must_be_current(store)
        with whole_or_not_at_all(output) as unfinished, unfinished.open("w", encoding="utf-8") as sink:
            return await store.read(_write, sink, who, find, catalogues)
    except NobodyLikeThat as nobody:
        raise Refused(str(nobody)) from None
    finally:
        await store.close()


def _write(
    work: "Work", sink: IO[str], who: str, find: "Callable[[Work, str], Subject]", catalogues: "Catalogues"
) -> int:
    from app.clock import Clock
    from bot.exporting import FORMAT, sections

    subject, now, many = find(work, who), Clock()(), 0
    head = {"format": FORMAT, "made_at": now.machine.isoformat(), "about": {"kind": subject.kind, "id": subject.number}}
    sink.seek(0)
    sink.truncate()  # the unit may run twice
    sink.write(json.dumps(head, ensure_ascii=False)[:-1])
    for name, rows in sections(work, subject, catalogues, now):
        sink.write(f",\n{json.dumps(name)}: [")
        for number, row in enumerate(rows):
            sink.write((",\n " if number else "\n ") + json.dumps(row, ensure_ascii=False))
            many += 1
        sink.write("]")
    sink.write("}\n")
    return many
