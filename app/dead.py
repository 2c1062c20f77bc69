"""``supporthub dead``: what could not be delivered, for who runs the server; the same as the lines of a lead's chat."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from app import command

if TYPE_CHECKING:
    from bot.messages import Message
    from rules.people import Actor
    from store.work import Work

Said = Callable[["Work", "Actor"], "Message"]
Channel = Annotated[str | None, typer.Option(help="Only this one: slack, teams, email.")]
app = typer.Typer(no_args_is_help=True, help="What could not be delivered. Example: supporthub dead list")


@app.command(name="list")
def list_(
    page: Annotated[int, typer.Option(min=1, help="Ten a page, the latest first.")] = 1, channel: Channel = None
) -> None:
    """List the dead letters, without their words. Example: supporthub dead list --channel slack"""
    from bot import text
    from bot.desk import dead

    _tell(lambda work, reader: text.dead_letters(dead.page(work, page, channel), reader))


@app.command()
def show(name: Annotated[str, typer.Argument(metavar="N", help="As the list names it.")]) -> None:
    """Show all about one: its words, what was tried, what went instead. Example: supporthub dead show 17"""
    from bot import text
    from bot.desk import dead

    _tell(lambda work, reader: text.dead_letter(dead.opened(work, name), reader))


@app.command()
def replay(
    names: Annotated[list[str] | None, typer.Argument(metavar="N...", help="As the list names them.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that went nowhere else.")] = False,
    channel: Channel = None,
) -> None:
    """Send them again, all or none; where one may have arrived, its channel is asked first.

    Example: supporthub dead replay 17 18, or supporthub dead replay --all --channel slack
    """
    if everything == bool(names) or (names and channel):
        raise typer.BadParameter("Name some, or say --all.")
    from app.clock import Clock
    from bot import text
    from bot.desk import dead

    now = Clock()().machine

    def unit(work: "Work", reader: "Actor") -> "Message":
        again = dead.replay(work, names, now, None) if names else dead.replay_all(work, channel, now, None)
        return text.replayed(again, reader)

    _tell(unit)


def _to_read(message: "Message") -> "Message":
    """Nobody presses anything on a terminal."""
    from bot.messages import Buttons, Items

    parts = (part for part in message.parts if not isinstance(part, Buttons))
    bare = (
        replace(part, items=tuple(replace(item, button=None) for item in part.items))
        if isinstance(part, Items)
        else part
        for part in parts
    )
    return replace(message, parts=tuple(bare))


def _tell(said: Said) -> None:
    from app import running
    from bot.plain import plain
    from bot.text import refused
    from bot.turn import the_desk, zone_of
    from rules.catalogue import Catalogues
    from rules.refusals import Refusal

    def unit(work: "Work", catalogues: Catalogues) -> tuple[str, bool]:
        reader = the_desk(zone_of(next(iter(catalogues.providers.values()))))
        try:
            with work.attempt():
                return plain(_to_read(said(work, reader))), True
        except Refusal as refusal:
            return plain(refused(refusal, reader)), False

    sentence, done = running.in_the_house(command.settings(), unit)
    typer.echo(sentence, err=not done)
    if not done:
        raise typer.Exit(command.REFUSED)
