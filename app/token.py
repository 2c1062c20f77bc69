"""``supporthub token``: which other systems may come in by the API, and for whom they act."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rules.catalogue import Catalogues
    from store.work import Work

app = typer.Typer(
    no_args_is_help=True,
    help="Who comes in by the API: docs/api.md. Example: supporthub token list --account northwind",
)


@app.command()
def add(
    account: Annotated[str, typer.Option(help="Whose cases it is about, by its slug.")],
    person: Annotated[str, typer.Option("--as", metavar="EMAIL", help="The nominated contact for whom it acts.")],
    name: Annotated[str, typer.Option(help="What it is for; the history names it beside them.")],
    write: Annotated[bool, typer.Option("--write", help="It may open and answer cases too.")] = False,
) -> None:
    """Make a token, shown once.

    Example: supporthub token add --account northwind --as ann@northwind.example --name ERP --write
    """
    from app.clock import Clock
    from app.webhook import settled
    from bot.desk import integrating

    at = Clock()().machine

    def unit(work: "Work", _: "Catalogues") -> str:
        return integrating.add_token(work, account, person, name, write, at)

    token = settled(unit)
    may = "read and write" if write else "read"
    typer.echo(f"{name} may {may} as {person}. Keep its token now: it is shown this once.\n{token}")


@app.command(name="list")
def list_(account: Annotated[str, typer.Option(help="Only this one's, by its slug.")] = "") -> None:
    """List the tokens, without what is secret of them. Example: supporthub token list"""
    from app.webhook import settled
    from bot.desk.integrating import SHORTEST_ID, may_carry

    def unit(work: "Work", _: "Catalogues") -> list[str]:
        rows = []
        for token, who, of in work.tokens():
            if account in ("", of.slug):
                used = f"last used {token.used_at:%Y-%m-%d}" if token.used_at else "never used"
                dead = "it no longer may" if not may_carry(who, of) else used
                state = f"revoked {token.revoked_at:%Y-%m-%d}" if token.revoked_at else dead
                may = "reads and writes" if token.writes else "reads"
                about = f"{of.slug}  {token.name} {may} as {who.email}"
                rows.append(f"{token.hash[:SHORTEST_ID]}  {about}, since {token.at:%Y-%m-%d}, {state}")
        return rows

    typer.echo("\n".join(settled(unit)) or "There is none.")


@app.command()
def revoke(token: Annotated[str, typer.Argument(metavar="ID", help="As the list names it.")]) -> None:
    """End one, at once and for good. Example: supporthub token revoke 3f9a01bc"""
    from app.clock import Clock
    from app.webhook import settled
    from bot.desk import integrating

    at = Clock()().machine

    def unit(work: "Work", _: "Catalogues") -> str:
        return integrating.revoke_token(work, token, at).name

    typer.echo(f"{settled(unit)} comes in no more.")
