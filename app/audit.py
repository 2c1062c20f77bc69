"""``supporthub audit``: what should have happened by now, for who runs the server or watches it."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from app import command

if TYPE_CHECKING:
    from app.settings import Settings
    from bot.auditing import Late

FOUND = 1
app = typer.Typer(no_args_is_help=True, help="What should have happened. Example: supporthub audit escalations")


@app.callback()
def _audit() -> None:
    """A callback, so that the one command has a name."""


@app.command()
def escalations(
    tolerance: Annotated[int, typer.Option(min=0, help="Seconds by which a step may be late.")] = 60,
) -> None:
    """Find live cases whose next warning is late, or whose warnings reached nobody: docs/escalation.md.

    Exit status: 0 none, 1 some, a line each. Example: supporthub audit escalations --tolerance 300
    """
    from app import running

    if running.audit(command.settings(), timedelta(seconds=tolerance)):
        raise typer.Exit(FOUND)


async def audit(settings: "Settings", tolerance: timedelta, tell: Callable[["Late"], None]) -> tuple[int, int]:
    """How many live cases were looked at, and how much is late. Changes nothing, not even the schema.

    Raises NotCurrent.
    """
    from app.clock import DemoClock
    from bot.auditing import PAGE, page
    from rules.catalogue import load_folder
    from store.current import must_be_current, must_exist
    from store.store import open_store
    from store.work import Work

    url, catalogues = settings.database_url.get_secret_value(), load_folder(settings.catalogues)
    must_exist(url)
    store = open_store(url)
    try:
        await must_be_current(store)
        clock = DemoClock(store)  # a desk whose clock was never moved is told the machine's time by it
        await clock.load()
        looked = late = 0
        for after in range(0, await store.read(Work.last_case), PAGE):
            live, found = await store.read(page, after, clock.now(), tolerance, catalogues)
            looked, late = looked + live, late + len(found)
            for each in found:
                tell(each)
    finally:
        await store.close()
    return looked, late
