"""``supporthub doctor``: what an operator asks when something is wrong, a line each."""

import json
import logging
import os
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from app.doctor.findings import Finding
    from app.settings import Settings
    from rules.catalogue import Catalogues
    from store.store import Store

UNWELL = 1


def doctor(
    online: Annotated[bool, typer.Option("--online", help="Ask Slack, Microsoft, mail and sign-in as well.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object a line.")] = False,
) -> None:
    """Look everything over, beside a running server or without: docs/operations.md. Example: supporthub doctor --online

    It writes nothing but a mark that the database takes writes. Exit status: 0 nothing is wrong, 1 something is.
    """
    import asyncio

    from app.doctor.findings import Level

    logging.getLogger().addHandler(logging.NullHandler())  # the findings say it
    many: Counter[Level] = Counter()

    async def run() -> None:
        async for finding in examined(os.environ, online):
            many[finding.level] += 1
            typer.echo(json.dumps(asdict(finding)) if as_json else str(finding))

    asyncio.run(run())
    if not as_json:
        typer.echo(f"{many[Level.OK]} ok, {many[Level.WARNING]} warnings, {many[Level.WRONG]} wrong.")
    if many[Level.WRONG]:
        raise typer.Exit(UNWELL)


async def examined(environment: Mapping[str, str], online: bool) -> "AsyncIterator[Finding]":
    """What builds on something that is wrong is not looked at."""
    from app.doctor.findings import wrong
    from app.doctor.machine import catalogues_of, knowledge_of, room_on_disk, settings_of
    from app.settings import Misconfigured, read
    from store.store import open_store

    try:
        settings = read(environment)
    except Misconfigured as mistakes:
        for sentence in mistakes.sentences:
            yield wrong("settings", sentence, "The server does not start with it.")
        return
    for finding in (*settings_of(settings), *knowledge_of(settings), *room_on_disk(settings)):
        yield finding
    catalogues, found = catalogues_of(settings)
    for finding in found:
        yield finding
    store = open_store(settings.database_url.get_secret_value(), 2)
    try:
        async for finding in _kept(settings, store, catalogues, online):
            yield finding
    finally:
        await store.close()


async def _kept(
    settings: "Settings", store: "Store", catalogues: "Catalogues | None", online: bool
) -> "AsyncIterator[Finding]":
    from app.clock import DemoClock
    from app.doctor.database import database_of
    from app.doctor.desk import desk_of
    from app.doctor.findings import Level
    from app.doctor.online import others

    found = await database_of(settings, store)
    there = all(finding.level is not Level.WRONG for finding in found)
    if there and catalogues is not None:
        clock = DemoClock(store)
        await clock.load()
        found += await desk_of(settings, store, catalogues, clock())
    if online:
        found += await others(settings, store if there else None)
    for finding in found:
        yield finding
