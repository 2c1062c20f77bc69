"""``supporthub knowledge``: the articles of the desk, and what they leave unanswered, for who writes them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from app import command

if TYPE_CHECKING:
    from rules.catalogue import Catalogues
    from store.tables import StoredArticle
    from store.work import Work

T = TypeVar("T")
Slug = Annotated[str, typer.Argument(help="As the list names it.")]
app = typer.Typer(
    no_args_is_help=True, help="Articles, and what they leave unanswered. Example: supporthub knowledge list"
)


@app.command(name="list")
def list_() -> None:
    """List what is searched, and the drafts that are not yet. Example: supporthub knowledge list"""
    for row in _ask(lambda work, _: work.articles()):
        marks = [f"for {row.account} alone"] if row.account else []
        marks += ["draft"] if row.draft else []
        typer.echo(f"{row.slug}  v{row.version}  {row.title}" + (f"  ({', '.join(marks)})" if marks else ""))


@app.command()
def show(slug: Slug) -> None:
    """Print an article as its file would be. Example: supporthub knowledge show case-1042"""
    typer.echo(_markdown(_one(slug)), nl=False)


@app.command()
def export(
    slug: Slug,
    folder: Annotated[Path, typer.Argument(help="Where to write SLUG.md.", exists=True, file_okay=False)] = Path(),
) -> None:
    """Write an article to a file, to be edited; in the knowledge folder it is then searched.

    Example: supporthub knowledge export case-1042 .
    """
    file = folder / f"{slug}.md"
    text = _markdown(_one(slug))
    try:
        with file.open("x", encoding="utf-8") as new:
            new.write(text)
    except OSError as error:
        command.stop(f"{file}: {error.strerror}.")
    typer.echo(f"{file} is written.")


@app.command()
def publish(slug: Slug) -> None:
    """Have a draft searched as it is. Example: supporthub knowledge publish case-1042"""
    from app.clock import Clock
    from bot.library import published

    now = Clock()().machine
    done = _ask(lambda work, _: published(work, slug, now))
    if done is None:
        command.stop(f"There is no draft {slug}.")
    whom = f"people of {done.account}" if done.account else "everybody"
    typer.echo(f"{slug} is found by {whom} from now on.")


@app.command()
def check(folder: Annotated[Path, typer.Argument(help="A folder of articles.", exists=True, file_okay=False)]) -> None:
    """Tell all that is wrong in a folder of articles, by file and line. Example: supporthub knowledge check articles"""
    from bot.understanding.articles import read_folder
    from rules.toml_lines import Mistakes

    try:
        typer.echo(f"{len(read_folder(folder))} articles, nothing wrong.")
    except Mistakes as wrong:
        command.stop(str(wrong))


@app.command()
def gaps(
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Questions since that day (UTC); else of a week.")
    ] = None,
) -> None:
    """Group what was asked and not answered, most often asked first. Example: supporthub knowledge gaps"""
    from app.clock import Clock
    from bot import text
    from bot.plain import plain
    from bot.turn import the_desk, zone_of
    from bot.unanswered import WEEK, company_names
    from bot.unanswered import gaps as found

    until = Clock()().business + timedelta(seconds=1)
    start = since.replace(tzinfo=UTC) if since else until - WEEK

    def unit(work: "Work", catalogues: "Catalogues") -> str:
        groups = found(work, start, until)
        reader = the_desk(zone_of(next(iter(catalogues.providers.values()))))
        return plain(text.gaps(groups, company_names(work, groups), reader, len(groups)))

    typer.echo(_ask(unit))


def _one(slug: str) -> "StoredArticle":
    row = _ask(lambda work, _: work.articles_named([slug])).get(slug)
    return row if row is not None else command.stop(f"There is no article {slug}.")


def _markdown(row: "StoredArticle") -> str:
    from bot.library import as_article
    from bot.understanding.front_matter import markdown

    return markdown(as_article(row))


def _ask(unit: "Callable[[Work, Catalogues], T]") -> T:
    from app import running

    return running.in_the_house(command.settings(), unit)
