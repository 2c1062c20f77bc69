"""Letters whose author is proven."""

from typing import Any

from tests.mail.stage import passes

BROKEN = "The quote form is broken since this morning.\n\nIt says Error 500.\n-- \nAnn Lee\nNorthwind"
OK = "250 2.0.0 Kept"


def proven(address: str) -> dict[str, Any]:
    return {"verified": passes(address)}
