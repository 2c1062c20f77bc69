"""From a catalogue file to a provider, or to every mistake in it."""

from collections.abc import Iterable
from pathlib import Path as FilePath
from types import MappingProxyType

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from rules.catalogue.assembly import assemble
from rules.catalogue.checks import CHECKS, Raw, among
from rules.catalogue.parts import Desk
from rules.catalogue.provider import Catalogues, Provider
from rules.catalogue.shape import File
from rules.toml_lines import Lines, Mistake, Mistakes, read


def load_folder(folder: FilePath) -> Catalogues:
    """Every *.toml in the folder, first those that can be reached: who has no contract is shown the first (W5).

    Raises Mistakes with what is wrong in any of them.
    """
    providers = load_all(sorted(folder.glob("*.toml")))
    if not providers:
        raise Mistakes([Mistake(1, "There is no catalogue (*.toml) in this folder.", str(folder))])
    reachable_first = sorted(providers, key=lambda provider: provider.phone is None)
    return Catalogues(MappingProxyType({provider.id: provider for provider in reachable_first}))


def load_all(paths: Iterable[FilePath]) -> tuple[Provider, ...]:
    """In the order of the files. Raises Mistakes with what is wrong in any of them."""
    providers: dict[str, Provider] = {}
    wrong: list[Mistake] = []
    for path in paths:
        try:
            provider = load(path)
        except Mistakes as found:
            wrong += found.mistakes
            continue
        if provider.id in providers:
            wrong.append(Mistake(1, f"The provider {provider.id} has two files.", str(path)))
        providers[provider.id] = provider
    if wrong:
        raise Mistakes(wrong)
    return tuple(providers.values())


def load(path: FilePath) -> Provider:
    """The one place in this package that reads from the disk."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")  # editors on Windows begin a file with a byte order mark
    except UnicodeDecodeError as broken:
        line = raw.count(b"\n", 0, broken.start) + 1
        raise Mistakes([Mistake(line, "This is not UTF-8 text.", str(path))]) from broken
    return parse(text, str(path))


def parse(text: str, file: str = "<text>") -> Provider:
    raw, lines = read(text, file)
    wrong = [Mistake(lines.of(*path), _sentence(says), file) for check in CHECKS for path, says in check(raw)]
    try:
        shape = File.model_validate(raw, context=_context(raw))
    except ValidationError as found:
        wrong += [_mistake(error, lines, file) for error in found.errors()]
    if wrong:
        raise Mistakes(wrong)
    return assemble(shape)


def _context(raw: Raw) -> dict[str, object]:
    """What single fields are checked against: the clauses that may be cited, the priorities that may have a target."""
    priorities = among(raw, "desk").get("priorities")
    return {
        "clauses": among(raw, "clauses"),
        "priorities": [str(name) for name in priorities] if isinstance(priorities, list) else Desk().priorities,
    }


SAYS = {
    "missing": "is missing",
    "extra_forbidden": "is no key of a catalogue",
    "unexpected_keyword_argument": "is no key of a catalogue",
    "enum": "must be one of {expected}",
    "literal_error": "must be one of {expected}",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "decimal_max_places": "must have {decimal_places} decimal places or fewer",
    "finite_number": "must be a number",
    "decimal_parsing": "must be a number",
    "decimal_type": "must be a number",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "string_type": "must be text in quotes",
    "string_too_short": "must not be empty",
    "string_pattern_mismatch": "is not written as it must be: {pattern}",
    "too_short": "must not be empty",
    "date_type": "must be a date such as 2026-01-31",
    "tuple_type": "must be a list",
    "frozen_set_type": "must be a list",
    "dict_type": "must be a table",
    "dataclass_type": "must be a table",
    "model_type": "must be a table",
    "value_error": "is wrong: {error}",
}
"""By pydantic's name for it; what is not listed is told in pydantic's words."""


def _mistake(error: ErrorDetails, lines: Lines, file: str) -> Mistake:
    path = [part for part in error["loc"] if part != "[key]"]
    key = ".".join(map(str, path))
    says = SAYS[error["type"]].format(**error.get("ctx", {})) if error["type"] in SAYS else error["msg"]
    return Mistake(lines.of(*path), _sentence(f"`{key}` {says}"), file)


def _sentence(says: str) -> str:
    return f"{says[0].upper()}{says[1:]}."
