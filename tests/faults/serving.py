"""A real ``supporthub serve`` under the load of people in Slack, who are repeated until they are acknowledged."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import aiohttp

from store.store import open_store
from store.work import Work
from tests.app.test_command_line import run, running
from tests.faults.checker import Violation
from tests.faults.plan import Tally
from tests.program import Process
from tests.slack.far import Far
from tests.slack.mrkdwn import unescaped
from tests.slack.slack import Slack
from tests.store.inside import sql, until

PEOPLE = 6  # at once
DESK = """
[[account]]
name = "Northwind"
slug = "northwind"

[[contract]]
account = "northwind"
plan = "websan/success"
starts = 2026-01-01
licences = 999

[[staff]]
name = "Sam Ortiz"
email = "sam@desk.example"
role = "agent"
slack = "T1/U0SAM"

[desk]
slack_channel = "T1/C0DESK"
"""
CONTACT = """
[[contact]]
account = "northwind"
name = "{user}"
email = "{user}@northwind.example"
licensed = true
nominated = true
slack = "T1/{user}"
"""


class Crowd:
    """Everybody reports one problem; ``url`` may change when the server is another one."""

    def __init__(self, far: Far, slack: Slack, folder: Path, environment: dict[str, str]) -> None:
        self.far, self._slack = far, slack
        self._folder, self._environment = folder, environment
        self._free = iter(sorted(user for user in far.users if user.startswith("U0P")))
        self.done: list[str] = []
        """Whose words were acknowledged."""
        self.repeated = 0
        self.moved = asyncio.Event()

    @contextmanager
    def server(self) -> Iterator[tuple[str, Process]]:
        with running(self._folder, "serve", **self._environment) as (url, process):
            self._slack.way.url = f"{url}slack/events"  # type: ignore[union-attr]
            yield url, process

    def begin(self, many: int = PEOPLE) -> "list[asyncio.Task[None]]":
        return [asyncio.create_task(self._reports(next(self._free))) for _ in range(many)]

    async def acknowledged(self, many: int) -> None:
        """Once so many are."""
        while len(self.done) < many:
            self.moved.clear()
            await asyncio.wait_for(self.moved.wait(), 60)

    async def _reports(self, user: str) -> None:
        said = await self._slack.message(user, user, words(user))
        while not said.kept:
            self.repeated += 1
            await asyncio.sleep(0.05)  # as a vendor waits before it delivers again
            said = await self._slack.insist(said, times=1)
        self.done.append(user)
        self.moved.set()

    async def check(self, tally: Tally, *, arrived: bool) -> None:
        """Every acknowledged report is one case, and no case is anybody else's; ``arrived``: so is its receipt."""
        cases = Counter(await _subjects(self._environment["SUPPORTHUB_DATABASE_URL"]))
        for user in self.done:
            number = cases.pop(words(user), 0)
            if number != 1:
                tally.violations.append(Violation("duplicated" if number else "lost", f"{user} has {number} cases"))
            there = self._receipts(user)
            if there > 1 or (arrived and there != 1):
                tally.violations.append(Violation("duplicated" if there else "lost", f"{user} has {there} receipts"))
        tally.violations += [Violation("unexpected", f"a case: {subject}") for subject in cases]
        tally.violations += [Violation("unexpected", told) for told in self.far.violations]
        tally.acts, tally.recovered = len(self.done), self.repeated
        tally.posts = sum(self._receipts(user) for user in self.done)

    async def all_arrived(self, patience: float) -> None:
        async def all_there() -> bool:
            return all(self._receipts(user) for user in self.done)

        await asyncio.wait_for(until(all_there), patience)

    def _receipts(self, user: str) -> int:
        return sum(unescaped(one.text).startswith(f"Thank you, {user}.") for one in self.far.messages(user))


def words(user: str) -> str:
    return f"The quote form is broken for {user}"


async def _subjects(url: str) -> list[str]:
    def look(work: Work) -> list[str]:
        return [subject for (subject,) in sql(work, "SELECT subject FROM cases")]

    store = open_store(url)
    try:
        return await store.read(look)
    finally:
        await store.close()


@asynccontextmanager
async def crowd(folder: Path, database: str, people: int) -> AsyncIterator[Crowd]:
    """A desk at that database, with so many contacts in its directory and in Slack."""
    users = [f"U0P{number:03}" for number in range(people)]
    async with Far() as far, aiohttp.ClientSession() as session:
        token = far.add_install("T1").token
        for user in users:
            far.add_user(user, user, restricted=True)
        far.add_user("U0SAM", "Sam Ortiz")
        far.add_channel("C0DESK", "support-desk", ["U0SAM"])
        environment = {
            "SUPPORTHUB_MODE": "development",
            "SUPPORTHUB_DATABASE_URL": database,
            "SLACK_API_URL": far.url,
            "SLACK_BOT_TOKEN": token,
            "SLACK_SIGNING_SECRET": far.app.signing_secret,
        }
        (folder / "desk.toml").write_text(DESK + "".join(CONTACT.format(user=user) for user in users))
        imported = await asyncio.to_thread(run, folder, "import", "desk.toml", **environment)
        assert imported.returncode == 0, imported.stderr
        yield Crowd(far, Slack(far, "http://127.0.0.1", session=session), folder, environment)
