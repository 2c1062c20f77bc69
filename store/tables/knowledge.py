"""Articles and the questions that they answered, or did not."""

from datetime import datetime

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlalchemy import Text as Long
from sqlmodel import Field, SQLModel

from store.tables.columns import key, link


class StoredArticle(SQLModel, table=True):
    """One version of an article. Never changed but to be retired; whoever was shown it can be told what it said."""

    __tablename__ = "article"
    __table_args__ = (
        UniqueConstraint("slug", "version"),
        Index(
            "ix_article_current",
            "slug",
            unique=True,
            sqlite_where=text("retired_at IS NULL"),
            postgresql_where=text("retired_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )
    id: int = key()
    slug: str = Field(max_length=200)
    version: int
    case_id: int | None = link("cases.id", default=None)
    """The case that it was drafted from."""
    title: str = Field(max_length=300)
    description: str = Field(default="", sa_type=Long)
    tags: list[str] = Field(default_factory=list, sa_type=JSON)
    body: str = Field(sa_type=Long)
    link: str | None = Field(default=None, sa_type=Long)
    video: str | None = Field(default=None, sa_type=Long)
    products: list[str] = Field(default_factory=list, sa_type=JSON)
    audience: str = Field(max_length=20)
    account: str | None = Field(default=None, max_length=200)
    """The slug of the only account that may read it."""
    file: str | None = Field(default=None, sa_type=Long)
    """Where it came from; whatever has none stays when the folder no longer has it."""
    draft: bool = False
    """Not searched yet."""
    at: datetime
    retired_at: datetime | None = None
    """When a later version took its place, or none did."""


class Enquiry(SQLModel, table=True):
    """A customer's question, and what became of it."""

    id: int = key()
    at: datetime = Field(index=True)
    account_id: int = link("account.id")
    person_id: int = link("person.id")
    question: str = Field(sa_type=Long)
    article_id: int | None = link("article.id", default=None)
    """The version that they looked at last."""
    outcome: str = Field(max_length=40)
