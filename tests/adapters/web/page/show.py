"""The playground's page in a real browser, against the real server, with the bot's part scripted."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from aiohttp import web
from playwright.sync_api import Locator, Page, expect

from bot import messages
from bot.channel import Outgoing
from bot.incoming import Address
from bot.messages import (
    Bar,
    Button,
    Buttons,
    CaseNumber,
    Clause,
    Code,
    Count,
    Day,
    Duration,
    Facts,
    Item,
    Items,
    Link,
    Message,
    Moment,
    Money,
    Percent,
    Person,
    Picture,
    Printed,
    Quote,
    Quoted,
    Text,
    Value,
)
from tests.adapters.web.stage import Stage

T = TypeVar("T")
SAM = Person("Sam Ortiz", "support desk")


class Show(Stage):
    """The stage on a thread of its own, since the browser is driven from this one; it can stop and start again."""

    def __init__(self) -> None:
        super().__init__()
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.start()

    def do(self, what: Awaitable[T]) -> T:
        async def doing() -> T:
            return await what

        return asyncio.run_coroutine_threadsafe(doing(), self._loop).result(10)

    def start(self) -> None:
        self.do(self._serve())

    async def _serve(self) -> None:
        self._runner = web.AppRunner(self.app(), shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]

    def stop(self) -> None:
        self.do(self._runner.cleanup())

    def end(self) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def say(
        self,
        room: str,
        *parts: messages.Part,
        key: str = "",
        zone: str = "America/Toronto",
        thread: str = "",
        edits: str = "",
        root: bool = False,
        language: str = messages.ENGLISH,
    ) -> str:
        key = key or f"out {len(self.rooms.kept)}"
        to = Address("web", "", room, thread)
        return self.do(self.web.send(Outgoing(key, to, Message(parts, zone, language), edits, root=root)))

    @property
    def said(self) -> list[object]:
        return [heard.body for heard in self.bot.heard]


Visit = Callable[..., Page]


def room(page: Page, name: str) -> Locator:
    return page.locator(f"[data-room={name}]")


def write(page: Page, name: str, text: str) -> None:
    box = page.locator(f"#say-{name}")
    box.fill(text)
    box.press("Enter")


def bubble(page: Page, key: str) -> Locator:
    return page.locator(f'[data-key="{key}"] > .row .bubble')


def settled(page: Page) -> None:
    """Everything done on the page has been acknowledged; it shows at once, long before."""
    expect(page.locator(".unsent")).to_have_count(0)


AT = datetime.fromisoformat("2025-01-20T16:30:00+00:00")
EVERY_VALUE: list[Value] = [
    Quoted("it says 500"),
    SAM,
    Person("Somebody", ""),
    CaseNumber(1042),
    Moment(AT),
    Moment(AT, "America/New_York", "ET"),
    Moment(AT, "America/New_York"),
    Day(AT.date()),
    Duration(240, True),
    Duration(60),
    Duration(90, True),
    Duration(61),
    Duration(1),
    Duration(0),
    Count(1200),
    Percent(75),
    Money(Decimal("1434"), "$"),
    Money(Decimal("1434.50"), "$"),
    Money(Decimal("20000.00"), "$"),
    Money(Decimal("0.5"), "$"),
    Money(Decimal("1234567.89"), ""),
    Clause("W46"),
    Printed("Success with CRM"),
    Link("(866) 493-2726", "tel:+18664932726"),
    Code("reply 1042 hello"),
]
EVERY_PART: list[messages.Part] = [
    Text(("This is case ", CaseNumber(1042), "."), "heading"),
    Text(("Sam is working on it.",)),
    Text(("Counted in business hours.",), "small"),
    Text(("It is late.",), "alert"),
    Facts((("Plan", (Printed("Success with CRM"),)), ("With", (SAM, ", ", Printed("Northwind"))))),
    Quote(SAM, "Have you tried\nanother browser?"),
    Quote(SAM, "They are grumpy.", internal=True),
    Buttons((Button("Take", "take 1042", "primary"), Button("Close", "force-close 1042", "danger"))),
    Items((Item((CaseNumber(1042), " waits"), Button("Show", "show 1042")), Item(("That is all.",)))),
    Bar(80, (Duration(48, True), " left")),
    Picture("/play/static/logo.svg", ("Cases received: ", Duration(48, True))),
]
EVIL = "<script>window.robbed = 1</script><img src=x onerror='window.robbed = 1'>&amp; \" ' <b>bold</b>"
