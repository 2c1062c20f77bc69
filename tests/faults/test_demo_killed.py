"""The whole program, as ``supporthub demo`` runs it, killed in the middle of a dialog: it goes on where it was."""

import asyncio
import os
import signal
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any, TypeVar

import pytest
from aiohttp import ClientError, ClientSession

from bot.messages import from_json
from bot.plain import plain
from tests.fake import buttons_of
from tests.faults.plan import TRIALS, Tally, report
from tests.program import ROOT, Process, begun
from tests.world import BROKEN

pytestmark = pytest.mark.faults

T = TypeVar("T")
PATIENCE = 100.0  # seconds
KILLS = ("before commit:14", "after commit:16", "after claim:4", "before send:5", "after send:3", "after settle:6")
HISTORY = [
    ("open", BROKEN),
    ("enrich", "details: Error 500"),
    ("enrich", "priority: high"),
    ("complete", ""),
]


class Demo:
    def __init__(self, database: Path, session: ClientSession) -> None:
        self._database, self._session = database, session
        self._process: Process | None = None
        self.ends: list[int] = []

    async def start(self, failpoint: str = "") -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SUPPORTHUB_")}
        environment |= {"SUPPORTHUB_DATABASE_URL": f"sqlite:///{self._database}", "SUPPORTHUB_PORT": "0"}
        environment |= {"FAILPOINT": failpoint} if failpoint else {}
        self._process, said = begun(("demo",), ROOT, environment)
        with said:
            ready = await asyncio.to_thread(said.readline)
        self._url = ready.split()[-1].rstrip("/")

    async def act(self, who: str, key: str, **what: str) -> None:
        """As the page does it: the same act again until it is acknowledged."""
        act = {"who": who, "room": who, "key": key, **what}
        while await self._post(act) != 200:
            await self._revive()

    async def sees(self, room: str, found: Callable[[list[Any]], T | None]) -> T:
        """Once the room's messages, in their order, are as wanted."""
        while True:
            entries = await self._entries()
            mine = sorted((e for e in entries if e["room"] == room), key=lambda entry: entry["place"])
            said = [from_json(e["entry"]["message"]) for e in mine if e["entry"]["kind"] == "bot"]
            if (value := found(said)) is not None:
                return value
            await self._revive()

    async def stop(self) -> None:
        assert self._process is not None
        self._process.terminate()
        self.ends.append(await asyncio.to_thread(self._process.wait))

    async def _entries(self) -> list[Any]:
        try:
            async with self._session.get(f"{self._url}/play/state") as response:
                entries: list[Any] = (await response.json())["entries"]
                return entries
        except ClientError:
            return []

    async def _post(self, act: dict[str, str]) -> int:
        try:
            async with self._session.post(f"{self._url}/play/act", json=act, headers={"Origin": self._url}) as answer:
                return answer.status
        except ClientError:
            return 0

    async def _revive(self) -> None:
        """Starts it again if it died; else some time passes, as between two looks of a person."""
        assert self._process is not None
        await asyncio.sleep(0.05)
        if (end := self._process.poll()) is not None:
            self.ends.append(end)
            await self.start()


@asynccontextmanager
async def demo(database: Path, failpoint: str) -> AsyncIterator[Demo]:
    async with asyncio.timeout(PATIENCE), ClientSession() as session:
        running = Demo(database, session)
        await running.start(failpoint)
        try:
            yield running
        finally:
            await running.stop()


@pytest.mark.parametrize("failpoint", KILLS if TRIALS > 100 else KILLS[1::2])
async def test_a_killed_demo_goes_on_where_it_was(failpoint: str, tmp_path: Path) -> None:
    database = tmp_path / "demo.db"
    async with demo(database, failpoint) as running:
        await running.act("ann", "act-0001", kind="said", text=BROKEN)
        await running.sees("ann", reads("This is case #1001."))
        await running.sees("ann", reads("What exactly happens"))
        await running.act("ann", "act-0002", kind="said", text="Error 500")
        line = await running.sees("ann", button("High"))
        await running.act("ann", "act-0003", kind="pressed", line=line)
        await running.sees("ann", reads("Did anything change just before"))
        await running.act("ann", "act-0004", kind="said", text="skip")
        await running.sees("ann", reads("That is all on case #1001"))
        await running.sees("desk", reads("Priority proposed: High"))
        await running.sees("desk", lambda _: owed(database) == 0 or None)
    assert running.ends == [-signal.SIGKILL, 0]
    assert kept(database) == HISTORY
    assert not posted_other_than_once(database)
    report("supporthub demo killed", Tally(trials=1, acts=4, hit=Counter({failpoint: 1})))


def reads(words: str) -> Callable[[list[Any]], bool | None]:
    return lambda said: any(words in plain(message) for message in said) or None


def button(label: str) -> Callable[[list[Any]], str | None]:
    def found(said: list[Any]) -> str | None:
        buttons = (button for message in said for part in message.parts for button in buttons_of(part))
        return next((button.line for button in buttons if button.label == label), None)

    return found


def owed(database: Path) -> int:
    (number,) = _ask(database, "SELECT count(*) FROM outbox WHERE done_at IS NULL")[0]
    (stale,) = _ask(database, "SELECT count(*) FROM card WHERE rendered < wanted")[0]
    return int(number + stale)


def kept(database: Path) -> list[tuple[str, str]]:
    assert _ask(database, "PRAGMA integrity_check") == [("ok",)]
    assert _ask(database, "SELECT count(*) FROM cases") == [(1,)]
    assert _ask(database, "SELECT count(*) FROM inbox") == [(4,)]
    return _ask(database, "SELECT verb, words FROM case_event ORDER BY id")


def posted_other_than_once(database: Path) -> list[Any]:
    """Messages owed that do not stand in their room once; the card of the case too."""
    sent = "SELECT json_extract(entry, '$.sent') AS key, json_extract(entry, '$.root') AS root FROM room_entry"
    messages = (
        f"SELECT o.id, count(e.key) FROM outbox o LEFT JOIN ({sent}) e ON e.key = 'm' || o.id "
        "GROUP BY o.id HAVING count(e.key) <> 1 OR o.dead IS NOT NULL OR o.receipt IS NULL"
    )
    cards = f"SELECT 'card', count(*) FROM ({sent}) WHERE root HAVING count(*) <> 1"
    return _ask(database, messages) + _ask(database, cards)


def _ask(database: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()
