"""Environments for tests, and what is wrong with them."""

import pytest

from app.settings import Misconfigured, read

KEY = "a key of the desk that is long enough"


def wrong(**environment: str) -> list[str]:
    with pytest.raises(Misconfigured) as found:
        read(environment)
    return found.value.sentences
