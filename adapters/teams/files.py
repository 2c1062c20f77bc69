"""Files in Teams: what a message tells of each, and where its content is fetched."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from yarl import URL

from adapters.teams.token import BotToken
from adapters.teams.trust import Trust, Untrusted
from bot.channel import Source
from bot.incoming import File

DOWNLOAD, REFERENCE = "application/vnd.microsoft.teams.file.download.info", "reference"
SHAREPOINT = ("*.sharepoint.com", "*.sharepoint.us", "*.sharepoint-mil.us")
"""Where OneDrive and SharePoint keep them."""
ADDRESS, INLINE = "url", "inline"
PICTURE = re.compile(r"https?://[^/?#@\\]+(?:/[\w-]+){0,3}/v3/attachments/[\w-][\w.~-]*/views/[\w-]+", re.ASCII)
"""All else that the Connector has for who bears the bot's token is none of a sender's business."""


def files(told: Iterable[Any], service: str) -> tuple[File, ...]:
    """Of a message's attachments; cards, and the HTML beside the text, are none. ``service``: the Connector's address
    from which the message came."""
    return tuple(file for each in told if isinstance(each, Mapping) and (file := _file(each, service)) is not None)


def _file(told: Mapping[str, Any], service: str) -> File | None:
    kind, name, at = (str(told.get(key) or "") for key in ("contentType", "name", "contentUrl"))
    if kind == DOWNLOAD:
        content = told.get("content")
        url = content.get("downloadUrl") if isinstance(content, Mapping) else None
        return File(name, link=_link(at), source={ADDRESS: url} if isinstance(url, str) else None)
    if kind.startswith("image/"):
        theirs = PICTURE.fullmatch(at) is not None and _origin(at) == _origin(service)
        return File(name or "image", "" if kind == "image/*" else kind, source={INLINE: at} if theirs else None)
    return File(name, link=_link(at)) if kind == REFERENCE else None


def _origin(url: str) -> URL | None:
    try:
        return URL(url).origin()
    except ValueError:
        return None


def _link(url: str) -> str:
    try:
        host = URL(url).host or ""
    except ValueError:
        return ""
    return url if host.endswith(tuple(each[1:] for each in SHAREPOINT)) else ""


class TeamsFiles:
    """bot.channel.Holder."""

    def __init__(self, token: BotToken, trust: Trust) -> None:
        self._token, self._trust = token, trust

    async def source(self, tenant: str, kept: Mapping[str, str]) -> Source:
        """A download's address has its own leave in it; a picture in the text needs the bot's token, which only the
        Connector's own servers ever get, and for a picture alone. Raises Untrusted, NotSent."""
        inline, address = kept.get(INLINE, ""), kept.get(ADDRESS, "")
        if inline:
            hosts = self._trusted(inline)
            if PICTURE.fullmatch(inline) is None:
                raise Untrusted
            return Source(inline, hosts, await self._token.value(), picture=True)
        try:
            return Source(address, SHAREPOINT + self._trusted(address))
        except Untrusted:
            return Source(address, SHAREPOINT)

    def _trusted(self, url: str) -> tuple[str, ...]:
        return (str(URL(self._trust.base(url.partition("?")[0])).origin()),)
