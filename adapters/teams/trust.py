"""Which servers are Teams': the only ones that are believed, and that ever get the bot's token."""

import re
from collections.abc import Iterable
from functools import lru_cache

from adapters.teams.hosts import HOST, PORT, USUAL, entry
from bot.channel import Undeliverable

MICROSOFT = ("smba.trafficmanager.net", "*.botframework.com", "*.teams.microsoft.com", "*.teams.microsoft.us")
PATH = r"(?:/[\w.~!$&'()*+,;=:@%-]*)*"
# No user name, query, fragment, backslash or letter beyond ASCII: nothing that two parsers could take differently.
ADDRESS = re.compile(rf"(https?)://({HOST})(?::({PORT}))?({PATH})", re.ASCII | re.IGNORECASE)
LONGEST = 500
MANY = 100


class Untrusted(Undeliverable):
    """This address is none of Teams'."""

    def __init__(self) -> None:
        super().__init__("the address at which Teams was to be reached is not one of Teams' own")


class Trust:
    """Microsoft's own, over https and port 443, and ``extras``; plain http only in ``development``."""

    def __init__(self, extras: Iterable[str] = (), development: bool = False) -> None:
        self._microsoft = tuple(map(entry, MICROSOFT))
        self._extras = tuple(map(entry, extras))
        self._development = development
        self.base = lru_cache(MANY)(self._base)
        if not development and any(each.scheme == "http" for each in self._extras):
            raise ValueError("plain http is for development alone")

    def _base(self, url: str) -> str:
        """The address without a slash at its end: what paths are put after. Raises Untrusted."""
        found = ADDRESS.fullmatch(url) if len(url) <= LONGEST else None
        if found is None:
            raise Untrusted
        scheme, host = found[1].lower(), found[2].lower()
        port = int(found[3] or USUAL[scheme])
        trusted = any(each.covers(scheme, host, port, False) for each in self._microsoft)
        if not (trusted or any(each.covers(scheme, host, port, self._development) for each in self._extras)):
            raise Untrusted
        return f"{scheme}://{host}{f':{port}' if found[3] else ''}{found[4].rstrip('/')}"
