"""Articles between folder, store and search: the folder is where they are written, the store is what counts."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from bot.understanding.articles import Article
from rules.catalogue import Catalogues
from store.store import Store
from store.tables import StoredArticle
from store.work import Work

BATCH = 100  # articles in one unit: others write in between
PAGE = 500
_SAME = ("title", "description", "tags", "body", "link", "video", "products", "audience", "account")


def provider_of(catalogues: Catalogues) -> dict[str, str]:
    """By a product's name, whose customers have it."""
    providers = catalogues.providers.items()
    return {name: id for id, one in providers if one.products for name in one.products.names}


async def take_in(store: Store, articles: Sequence[Article], folder: Path, at: datetime) -> int:
    """What the folder holds is what is searched from now on: how many articles are new, changed or gone."""
    changed = 0
    for start in range(0, len(articles), BATCH):
        batch = articles[start : start + BATCH]
        if await store.read(_new, batch):
            changed += await store.write(_keep, batch, folder, at)
    after, here = "", {article.id for article in articles}
    while page := await store.read(Work.filed_articles, after, PAGE):
        after = page[-1]
        if gone := [slug for slug in page if slug not in here]:
            await store.write(Work.retire_articles, gone, at)
            changed += len(gone)
    return changed


def _keep(work: Work, articles: Sequence[Article], folder: Path, at: datetime) -> int:
    work.hold_articles()  # another replica may be taking in the same
    found = _new(work, articles)
    for article in found:
        work.keep_article(article.id, at, {**as_row(article), "file": str(folder / f"{article.id}.md")})
    return len(found)


def _new(work: Work, articles: Sequence[Article]) -> list[Article]:
    """Those that the store does not have, or not as they are. What was drafted is in force once it is in the folder."""
    current = work.articles_named([article.id for article in articles])
    return [it for it in articles if (row := current.get(it.id)) is None or _differs(row, it)]


def _differs(row: StoredArticle, article: Article) -> bool:
    return row.draft or row.file is None or any(getattr(row, name) != value for name, value in as_row(article).items())


async def on_shelf(store: Store) -> AsyncIterator[Article]:
    """All that is searched."""
    after = 0
    while page := await store.read(Work.published, after, PAGE):
        after = page[-1].id
        for row in page:
            yield as_article(row)


def published(work: Work, slug: str, at: datetime) -> StoredArticle | None:
    """A draft as it is, searched from now on; None where there is no such draft."""
    work.hold_articles()
    draft = work.articles_named([slug]).get(slug)
    if draft is None or not draft.draft:
        return None
    return work.keep_article(slug, at, {**as_row(as_article(draft)), "case_id": draft.case_id})


def as_row(article: Article) -> dict[str, object]:
    facts = asdict(article)
    return {name: list(facts[name]) if isinstance(facts[name], tuple) else facts[name] for name in _SAME}


def as_article(row: StoredArticle) -> Article:
    facts = {name: getattr(row, name) for name in _SAME}
    return Article(row.slug, **{**facts, "tags": tuple(row.tags), "products": tuple(row.products)}, version=row.id)
