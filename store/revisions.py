"""At which revision a database is, and which ones this release has: asked at every start, so without Alembic."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

VERSIONS = Path(__file__).parent / "migrations" / "versions"


def revision(connection: Connection) -> str | None:
    """None where there is no schema yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def revisions() -> list[str]:
    """The oldest first: a migration's file begins with its revision."""
    return sorted(file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*.py"))


def newest() -> str:
    return revisions()[-1]


def known(at: str) -> bool:
    """Whether this release can bring a database of that revision up to date."""
    return at in revisions()
