"""The part of a unit of work that keeps articles, each in versions, and what became of the questions."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select, update

from store.tables import Enquiry, StoredArticle

Revision = tuple[int, int]


class Articles:
    _session: Session

    def hold_articles(self) -> None:
        """Until this unit ends nobody else changes any, so that what is compared is what is replaced."""
        if self._session.connection().dialect.name == "postgresql":
            self._session.connection().exec_driver_sql("LOCK TABLE article IN SHARE ROW EXCLUSIVE MODE")

    def articles_revision(self) -> Revision:
        """Something else whenever what is searched may have changed: every change adds a row or ends one."""
        current = func.count().filter(col(StoredArticle.retired_at).is_(None))
        latest, number = self._session.exec(select(func.max(StoredArticle.id), current)).one()
        return latest or 0, number

    def published(self, after: int, limit: int) -> list[StoredArticle]:
        """What is searched, in pages, by number."""
        found = select(StoredArticle).where(_CURRENT, col(StoredArticle.draft).is_(False), StoredArticle.id > after)
        return list(self._session.exec(found.order_by(col(StoredArticle.id)).limit(limit)))

    def articles(self) -> list[StoredArticle]:
        """All that are in force, drafts too, by name."""
        return list(self._session.exec(select(StoredArticle).where(_CURRENT).order_by(col(StoredArticle.slug))))

    def articles_named(self, slugs: Collection[str]) -> dict[str, StoredArticle]:
        found = select(StoredArticle).where(_CURRENT, col(StoredArticle.slug).in_(slugs))
        return {row.slug: row for row in self._session.exec(found)}

    def article_from(self, case: int) -> StoredArticle | None:
        """What was first drafted from that case."""
        found = select(StoredArticle).where(StoredArticle.case_id == case).order_by(col(StoredArticle.id))
        return self._session.exec(found.limit(1)).first()

    def keep_article(self, slug: str, at: datetime, row: Mapping[str, Any]) -> StoredArticle:
        """The next version, in place of the one before."""
        self.retire_articles([slug], at)
        last = select(func.max(StoredArticle.version)).where(StoredArticle.slug == slug)
        kept = StoredArticle(slug=slug, version=(self._session.exec(last).one() or 0) + 1, at=at, **row)
        self._session.add(kept)
        self._session.flush()
        return kept

    def retire_articles(self, slugs: Collection[str], at: datetime) -> None:
        mine = (_CURRENT, col(StoredArticle.slug).in_(slugs))
        self._session.exec(update(StoredArticle).where(*mine).values(retired_at=at))

    def filed_articles(self, after: str, limit: int) -> list[str]:
        """Names of those in force that came from files, in pages."""
        filed = (_CURRENT, col(StoredArticle.file).is_not(None), StoredArticle.slug > after)
        return list(
            self._session.exec(select(StoredArticle.slug).where(*filed).order_by(col(StoredArticle.slug)).limit(limit))
        )

    def enquiries(self, since: datetime, until: datetime, outcomes: Collection[str], limit: int) -> list[Enquiry]:
        """In the order in which they were asked; of too many the latest."""
        asked = (Enquiry.at >= since, Enquiry.at < until, col(Enquiry.outcome).in_(outcomes))
        latest = self._session.exec(select(Enquiry).where(*asked).order_by(col(Enquiry.id).desc()).limit(limit))
        return list(latest)[::-1]


_CURRENT = col(StoredArticle.retired_at).is_(None)
