"""``supporthub webhook``: which other systems are told what happens to cases."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from app import command

if TYPE_CHECKING:
    from adapters.webhooks.channel import Hook
    from app.secrets import Seal
    from app.settings import Settings
    from rules.catalogue import Catalogues
    from store.work import Work

T = TypeVar("T")
Number = Annotated[int, typer.Argument(metavar="N", help="As the list names it.")]
app = typer.Typer(
    no_args_is_help=True, help="Who is told what happens to cases: docs/api.md. Example: supporthub webhook list"
)


@app.command()
def add(
    url: Annotated[str, typer.Option(help="Where it is called: https, and no private network.")],
    account: Annotated[str, typer.Option(help="Whose cases it hears of, by its slug.")] = "",
    every: Annotated[
        bool, typer.Option("--every-account", help="Of all accounts: for the desk's own systems.")
    ] = False,
) -> None:
    """Tell another system from now on; the secret that signs each call is shown once.

    Example: supporthub webhook add --account northwind --url https://erp.example.com/hooks/support
    """
    if bool(account) == every:
        raise typer.BadParameter("say --account, or --every-account.")
    from adapters.webhooks.guard import Refused, checked
    from adapters.webhooks.signing import new_secret
    from app.clock import Clock
    from app.webhooks import PURPOSE, near
    from bot.desk import integrating

    settings, at, secret = command.settings(), Clock()().machine, new_secret()
    try:
        checked(url, near(settings))
    except Refused as refused:
        command.stop(str(refused))
    sealed = _seal(settings).seal(PURPOSE, secret)

    def unit(work: "Work", _: "Catalogues") -> int:
        return integrating.add_webhook(work, account or None, url, sealed, "command line", at).id

    number = settled(unit)
    typer.echo(f"Webhook {number} is on. Keep its secret now: it is shown this once.\n{secret}")


@app.command(name="list")
def list_() -> None:
    """List who is told, and how many calls wait. Example: supporthub webhook list"""

    def unit(work: "Work", _: "Catalogues") -> list[str]:
        return [
            f"{hook.id}  {account.slug if account else 'every account'}  {hook.url}, since {hook.at:%Y-%m-%d}, "
            f"{waiting} waiting"
            for hook, account, waiting in work.webhooks()
        ]

    typer.echo("\n".join(settled(unit)) or "There is none.")


@app.command()
def remove(number: Number) -> None:
    """Tell it nothing more; what still waits leaves no more either. Example: supporthub webhook remove 3"""
    from app.clock import Clock
    from bot.desk import integrating

    at = Clock()().machine

    def unit(work: "Work", _: "Catalogues") -> str:
        return integrating.remove_webhook(work, number, at).url

    typer.echo(f"{settled(unit)} is told nothing more.")


@app.command()
def test(number: Number) -> None:
    """Call it now, with an event about nothing, and say what it answered. Example: supporthub webhook test 3"""
    from app import running
    from app.webhooks import PURPOSE

    settings = command.settings()
    seal = _seal(settings)

    def unit(work: "Work", _: "Catalogues") -> tuple[str, str]:
        from bot.desk.integrating import Wrong

        hook = work.webhook(number)
        if hook is None:
            raise Wrong(f"There is no webhook {number}.")
        return hook.url, hook.sealed

    url, sealed = settled(unit)
    from adapters.webhooks.channel import Hook
    from app.secrets import WrongKey

    try:
        hook = Hook(url, seal.open(PURPOSE, sealed))
    except WrongKey as wrong:
        command.stop(str(wrong))
    status = running.asked(lambda: _called(settings, hook))
    if not isinstance(status, int) or not 200 <= status < 300:
        command.stop(f"It answered {status}." if isinstance(status, int) else f"It could not be called: {status}")
    typer.echo(f"It answered {status}.")


async def _called(settings: "Settings", hook: "Hook") -> int | str:
    from aiohttp import ClientError

    from adapters.webhooks.channel import Webhooks
    from adapters.webhooks.guard import Refused
    from adapters.webhooks.payload import payload
    from app.clock import Clock
    from app.webhooks import near
    from bot.desk.integrating import trial

    async def none(room: str) -> None:
        return None

    event = payload(trial(Clock()().machine))
    assert event is not None, "a trial is an event"
    channel = Webhooks(none, lambda: Clock()().machine, near(settings))
    try:
        return await channel.call(hook, event)
    except Refused as refused:
        return str(refused)
    except TimeoutError:
        return "it did not answer in time."
    except (ClientError, OSError) as error:
        return f"{error or type(error).__name__}."
    finally:
        await channel.close()


def settled(unit: "Callable[[Work, Catalogues], T]") -> T:
    """One unit of work from a terminal; what is wrong is said, and nothing is done."""
    from app import running
    from bot.desk.integrating import Wrong

    try:
        return running.in_the_house(command.settings(), unit)
    except Wrong as wrong:
        command.stop(str(wrong))


def _seal(settings: "Settings") -> "Seal":
    from app.clock import Clock
    from app.secrets import Seal

    if settings.secret_key is None:
        command.stop(
            "SUPPORTHUB_SECRET_KEY is needed: webhooks' secrets are sealed with a key made from it.", command.MISUSED
        )
    return Seal(settings.secret_key, lambda: Clock()().machine)
