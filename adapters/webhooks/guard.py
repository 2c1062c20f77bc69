"""Where a call may go: never into the operator's own network, whatever a name resolves to, now or a moment later."""

import re
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from socket import AF_INET, AF_INET6, AF_UNSPEC, AI_NUMERICHOST, AddressFamily

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

Look = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a host, as the system's resolver has them."""
LONGEST = 2_000
CARRYING = tuple(IPv6Network(each) for each in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96"))
"""Addresses of version 6 that lead on to one of version 4, which a gateway decides."""

SPECIAL = tuple(ip_network(each) for each in ("192.88.99.0/24", "fec0::/10", "3fff::/20"))
"""Nobody's, though this release of Python takes them for anybody's: relays to version 6, sites' own, examples."""
USUAL, FREE = 443, 1024
"""The ports that may be called: that one, and those from the second on, where no service of a system's own listens."""
LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII | re.IGNORECASE)
LONGEST_NAME = 253


class Refused(ValueError):
    """Why no call goes there."""


def public(text: str) -> bool:
    """Whether an address is anybody's on the internet; the address alone, never a name."""
    address: IPv4Address | IPv6Address = ip_address(text)
    if isinstance(address, IPv6Address):
        if address.scope_id is not None or any(address in each for each in CARRYING):
            return False
        address = address.ipv4_mapped or address
    if any(address in each for each in SPECIAL if each.version == address.version):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def loopback(text: str) -> bool:
    return ip_address(text).is_loopback


def checked(url: str, near: bool) -> str:
    """The address as it is called; ``near``: this very machine may be too, and without encryption. Raises Refused."""
    plain = url.isascii() and url.isprintable() and len(url) <= LONGEST and not set(url) & set(' \\"<>^`{|}')
    try:
        parts = URL(url if plain else "")  # as the client reads it that calls it
        host, _ = parts.raw_host or "", parts.port
    except ValueError:
        host = ""
    if not host or "%" in host or not (_literal(host) or _name(host)):
        raise Refused("It must be an address such as https://erp.example.com/hooks/support.")
    if parts.user is not None or parts.password is not None or parts.fragment:
        raise Refused("It must have no user name and no fragment.")
    literal = _literal(host)
    here = near and (host == "localhost" or (literal is not None and loopback(literal)))
    if parts.scheme != "https" and not (here and parts.scheme == "http"):
        raise Refused("It must begin with https://.")
    if not here and (host == "localhost" or (literal is not None and not public(literal))):
        raise Refused("It must not lead to this machine or into a private network.")
    if not here and parts.port != USUAL and (parts.port or 0) < FREE:
        raise Refused("Its port must be the usual one or beyond those of a system's own services.")
    return url


def _name(host: str) -> bool:
    """Whether a host can be called so; one of digits alone would be read as an address."""
    labels = host.removesuffix(".").split(".")
    return len(host) <= LONGEST_NAME and not host.replace(".", "").isdigit() and all(map(LABEL.fullmatch, labels))


def _literal(host: str) -> str | None:
    try:
        return str(ip_address(host))
    except ValueError:
        return None


class Guarded(AbstractResolver):
    """What it returns is what is connected to: no name is looked up a second time behind the check."""

    def __init__(self, near: bool, look: Look | None = None) -> None:
        self._near, self._look = near, look or addresses

    async def resolve(self, host: str, port: int = 0, family: AddressFamily = AF_UNSPEC) -> list[ResolveResult]:
        """Raises OSError for a host that has any address where no call may go."""
        found = await self._look(host, port)
        if not found or not all(public(each) or (self._near and loopback(each)) for each in found):
            raise OSError("it leads into a private network, or nowhere")
        return [_result(host, port, each) for each in found]

    async def close(self) -> None:
        pass


def _result(host: str, port: int, address: str) -> ResolveResult:
    family = AF_INET6 if ":" in address else AF_INET
    return ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=AI_NUMERICHOST)


async def addresses(host: str, port: int) -> Sequence[str]:
    return [each["host"] for each in await ThreadedResolver().resolve(host, port, AF_UNSPEC)]
