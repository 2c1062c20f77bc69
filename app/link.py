"""``supporthub link``: which channel's user is whom, for who runs the server."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from app import command

if TYPE_CHECKING:
    from app.settings import Settings
    from bot.desk.linking import Listed
    from bot.messages import Message
    from bot.turn import Turn

Names = Annotated[list[str] | None, typer.Argument(metavar="[all|N...]", help="As the list names them.")]
app = typer.Typer(
    no_args_is_help=True, help="Who is who in each channel: docs/people.md. Example: supporthub link list"
)


@app.command()
def code(email: Annotated[str, typer.Argument(help="Of somebody in the directory.")]) -> None:
    """Make a one-time code, shown once: whoever sends it is that person.

    Example: supporthub link code ann@example.com
    """
    from bot import text
    from bot.desk import linking
    from rules.refusals import NobodyLikeThat

    def unit(turn: "Turn") -> "Message":
        person = turn.work.person_at(email.strip().lower())
        if person is None:
            raise NobodyLikeThat(who=email, several="")
        return text.code_made(linking.make_code(turn.work, person, None, turn.time.machine), turn.actor)

    _tell(unit)


@app.command()
def portal(email: Annotated[str, typer.Argument(help="Of somebody in the directory.")]) -> None:
    """Make a link that signs somebody in to the portal, once; shown once, and noted in the audit.

    Example: supporthub link portal ann@example.com
    """
    from app import running
    from app.clock import Clock
    from app.portal import invited
    from rules.refusals import Refusal

    settings = command.settings()
    try:
        typer.echo(running.in_the_house(settings, lambda work, _: invited(work, settings, email, Clock()())))
    except Refusal:
        command.stop(f"There is nobody {email} here.")
    except ValueError as no:
        command.stop(str(no))


@app.command(name="list")
def list_(email: Annotated[str, typer.Argument(help="Only this person's.")] = "") -> None:
    """List who is linked, how and since when. Example: supporthub link list"""
    from bot import text

    def unit(turn: "Turn") -> "Message":
        person = turn.work.person_at(email.strip().lower()) if email else None
        rows = [] if email and person is None else turn.work.linked(person.id if person else None)
        return text.identities(rows, turn.actor)

    _tell(unit)


@app.command()
def remove(
    name: Annotated[str, typer.Argument(metavar="CHANNEL:TENANT/USER", help="As the list names it.")],
) -> None:
    """End a link; that user is a stranger then. Example: supporthub link remove slack:T0NORTH/U0ANN"""
    from bot import text
    from bot.desk import linking

    _tell(
        lambda turn: text.unlinked(name, linking.detach(turn.work, name, turn.time.machine, None), turn.actor),
    )


@app.command()
def propose(
    channel: Annotated[str, typer.Argument(help="slack or teams.")],
    tenant: Annotated[str, typer.Argument(help="The workspace or tenant, which belongs to an account or to the desk.")],
    conversation: Annotated[str, typer.Argument(help="For teams: a conversation there that the app is in.")] = "",
) -> None:
    """Match a tenant's people to the directory by address; nobody is linked before somebody approves.

    Example: supporthub link propose slack T0NORTH
    """
    if channel not in ("slack", "teams") or (channel == "teams") != bool(conversation):
        raise typer.BadParameter("say: slack WORKSPACE, or: teams TENANT CONVERSATION.")
    tenant = tenant.lower() if channel == "teams" else tenant
    from bot import text
    from bot.desk import linking

    settings = command.settings()
    roster = _read(settings, channel, tenant, conversation)

    def unit(turn: "Turn") -> "Message":
        waiting = linking.propose(turn.work, channel, tenant, roster, turn.time.machine)
        return text.proposals(waiting, turn.actor)

    _tell(unit)


@app.command()
def approve(names: Names = None) -> None:
    """Link those that were proposed, all or some; without names they are listed.

    Example: supporthub link approve all
    """
    _decide(names, approved=True)


@app.command()
def reject(names: Names = None) -> None:
    """Say that they are not who they seem: they are not proposed again. Example: supporthub link reject 3"""
    _decide(names, approved=False)


def _decide(names: list[str] | None, approved: bool) -> None:
    from bot import text
    from bot.desk import linking

    def unit(turn: "Turn") -> "Message":
        if not names:
            return text.proposals(linking.waiting(turn.work), turn.actor)
        done = linking.decide(turn.work, [each.lower() for each in names], approved, turn.time.machine, None)
        if approved:
            linking.tell_of(turn, done)
        return text.decided(done, approved, turn.actor)

    _tell(unit)


def _read(settings: "Settings", channel: str, tenant: str, conversation: str) -> "list[Listed]":
    """The roster, from the vendor: before the unit of work, which waits for nobody."""
    from app import roster, running

    try:
        return running.asked(lambda: roster.read(settings, channel, tenant, conversation))
    except roster.Unread as why:
        command.stop(str(why))


def _tell(said: "Callable[[Turn], Message]") -> None:
    from app import running
    from app.clock import Clock
    from app.dead import _to_read
    from bot.plain import plain
    from bot.text import refused
    from bot.turn import Turn, the_desk, zone_of
    from rules.catalogue import Catalogues
    from rules.refusals import Refusal
    from store.work import Work

    def unit(work: Work, catalogues: Catalogues) -> tuple[str, bool]:
        now, reader = Clock()(), the_desk(zone_of(next(iter(catalogues.providers.values()))))
        try:
            with work.attempt():
                return plain(_to_read(said(Turn(work, catalogues, reader, now, now.business)))), True
        except Refusal as refusal:
            return plain(refused(refusal, reader)), False

    sentence, done = running.in_the_house(command.settings(), unit)
    if not done:
        command.stop(sentence)
    typer.echo(sentence)
