"""Which hosts a setting names: ``connector.example.com``, ``*.example.com``, ``http://127.0.0.1:9000``."""

import re
from dataclasses import dataclass

LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
HOST = rf"{LABEL}(?:\.{LABEL})*|\[[0-9a-f:.]{{2,45}}\]"
PORT = r"[1-9][0-9]{0,4}"
ENTRY = re.compile(rf"(?:(https?)://)?(\*\.)?({HOST})(?::({PORT}))?/?", re.ASCII | re.IGNORECASE)
USUAL = {"https": 443, "http": 80}


@dataclass(frozen=True)
class ServiceHost:
    host: str
    scheme: str = ""
    """Empty: https, and in development http as well."""
    port: int | None = None
    """None: the scheme's own, and in development any."""
    below: bool = False
    """Whether every host below this one is meant, and not the host itself."""

    def covers(self, scheme: str, host: str, port: int, development: bool) -> bool:
        named = host.endswith(f".{self.host}") if self.below else host == self.host
        schemes = (self.scheme,) if self.scheme else ("https", "http") if development else ("https",)
        any_port = development and self.port is None
        return named and scheme in schemes and (any_port or port == (self.port or USUAL[scheme]))


def entry(text: str) -> ServiceHost:
    """Raises ValueError with a sentence."""
    found = ENTRY.fullmatch(text)
    port = int(found[4]) if found and found[4] else None
    if found is None or (port or 0) > 65535 or (found[2] and "." not in found[3]):
        raise ValueError("must be hosts such as connector.example.com, with commas between them")
    return ServiceHost(found[3].lower(), (found[1] or "").lower(), port, bool(found[2]))
