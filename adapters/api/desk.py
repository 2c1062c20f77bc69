"""What the API needs to know of the desk; ``app`` tells it. Nothing here changes a case."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from adapters.api.models import CaseFilter, CaseInFull, CasePage, Files, Me, Plan


@dataclass(frozen=True)
class Caller:
    """Whose token came."""

    token: str
    """Names it, and is no secret."""
    name: str
    person: int
    """For whom it acts."""
    account: int
    writes: bool


class Desk(Protocol):
    """Each raises bot.channel.Busy while the store does not answer."""

    async def caller(self, token: str) -> Caller | None:
        """None for anything that lets nobody in (any more)."""

    async def wait(self, caller: Caller, acts: bool) -> float:
        """Seconds until it may ask again, or ``acts`` again; 0: it may, and did."""

    async def first(self, key: str, request: str) -> bool:
        """Whether that key names no other request than this one."""

    async def opened(self, key: str) -> int | None:
        """The case that this act opened."""

    async def me(self, caller: Caller) -> Me: ...

    async def plan(self, caller: Caller) -> Plan | None: ...

    async def cases(self, caller: Caller, wanted: CaseFilter, path: str) -> CasePage:
        """``path``: where they are listed."""

    async def case(self, caller: Caller, number: int) -> CaseInFull | None:
        """None for what is not there and what is another company's alike."""

    async def files(self, caller: Caller, number: int) -> Files | None: ...

    def now(self) -> datetime:
        """Business time."""
