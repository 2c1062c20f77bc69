"""The directory file: who the desk's customers and staff are, what was bought, and where they are met."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from rules import toml_lines
from rules.catalogue import Plan
from rules.directory.tables import directory
from rules.directory.values import (
    Absence,
    Account,
    Assignment,
    Channel,
    Contact,
    Contract,
    Desk,
    Directory,
    Identity,
    Place,
    Rota,
    Staff,
)
from rules.directory.walk import File, Table

__all__ = [
    "Absence",
    "Account",
    "Assignment",
    "Channel",
    "Contact",
    "Contract",
    "Desk",
    "Directory",
    "Identity",
    "Place",
    "Rota",
    "Staff",
    "read",
]


def read(text: str, plans: Mapping[str, Plan], file: str = "<text>", languages: Collection[str] = ("en",)) -> Directory:
    """The directory in the text; ``plans`` are those that contracts may name, by id ("websan/base"), ``languages`` what
    people may be written to in.

    Raises ``toml_lines.Mistakes`` with everything that is wrong, each with its line.
    """
    document, lines = toml_lines.read(text, file)
    found = File(file, lines)
    result = directory(Table(found, document), plans, languages)
    if found.mistakes:
        raise toml_lines.Mistakes(found.mistakes)
    return replace(result, doubts=tuple(found.doubts))
