"""What the portal asks for its pages; ``app`` supplies it from the house."""

from collections.abc import Sequence
from typing import Protocol

from adapters.portal.sessions import Visitor
from bot.messages import Message
from bot.shown.customers import Case, Home, Listed, People, Terms
from bot.shown.desk import Board, Companies, CompanyPage, StaffCase


class Views(Protocol):
    """Each reads only what this visitor may see, and may raise bot.channel.Busy."""

    async def home(self, visitor: Visitor, page: int) -> Home: ...
    async def cases(self, visitor: Visitor, only: str, words: str, page: int) -> Listed: ...
    async def case(self, visitor: Visitor, number: int) -> Case | None:
        """None: there is none, or it is not theirs to see."""

    async def plan(self, visitor: Visitor) -> Sequence[Message]: ...
    async def people(self, visitor: Visitor) -> People: ...
    async def terms(self, visitor: Visitor) -> Terms: ...
    async def privacy(self, visitor: Visitor) -> Message: ...


class DeskViews(Protocol):
    """Each reads only what this visitor may see, and may raise bot.channel.Busy. None: nothing, or not for them."""

    async def board(self, visitor: Visitor, words: str, page: int, sort: str, down: bool) -> Board | None: ...
    async def mark(self, visitor: Visitor, case: int | None) -> str | None:
        """Another one whenever the board, or that case's page, would show something else."""

    async def case(self, visitor: Visitor, number: int) -> StaffCase | None: ...
    async def companies(self, visitor: Visitor, words: str, page: int) -> Companies | None: ...
    async def company(self, visitor: Visitor, slug: str) -> CompanyPage | None: ...
