"""What in a catalogue is not wrong, and yet may not be meant: for whoever writes one."""

from collections.abc import Iterator

from rules.catalogue.checks import Raw, among, ancestry
from rules.catalogue.kinds import Kind
from rules.toml_lines import Mistake, Path, read

ASKED = (
    "attachment_limit",
    "closing_rule",
    "contact_rule",
    "currency",
    "escalation",
    "escalation_address",
    "holidays",
    "notice",
    "phone",
    "prices",
    "privacy_policy",
    "refunds",
    "resolution_time",
    "response_time",
    "site_visit",
    "support_hours",
    "supported_browsers",
    "terms_change",
    "weekend_cover",
    "work_ownership",
)
"""What customers ask in their own words: a catalogue does well to answer each, or to say that it cannot."""


def advice(text: str, file: str = "<text>") -> tuple[Mistake, ...]:
    """Of a text that ``parse`` takes, in the order of its lines."""
    raw, lines = read(text, file)
    found = (
        Mistake(lines.of(*path), says, file) for look in (_uncited, _unasked, _unruled) for path, says in look(raw)
    )
    return tuple(sorted(found))


def _uncited(raw: Raw) -> Iterator[tuple[Path, str]]:
    used = {word for key, value in raw.items() if key != "clauses" for word in _words(value)}
    for id in among(raw, "clauses"):
        if id not in used:
            yield ("clauses", id), f"Nothing rests on the clause {id}: no value, no fact, and no silence."


def _unasked(raw: Raw) -> Iterator[tuple[Path, str]]:
    said = {*among(raw, "facts"), *among(raw, "not_published")}
    if missing := [question for question in ASKED if question not in said]:
        yield ("facts",), f"Neither [facts] nor [not_published] has: {', '.join(missing)}. They count as not published."


def _unruled(raw: Raw) -> Iterator[tuple[Path, str]]:
    plans = among(raw, "plans")
    for name in plans:
        ruled = {*among(raw, "coverage")}.union(*(among(plans, one, "coverage") for one in ancestry(plans, name)[0]))
        if missing := [kind for kind in Kind if kind not in ruled]:
            yield ("plans", name), f"The plan {name} rules on none of: {', '.join(missing)}. A person judges those."


def _words(value: object) -> Iterator[str]:
    """What stands in its lists: there, and there alone, clauses are cited."""
    match value:
        case dict():
            for inner in value.values():
                yield from _words(inner)
        case list():
            for inner in value:
                yield from (inner,) if isinstance(inner, str) else _words(inner)
