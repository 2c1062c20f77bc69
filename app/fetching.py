"""Fetches a file from its vendor and from nowhere else: by name, by address, without redirects, and within bounds."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from typing import Protocol

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from yarl import URL

from adapters.webhooks.guard import Guarded, Look
from bot.channel import Holder, Source
from bot.keeping import NoFile, NotNow, TooLarge
from bot.sniffing import ENOUGH, PICTURES, sniffed

LONGEST = 60.0  # seconds for all of one file
SILENCE = ClientTimeout(total=None, sock_connect=5, sock_read=15)
CHUNK = 64 * 1024
LONGEST_URL, LONGEST_HOST = 4_000, 253
HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
OVER = {404, 410}


class Takes(Protocol):
    async def receive(self, chunks: AsyncIterator[bytes]) -> str: ...


class Fetcher:
    def __init__(
        self, shelf: Takes, largest: int, near: bool, look: Look | None = None, patience: float = LONGEST
    ) -> None:
        """``near``: a vendor may be played on this very machine."""
        self._shelf, self._largest, self._near, self._look, self._patience = shelf, largest, near, look, patience
        self._session: ClientSession | None = None

    async def fetch(self, holder: Holder, tenant: str, source: Mapping[str, str]) -> str:
        found = await holder.source(tenant, source)
        url = allowed(found)
        headers = {"Accept-Encoding": "identity", "User-Agent": "SupportHub"}
        if found.token:
            headers["Authorization"] = f"Bearer {found.token}"
        try:
            async with asyncio.timeout(self._patience):
                async with self._http().get(url, headers=headers, allow_redirects=False) as answer:
                    self._check(answer)
                    chunks = answer.content.iter_chunked(CHUNK)
                    return await self._shelf.receive(_picture(chunks) if found.picture else chunks)
        except TimeoutError:
            raise NotNow("its host takes too long") from None
        except ClientError as error:
            raise NotNow(f"its host does not send it: {type(error).__name__}") from None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _check(self, answer: ClientResponse) -> None:
        if 300 <= answer.status < 400 or answer.status in OVER:
            raise NoFile  # wherever that leads, it is not where the vendor keeps files
        if answer.status != 200:
            raise NotNow(f"its host answers {answer.status}")
        if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise NoFile  # what was not asked for: a little may unfold to very much
        if answer.content_length is not None and answer.content_length > self._largest:
            raise TooLarge

    def _http(self) -> ClientSession:
        if self._session is None:
            connector = TCPConnector(resolver=Guarded(self._near, self._look), use_dns_cache=False, limit=8)
            self._session = ClientSession(
                connector=connector, timeout=SILENCE, cookie_jar=DummyCookieJar(), auto_decompress=False
            )
        return self._session


async def _picture(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Raises NoFile before anything of what is none is kept."""
    begins = b""
    async for chunk in chunks:
        if len(begins) >= ENOUGH:
            yield chunk
            continue
        begins += chunk
        if len(begins) >= ENOUGH:
            yield _proven(begins)
    if len(begins) < ENOUGH:
        yield _proven(begins)


def _proven(begins: bytes) -> bytes:
    if sniffed(begins) not in PICTURES:
        raise NoFile
    return begins


def allowed(found: Source) -> URL:
    """As it is called. Raises NoFile for any other place than the vendor's own."""
    text = found.url
    if not text.isascii() or not text.isprintable() or len(text) > LONGEST_URL or set(text) & set(' \\"<>^`{|}'):
        raise NoFile
    try:
        url = URL(text)
        host, _ = url.raw_host or "", url.port
    except ValueError:
        raise NoFile from None
    if url.raw_user is not None or url.raw_password is not None or url.raw_fragment:
        raise NoFile
    if len(host) > LONGEST_HOST or not HOST.fullmatch(host):
        raise NoFile  # nobody can have such a name
    if not any(_covers(each, url, host) for each in found.hosts):
        raise NoFile
    return url


def _covers(entry: str, url: URL, host: str) -> bool:
    if "://" in entry:  # a whole origin, as the settings have it
        return str(url.origin()) == str(URL(entry).origin())
    named = host.endswith(entry[1:]) if entry.startswith("*.") else host == entry
    return named and url.scheme == "https" and url.port == 443
