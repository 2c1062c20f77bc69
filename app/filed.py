"""What the portal shows of files, as whoever is signed in may see them."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from adapters.portal.filing import Listed, Opened
from adapters.portal.sessions import Visitor
from app.files import headers_of
from app.shelf import Folder
from bot import filed
from bot.channel import Busy
from bot.dispatch import Bot
from bot.portal import looking
from bot.turn import Turn
from store.store import Unavailable
from store.work import Work

T = TypeVar("T")
PATIENCE = 5.0  # seconds: browsers wait


class FiledViews:
    """See adapters.portal.filing.FileViews."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    @property
    def takes(self) -> int:
        return self._bot.keeping.largest if self._bot.keeping else 0

    async def files(self, visitor: Visitor, number: int) -> Sequence[Listed]:
        return await self._look(visitor, lambda turn: filed.files(turn, number))

    async def file(self, visitor: Visitor, number: int, file: int) -> Opened | None:
        keeping = self._bot.keeping
        found = await self._look(visitor, lambda turn: filed.file(turn, number, file))
        if found is None or found.sha256 is None or keeping is None or not isinstance(keeping.shelf, Folder):
            return None
        path = keeping.shelf.path(found.sha256)
        return Opened(path, headers_of(found)) if path.is_file() else None

    async def _look(self, visitor: Visitor, see: Callable[[Turn], T]) -> T:
        bot = self._bot

        def unit(work: Work) -> T:
            return see(looking(work, visitor.person, bot.clock(), bot.catalogues, bot.links))

        try:
            return await bot.store.read(unit, patience=PATIENCE)
        except Unavailable as error:
            raise Busy(str(error)) from error
