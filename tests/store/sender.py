"""Owes and sends as the product does, by a clock of its own, with nothing to say but its texts."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from rules.people import Role
from store.sending import Claimed, Fate
from store.store import Store
from store.tables import Account, Card, Case, Person
from store.work import Work

NOW = datetime(2026, 1, 19, 14, tzinfo=UTC)
LEASE = timedelta(seconds=60)
SENT = Fate(receipt="p1")
NO_GAP = timedelta(0)


class Sender:
    """Owes and sends, by a clock of its own."""

    def __init__(self, store: Store) -> None:
        self.store, self.now = store, NOW

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)

    async def owe(self, room: str, *texts: str, after: float = 0, **row: Any) -> None:
        await self.store.write(self.owing(room, *texts, after=after, **row))

    def owing(self, room: str, *texts: str, after: float = 0, **row: Any) -> Callable[[Work], None]:
        due = self.now + timedelta(seconds=after) if after else None

        def unit(work: Work) -> None:
            for text in texts:
                work.owe(work.conversation("fake", "", room).id, self.now, {"message": {"text": text}, **row}, due)

        return unit

    async def want_card(self, room: str = "desk", case: int = 1001) -> None:
        await self.store.write(lambda work: work.want_card(case, work.conversation("fake", "", room).id, self.now))

    async def claim(self, limit: int = 16, without: tuple[str, ...] = ()) -> list[Claimed]:
        return await self.store.write(Work.claim, self.now, LEASE, limit, without)

    async def claim_one(self) -> Claimed:
        [claimed] = await self.claim()
        return claimed

    async def settle(self, claimed: Claimed, fate: Fate = SENT, gap: timedelta = NO_GAP) -> bool:
        return await self.store.write(Work.settle, claimed, fate, self.now, gap) is not None

    async def sends(self) -> list[str]:
        """Everything that is due, in the order in which it left."""
        left = []
        while claimed := await self.claim():
            for one in claimed:
                left.append(said(one))
                assert await self.settle(one)
        return left

    def later(self, **time: float) -> Fate:
        return Fate(again_at=self.now + timedelta(**time))


def said(claimed: Claimed) -> str:
    return f"card {claimed.row.case_id}" if isinstance(claimed.row, Card) else str(claimed.row.message["text"])


def two_cases(work: Work) -> None:
    work.add(Account(id=1, slug="northwind", name="Northwind"))
    work.add(Person(id=1, name="Ann Lee", email="ann@northwind.example", role=Role.CUSTOMER, account_id=1))
    place = work.conversation("fake", "", "ann").id
    for number in (1001, 1002):
        case: dict[str, Any] = {
            "id": number,
            "account_id": 1,
            "opened_by": 1,
            "conversation_id": place,
            "subject": "Broken",
        }
        work.add(Case(**case, received_at=NOW, updated_at=NOW))
