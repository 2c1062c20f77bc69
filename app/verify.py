"""``supporthub verify``: what is kept against what history says, a line for each difference (R14)."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.settings import Settings
from bot.verifying import Verification
from rules.catalogue import load_folder
from rules.verifying import Finding
from store.current import NotCurrent, must_be_current, must_exist
from store.store import open_store


@dataclass(frozen=True)
class Verified:
    cases: int
    differences: int
    unrecorded: int

    def __str__(self) -> str:
        said = f"{self.cases} cases verified, {self.differences} differences."
        if self.unrecorded:
            said += f" received_at, target_minutes and due_at of {self.unrecorded} of them cannot be recomputed:"
            said += " their history is older than the release that records these."
        return said


async def verify(
    settings: Settings, tell: Callable[[Finding], None], since: datetime | None = None, case: int | None = None
) -> Verified:
    """Changes nothing, not even the schema. Raises NotCurrent."""
    url = settings.database_url.get_secret_value()
    catalogues = load_folder(settings.catalogues)
    must_exist(url)
    store = open_store(url)
    try:
        await must_be_current(store)
        verification, differences = Verification(store, catalogues, since), 0
        async for finding in verification.all() if case is None else verification.one(case):
            differences += finding.wrong
            tell(finding)
    finally:
        await store.close()
    if case is not None and not verification.cases:
        raise NotCurrent(f"There is no case {case}.")
    return Verified(verification.cases, differences, verification.unrecorded)


def as_line(finding: Finding) -> str:
    return str(finding) if finding.wrong else f"note: {finding}"


def as_json(finding: Finding) -> str:
    kind, _, number = finding.about.partition(" ")
    values = {"field": finding.field, "kept": finding.kept, "recomputed": finding.recomputed, "why": finding.why}
    return json.dumps({kind: int(number), **values, "wrong": finding.wrong}, default=_plain)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
