"""Contacts and open cases from a spreadsheet's CSV file: the same promises as a directory file's."""

from pathlib import Path

from app.clock import Clock
from app.opening import open_house
from app.settings import Settings
from bot.desk.directory import Imported
from bot.desk.importing import import_cases, import_directory, known
from bot.languages import languages
from bot.turn import Now
from rules import sheets
from rules.catalogue import Catalogues
from rules.directory import Directory
from rules.toml_lines import Mistake, Mistakes
from store.work import Work

KINDS = ("contacts", "cases")


async def import_(settings: Settings, file: Path, text: str, kind: str) -> Imported:
    """Raises Mistakes: nothing is done."""
    store, catalogues = await open_house(settings)
    try:
        unit = bring_contacts if kind == "contacts" else bring_cases
        return await store.write(unit, text, file.name, catalogues, Clock()())
    finally:
        await store.close()


def bring_contacts(work: Work, text: str, file: str, catalogues: Catalogues, now: Now) -> Imported:
    found = sheets.contacts(text, known(work, catalogues, languages()), file)
    try:
        return import_directory(work, Directory(contacts=found), catalogues, now)
    except Mistakes as wrong:  # where the file contradicts what is there
        raise Mistakes(Mistake(each.line, each.says, file) for each in wrong.mistakes) from None


def bring_cases(work: Work, text: str, file: str, catalogues: Catalogues, now: Now) -> Imported:
    return import_cases(work, sheets.cases(text, known(work, catalogues, languages()), file), file, catalogues, now)
