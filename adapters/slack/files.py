"""Files in Slack: what a message tells of each, and where its content is fetched."""

from collections.abc import Iterable, Mapping
from typing import Any

from yarl import URL

from adapters.slack.installs import NotInstalled, NoToken
from adapters.slack.tokens import Tokens
from bot.channel import NotSent, Source, Undeliverable
from bot.incoming import File

HOSTS = ("files.slack.com", "files.slack-gov.com")
"""Exactly these: everybody may have a page below slack.com."""
SLACK = "https://slack.com/api/"
TOMBSTONE = "tombstone"
DELETED = {TOMBSTONE, "hidden_by_limit"}


def files(told: Iterable[Mapping[str, Any]]) -> tuple[File, ...]:
    """Of a message's; what lies elsewhere, such as in somebody's Drive, has a link and no content."""
    return tuple(_file(each) for each in told if each.get("mode") not in DELETED)


def removed(now: Iterable[Mapping[str, Any]], before: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """By id, what is not in a message any more."""
    there = {str(each.get("id")): each.get("mode") for each in now}
    was = {str(each.get("id")) for each in before} - set(there)
    return tuple(sorted(was | {each for each, mode in there.items() if mode == TOMBSTONE}))


def _file(told: Mapping[str, Any]) -> File:
    url, size = told.get("url_private_download") or told.get("url_private"), told.get("size")
    ours = isinstance(url, str) and not told.get("is_external")
    return File(
        str(told.get("name") or told.get("title") or ""),
        str(told.get("mimetype") or ""),
        size if isinstance(size, int) else None,
        _link(told.get("permalink")),
        {"url": str(url)} if ours else None,
        ref=str(told.get("id") or ""),
    )


def _link(url: object) -> str:
    """Only a page of Slack's own."""
    try:
        host = URL(str(url or "")).host or ""
    except ValueError:
        return ""
    return str(url) if host.endswith((".slack.com", ".slack-gov.com")) else ""


class SlackFiles:
    """bot.channel.Holder."""

    def __init__(self, tokens: Tokens, api_url: str) -> None:
        self._tokens = tokens
        peer = () if api_url == SLACK else (str(URL(api_url).origin()),)  # what the settings put in Slack's place
        self._hosts = HOSTS + peer

    async def source(self, tenant: str, kept: Mapping[str, str]) -> Source:
        try:
            token = (await self._tokens.of(tenant)).bot_token
        except NotInstalled:
            raise Undeliverable("the app is not installed in this workspace") from None
        except NoToken as error:
            raise NotSent(str(error)) from None
        return Source(kept.get("url", ""), self._hosts, token)
