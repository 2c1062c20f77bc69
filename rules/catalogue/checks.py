"""What can be wrong between the parts of a catalogue file; looked for in the raw tables, however broken the rest is."""

from collections.abc import Iterator
from datetime import date

from rules.ladder import Hearer
from rules.toml_lines import Path

Raw = dict[str, object]
Found = Iterator[tuple[Path, str]]


def among(raw: object, *path: str) -> Raw:
    """The table at the path; empty if there is none, or something else."""
    for key in path:
        raw = raw.get(key) if isinstance(raw, dict) else None
    return raw if isinstance(raw, dict) else {}


def ancestry(plans: Raw, name: str) -> tuple[list[str], str | None]:
    """The plan and those it extends, itself first; then what cannot be followed: an unknown plan, or one met before."""
    line, parent = [name], among(plans, name).get("extends")
    while isinstance(parent, str) and parent in plans and parent not in line:
        line.append(parent)
        parent = among(plans, parent).get("extends")
    return line, parent if isinstance(parent, str) else None


def inheritance(raw: Raw) -> Found:
    plans = among(raw, "plans")
    for name in plans:
        line, stuck = ancestry(plans, name)
        if stuck == name:
            yield ("plans", name, "extends"), f"the plan {name} extends itself: {' -> '.join([*line, name])}"
        elif stuck and stuck not in plans and line == [name]:
            yield ("plans", name, "extends"), f"there is no plan {stuck} to extend"


def targets(raw: Raw) -> Found:
    plans = among(raw, "plans")
    for name in plans:
        line, stuck = ancestry(plans, name)
        if not stuck and not any("response" in among(plans, plan) for plan in line):
            yield ("plans", name), f'the plan {name} has no response target; if there is none, say "not published"'
        if "hours" not in raw and among(plans, name, "response"):
            yield ("plans", name, "response"), "a target counts business hours: give [hours] too"


def prices(raw: Raw) -> Found:
    for name, plan in among(raw, "plans").items():
        if {"price_per_user", "price_of_licences"} <= set(among(plan)):
            yield ("plans", name, "price_of_licences"), f"the plan {name} has two prices"


def rulings(raw: Raw) -> Found:
    places: list[Path] = [("coverage",), *(("plans", name, "coverage") for name in among(raw, "plans"))]
    for place in places:
        table = among(raw, *map(str, place))
        for kind in table:
            yield from _ruling(among(table, kind), (*place, kind))


def _ruling(ruling: Raw, path: Path) -> Found:
    if ruling.get("verdict") != "unknown" and not ruling.get("clauses"):
        yield path, "a verdict needs the clauses it rests on"
    if ("up_to_minutes" in ruling) != ("beyond" in ruling):
        yield path, "`up_to_minutes` and `beyond` belong together"
    if "beyond" in ruling:
        yield from _ruling(among(ruling, "beyond"), (*path, "beyond"))


def terms(raw: Raw) -> Found:
    days, versions = among(raw, "terms_notice").get("days"), set[object]()
    written = raw.get("terms")
    for index, entry in enumerate(written if isinstance(written, list) else ()):
        version, published, effective = (among(entry).get(key) for key in ("version", "published", "effective"))
        if type(published) is type(effective) is date:  # a datetime is a date too, and refused elsewhere
            least = days if isinstance(days, int) else 0
            if (effective - published).days < least:
                yield (
                    ("terms", index, "effective"),
                    f"terms take effect {least} days after they are published, or later",
                )
        if str(version) in versions:
            yield ("terms", index, "version"), f"there are two versions {version}"
        versions.add(str(version))


def answers(raw: Raw) -> Found:
    for question in among(raw, "not_published"):
        if question in among(raw, "facts"):
            yield ("not_published", question), f"`{question}` is answered under [facts]"


def ladders(raw: Raw) -> Found:
    """Whoever is told by mail has an address."""
    places: list[Path] = [("ladder",), *(("plans", name, "ladder") for name in among(raw, "plans"))]
    for place in places if "escalation" not in raw else ():
        own = [(*place, "by_priority", name) for name in among(raw, *map(str, place), "by_priority")]
        for path in (place, *own):
            for step, heard in among(raw, *map(str, path), "tell").items():
                if isinstance(heard, list) and Hearer.MAIL in heard:
                    yield (*path, "tell", step), "there is no [escalation] address to mail"


CHECKS = (inheritance, targets, prices, rulings, terms, answers, ladders)
