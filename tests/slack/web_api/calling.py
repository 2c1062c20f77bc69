"""How a test calls the played Slack: with slack_sdk's own client, on a real socket."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.far import Far
from tests.slack.grants import Install


class Now:
    """A clock that stands until it is moved."""

    def __init__(self, at: float = 1_769_000_000.0) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


def client_of(far: Far, install: Install, session: aiohttp.ClientSession, **more: Any) -> AsyncWebClient:
    return AsyncWebClient(install.token, far.url, timeout=2, session=session, retry_handlers=[], **more)


async def refused(asked: Any) -> str:
    """The error that Slack answers with."""
    with pytest.raises(SlackApiError) as answered:
        await asked
    error: str = answered.value.response["error"]
    return error
