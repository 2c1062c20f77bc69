"""A database that fails under a unit fails all of it, whatever the unit itself makes of that."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import Engine, ExceptionContext, event
from sqlalchemy.exc import DBAPIError

_fallen: ContextVar[list[DBAPIError] | None] = ContextVar("_fallen", default=None)


def watch(engine: Engine, passing: Callable[[DBAPIError], bool]) -> None:
    """``passing``: whether the database is at fault and not what it was asked."""

    def note(context: ExceptionContext) -> None:
        fallen, error = _fallen.get(), context.sqlalchemy_exception
        if fallen is not None and isinstance(error, DBAPIError) and passing(error):
            fallen.append(error)

    event.listen(engine, "handle_error", note)


@contextmanager
def whole() -> Iterator[None]:
    """Raises the first such failure: whoever goes on takes a passing fault for one row that cannot be read."""
    fallen: list[DBAPIError] = []
    before = _fallen.set(fallen)
    try:
        yield
    except Exception:
        if fallen:
            raise fallen[0] from None
        raise
    finally:
        _fallen.reset(before)
    if fallen:
        raise fallen[0]
