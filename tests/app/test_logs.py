"""Logs tell what went wrong, and nobody's words or addresses."""

import subprocess
import sys

import pytest
from sqlalchemy.exc import IntegrityError

from store.lanes import table
from store.store import Store
from store.tables import Setting
from store.work import Work

SAID = """
import logging
from app import logs
logs.set_up(readable={readable})
logging.getLogger("x").error("dead letter m1: %s", "550 5.1.1 <ann@northwind.example>: unknown")
try:
    raise OSError("bob@northwind.example is full")
except OSError:
    logging.getLogger("x").exception("a mail")
"""


@pytest.mark.parametrize("readable", [True, False])
def test_whom_a_mail_server_refuses_is_not_told(readable: bool) -> None:
    code = SAID.format(readable=readable)
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stderr
    assert "550 5.1.1 <(an address)>: unknown" in said
    assert "OSError: (an address) is full" in said
    assert "northwind" not in said


async def test_a_statement_that_fails_does_not_tell_what_it_was_about(store: Store) -> None:
    def twice(work: Work) -> None:
        for _ in range(2):
            work._session.connection().execute(table(Setting).insert(), {"name": "a", "value": "my words"})

    with pytest.raises(IntegrityError) as fell:
        await store.write(twice)
    assert "my words" not in str(fell.value)
