"""What every request of the portal must pass: our own name, our own page behind it, small, not too often."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp import web
from yarl import URL

from bot.channel import reference

log = logging.getLogger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
PATIENCE = 10
"""Seconds for a body to arrive."""
FORM = "application/x-www-form-urlencoded"
NOBODY = "'none'"
TEAMS = "https://teams.microsoft.com https://*.teams.microsoft.com https://*.cloud.microsoft https://*.office.com"
"""Who may show the tab in a frame: Teams on the web and on the desktop, and nobody else."""


SAYS = {
    404: "There is no such page.",
    413: "That is more than this page takes.",
    429: "That was often. Please wait a quarter of an hour.",
    503: "That did not go through, and nothing was lost. Please try again.",
}


class Refused(Exception):
    """The request is wrong; its sentence is what the person reads."""

    def __init__(self, status: int, sentence: str) -> None:
        self.status = status
        super().__init__(sentence)


Networks = tuple[IPv4Network | IPv6Network, ...]
NEAR: Networks = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
"""A proxy on this machine."""
ONE_CALLER = 64
"""Bits of an IPv6 address that tell callers apart: of what comes behind them each has as many as they like."""


@dataclass(frozen=True)
class Origins:
    """Under which names the portal answers, and to whom."""

    public: str = ""
    """Where browsers reach this server; empty: nowhere else than on this machine."""
    near: bool = False
    """Whether this machine's own name does too: in development and in the playground."""
    proxies: Networks = NEAR
    """Whose word it is from where a request came."""

    def caller(self, request: web.Request) -> str:
        """The network address by which tries are counted. Each proxy adds to the end of X-Forwarded-For whom it heard,
        so of those names the last that no proxy of ours has is true, and all before it may be invented."""
        named = ",".join(request.headers.getall("X-Forwarded-For", ())).split(",")
        caller = request.remote or ""
        while named and self._ours(caller):
            caller = _bare(named.pop()) or caller
        try:
            address = ip_address(caller)
        except ValueError:
            return caller[:64]
        whole = isinstance(address, IPv6Address) and address.ipv4_mapped is None
        return str(ip_network((address, ONE_CALLER), strict=False)) if whole else str(address)

    def _ours(self, caller: str) -> bool:
        try:
            address = ip_address(caller)
        except ValueError:
            return False
        address = getattr(address, "ipv4_mapped", None) or address
        return any(address in each for each in self.proxies)

    def of(self, request: web.Request) -> str:
        """The origin that a page of ours has, by which the request came. Raises Refused for a foreign name: one that
        resolves to us (DNS rebinding) shows itself in the Host header."""
        host = request.headers.get("Host", "")
        try:
            asked = URL(f"http://{host}")
        except ValueError:
            asked = URL()
        if self.public and host.lower() == self.public.partition("://")[2].lower():
            return self.public
        if self.near and asked.host in LOOPBACK:
            return f"http://{host}"
        raise Refused(421, "This server has no page under that name.")


def _bare(named: str) -> str:
    """As some proxies write it: with a port, and IPv6 in brackets."""
    name = named.strip().strip('"')
    if name.startswith("["):
        return name[1:].partition("]")[0]
    return name.partition(":")[0] if name.count(":") == 1 else name


def headers(frames: str = NOBODY, scripts: str = "") -> Mapping[str, str]:
    """Of every answer. The referrer stays within our own pages, so that a form still names its origin."""
    policy = (
        f"default-src 'none'; script-src 'self'{scripts}; style-src 'self'; img-src 'self'; connect-src 'self'; "
        f"form-action 'self'; base-uri 'none'; frame-ancestors {frames}"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
        "X-Robots-Tag": "noindex",
        "Cache-Control": "no-store",
    }


Problem = Callable[[web.Request, int, str, str], web.Response]
"""A page that says what is wrong, and what can be quoted of it where nobody expected it."""


def guarded(handler: Handler, origins: Origins, sent: Mapping[str, str], problem: Problem) -> Handler:
    """Refusals become pages, the unexpected a 503 without its text; whatever acts must come from a page of ours."""

    @wraps(handler)
    async def guard(request: web.Request) -> web.StreamResponse:
        response: web.StreamResponse
        try:
            check(request, origins)
            response = await handler(request)
        except Refused as no:
            response = problem(request, no.status, str(no), "")
        except web.HTTPRedirection as there:
            response = web.Response(status=there.status, headers={"Location": there.headers["Location"]})
        except web.HTTPRequestEntityTooLarge:
            response = problem(request, 413, SAYS[413], "")
        except web.HTTPException as no:
            response = problem(request, no.status, SAYS[404], "")
        except Exception:
            quoted = reference()
            log.exception("a page, reference %s", quoted)
            response = problem(request, 503, SAYS[503], quoted)
        if not response.prepared:
            for name, value in sent.items():
                response.headers.setdefault(name, value)
        return response

    return guard


def check(request: web.Request, origins: Origins) -> None:
    """Browsers name the page behind every POST, stream and socket; another site's page may not act here."""
    ours = origins.of(request)
    named = request.headers.get("Origin")
    acts = request.method not in ("GET", "HEAD") or "upgrade" in request.headers.get("Connection", "").lower()
    if (acts and named != ours) or (named is not None and named != ours):
        raise Refused(403, "Only a page of this portal may do that.")


async def read(request: web.Request) -> Mapping[str, str]:
    """The fields of a form, each once."""
    if request.content_type != FORM:
        raise Refused(415, "This page takes what its own form sends.")
    try:
        async with asyncio.timeout(PATIENCE):
            posted = await request.post()
    except TimeoutError:
        raise Refused(408, "The form did not arrive in time. Please try again.") from None
    except (ValueError, UnicodeDecodeError):
        raise Refused(400, "This page takes what its own form sends.") from None
    return {name: value.replace("\r\n", "\n") for name, value in posted.items() if isinstance(value, str)}


class Rate:
    """How often the same caller may try: ``most`` within ``seconds``, counted on this server."""

    MANY = 10_000

    def __init__(self, most: int, seconds: float, now: Callable[[], float]) -> None:
        self._most, self._seconds, self._now = most, seconds, now
        self._tries: dict[str, list[float]] = {}

    def allows(self, who: str) -> bool:
        """Counted as one more."""
        now, recent = self._now(), self._recent(who)
        self._tries.pop(who, None)
        if len(self._tries) >= self.MANY:  # a flood of names must not fill the memory
            self._tries.pop(next(iter(self._tries)))
        allowed = len(recent) < self._most
        self._tries[who] = [*recent, now] if allowed else recent
        return allowed

    def used_up(self, who: str) -> bool:
        return len(self._recent(who)) >= self._most

    def _recent(self, who: str) -> list[float]:
        return [at for at in self._tries.get(who, ()) if at > self._now() - self._seconds]
