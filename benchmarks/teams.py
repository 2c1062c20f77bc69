"""A signed message in Teams and its reply, beside Microsoft's adapters and bare aiohttp (python -m benchmarks.teams).

Each server has a process to itself, and so have Microsoft's servers, which are played and answer at once, or after a
pause as the real ones do; rounds take turns, so that noise hits all alike. People wait for the reply before they write
again; each activity is another, while tokens are used again, as Teams does. Microsoft's packages are no dependencies:
they get an environment of their own in .tools/bench. All is plain HTTP but the logins of Microsoft's library, so nobody
pays the handshakes of connecting anew for each reply. Ours remembers each activity so that none counts twice, and
replies after a commit (SQLite, synchronous=FULL); its pace of a message in two seconds is off, since others have none.
CPU is that of a server's whole process, until its last message has left; it and the rate are the medians of the rounds.
"""

import asyncio
import json
import sys
import tempfile
from contextlib import AsyncExitStack
from dataclasses import asdict

from aiohttp import ClientSession, TCPConnector

from benchmarks.teams_parts import stock
from benchmarks.teams_parts.contenders import AGENTS, BARE, CONTENDERS, ECHO, TURN, Contender, Result
from benchmarks.teams_parts.processes import certificate, process
from benchmarks.teams_parts.serving import KEYS, MESSAGES, METADATA, Given
from benchmarks.teams_parts.writing import Heard, Side, Writing

SITUATIONS = ((0, 1), (0, 16), (150, 32))
"""Milliseconds until the connector answers, and how many people write at the same time."""
ROUNDS, SECONDS = 4, 1.0


async def compare(contenders: list[Contender]) -> None:
    side = Side()
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        documents = side.signer.document(""), {"keys": [key.json() for key in side.signer.keys]}
        told = (certificate(folder), *map(json.dumps, documents))
        played, ports = await stack.enter_async_context(process(folder, sys.executable, "microsoft", *told))
        side.connector = f"http://127.0.0.1:{ports[0]}"
        assert played.stdout
        heard = Heard(played.stdout)
        stack.callback(asyncio.create_task(heard.listen()).cancel)
        for number, one in enumerate(contenders):
            one.name = f"s{number}"
            python = str(stock.PYTHON) if one.stock else sys.executable
            told = json.dumps(asdict(given(side, one, ports, folder)))
            started, found = await stack.enter_async_context(process(folder, python, one.module, told))
            one.url, one.pid = f"http://127.0.0.1:{found[0]}{MESSAGES}", started.pid
        session = await stack.enter_async_context(ClientSession(connector=TCPConnector(limit=0)))
        await take_turns(contenders, Writing(side, heard, session))


def given(side: Side, one: Contender, ports: list[int], folder: str) -> Given:
    service, login = f"{side.connector}/{one.name}/", f"http://127.0.0.1:{ports[1]}"
    authority = f"https://127.0.0.1:{ports[2]}/adfs"
    app = side.app
    return Given(
        app.id,
        app.secret,
        app.tenant,
        side.signer.issuer,
        service,
        login + METADATA,
        login + KEYS,
        login,
        authority,
        folder,
        one.options,
    )


async def take_turns(contenders: list[Contender], writing: Writing) -> None:
    for one in contenders:
        await writing.begin(one)
    for number in range(ROUNDS):
        first = number % len(contenders)
        for pause, at_once in SITUATIONS:
            await writing.pause(pause)
            for one in contenders[first:] + contenders[:first]:
                await writing.round(one, at_once, SECONDS, one.done.setdefault((pause, at_once), Result()))


def report(contenders: list[Contender]) -> None:
    print(f"{'':30}  ms until 200   until the reply   turns/s   CPU ms   of (a)   of (d)   tokens   refused")
    print(f"{'':30}           p50       p50      p99")
    for pause, at_once in SITUATIONS:
        print(f"the connector answers after {pause} ms, {at_once} at once")
        for one in contenders:
            it = one.done[pause, at_once]
            answered, usual, worst = it.cuts()
            times = f"{answered:>14.1f} {usual:>9.1f} {worst:>8.1f} {it.rate:>9.0f} {it.cpu:>8.2f}"
            shares = " ".join(share(it, other, pause, at_once) for other in (BARE, AGENTS))
            print(f"{one.label:30}{times} {shares} {one.auth:>8} {it.refused:>9}")
    print("tokens: whether a message that somebody else signed was refused, and replies bore the bot's own.")
    target("(e) takes at most twice the CPU of (a)", ECHO, BARE, 2.0)
    target("(f) takes less CPU than (d)", TURN, AGENTS, 1.0)


def share(it: Result, other: Contender, pause: int, at_once: int) -> str:
    return f"{it.cpu / other.done[pause, at_once].cpu:>8.2f}" if other.done else f"{'-':>8}"


def target(what: str, one: Contender, other: Contender, most: float) -> None:
    if not other.done:
        print(f"{what}: not measured")
        return
    shares = [one.done[each].cpu / other.done[each].cpu for each in SITUATIONS]
    told = ", ".join(f"{each:.2f}" for each in shares)
    print(f"{what}: {'yes' if all(each <= most for each in shares) else 'NO'} ({told} times)")


if __name__ == "__main__":
    taking_part = CONTENDERS if stock.installed() else [one for one in CONTENDERS if not one.stock]
    asyncio.run(compare(taking_part))
    report(taking_part)
