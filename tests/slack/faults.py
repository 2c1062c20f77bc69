"""How calls to Slack go wrong: steps taken in order, or whenever a rule says so."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from aiohttp import web

Proceed = Callable[[], web.StreamResponse]
"""Does what was asked, recorded for good, and gives the answer to it."""
Step = Callable[[web.Request, Proceed], Awaitable[web.StreamResponse]]


@dataclass
class Call:
    """One request to the Web API."""

    method: str
    args: dict[str, Any]
    token: str
    at: float
    answer: str = ""
    """The error, or ok; empty where nothing was done about it."""


def ok() -> Step:
    async def step(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        return proceed()

    return step


def status(code: int, retry_after: int | None = None, error: str = "") -> Step:
    """Answered so, with nothing done."""

    async def step(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        name = error or ("ratelimited" if code == 429 else "internal_error")
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        return web.json_response({"ok": False, "error": name}, status=code, headers=headers)

    return step


def error(name: str) -> Step:
    """A refusal of Slack's: 200, and ``ok`` is false."""
    return status(200, error=name)


def html(code: int = 502) -> Step:
    async def step(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        return web.Response(text="<html><h1>Bad Gateway</h1></html>", content_type="text/html", status=code)

    return step


def bad_json() -> Step:
    async def step(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        return web.Response(text='{"ok": tr', content_type="application/json")

    return step


def big_body(size: int = 8 * 1024 * 1024) -> Step:
    async def step(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        return web.json_response({"ok": True, "filler": "x" * size})

    return step


def drip(seconds: float = 0.05) -> Step:
    """Recorded, and then answered a byte at a time, with so many seconds between them."""

    async def step(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        answer = proceed()
        assert isinstance(answer, web.Response)
        slow = web.StreamResponse(headers={"Content-Type": "application/json"})
        await slow.prepare(request)
        for byte in answer.text or "":
            await slow.write(byte.encode())
            await asyncio.sleep(seconds)
        await slow.write_eof()
        return slow

    return step


def delay(seconds: float, then: Step | None = None) -> Step:
    async def step(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return await (then or ok())(request, proceed)

    return step


def reset_before() -> Step:
    """The connection drops, and nothing was done."""

    async def step(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        return _dropped(request)

    return step


def recorded_then(then: Step) -> Step:
    """It was done, and the answer to it is lost on the way."""

    async def step(request: web.Request, proceed: Proceed) -> web.StreamResponse:
        proceed()
        return await then(request, proceed)

    return step


def reset_after_record() -> Step:
    return recorded_then(reset_before())


@dataclass
class Gate:
    """Holds calls until it is opened, so that a test needs no sleep; ``arrived`` says that one waits."""

    recorded: bool = False
    """Whether what was asked is done before the wait."""
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, request: web.Request, proceed: Proceed) -> web.StreamResponse:
        answer = proceed() if self.recorded else None
        self.arrived.set()
        await self.opened.wait()
        return answer or proceed()

    def open(self) -> None:
        self.opened.set()


@dataclass
class Rule:
    """Every call that it is meant for goes wrong, until it is stopped or as long as its ``with`` lasts."""

    step: Step
    when: Callable[[Call], bool]
    stopped: bool = False
    hits: int = 0

    def stop(self) -> None:
        self.stopped = True

    def __enter__(self) -> "Rule":
        return self

    def __exit__(self, kind: type[BaseException] | None, it: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


@dataclass
class Faults:
    scripts: dict[str, deque[Step]] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)

    def script(self, method: str, *steps: Step) -> None:
        """What becomes of the next calls, one step each, then as usual again; "*" is for whichever method."""
        self.scripts.setdefault(method, deque()).extend(steps)

    def rule(self, step: Step, method: str = "*", when: Callable[[Call], bool] = lambda call: True) -> Rule:
        """What becomes of every call of the method for which ``when`` holds; scripts come first."""
        rule = Rule(step, lambda call: method in ("*", call.method) and when(call))
        self.rules.append(rule)
        return rule

    def next(self, call: Call) -> Step:
        for name in (call.method, "*"):
            if steps := self.scripts.get(name):
                return steps.popleft()
        for rule in self.rules:
            if not rule.stopped and rule.when(call):
                rule.hits += 1
                return rule.step
        return ok()


def _dropped(request: web.Request) -> web.StreamResponse:
    if request.transport:
        request.transport.abort()
    return web.Response()
