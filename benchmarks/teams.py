"""A signed message in Teams and its reply, beside Microsoft's frameworks (python -m benchmarks teams).

Each server has a process to itself, and so have Microsoft's servers, which are played and answer at once; rounds take
turns, so that noise hits all alike. People wait for the reply before they write again; each activity is another, while
tokens are used again, as Teams does. The frameworks only echo. All is plain HTTP but the logins of Microsoft's library,
so nobody pays the handshakes of connecting anew for each reply. Ours remembers each activity so that none counts twice,
minds its limits, and replies after a commit (on SQLite with synchronous=FULL); its pace of a message in two seconds is
off, since others have none. CPU is that of a server's whole process, until its last message has left, and
PostgreSQL's own; it and the rate are the medians of the rounds.
"""

import asyncio
import json
import sys
import tempfile
from contextlib import AsyncExitStack
from dataclasses import asdict

from aiohttp import ClientSession, TCPConnector

from benchmarks.databases import databases
from benchmarks.processes import certificate, process
from benchmarks.table import Row
from benchmarks.teams_parts import stock
from benchmarks.teams_parts.contenders import FRAMEWORKS, Contender, Result, ours
from benchmarks.teams_parts.serving import KEYS, MESSAGES, METADATA, Given
from benchmarks.teams_parts.writing import Heard, Side, Writing

AT_ONCE = (1, 8, 64)
ROUNDS, SECONDS, FULL_SECONDS = 4, 0.7, 3.0


async def compare(contenders: list[Contender], seconds: float) -> None:
    side = Side()
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        documents = side.signer.document(""), {"keys": [key.json() for key in side.signer.keys]}
        told = (certificate(folder), *map(json.dumps, documents))
        played, ports = await stack.enter_async_context(process(folder, sys.executable, "teams_parts.microsoft", *told))
        side.connector = f"http://127.0.0.1:{ports[0]}"
        assert played.stdout
        heard = Heard(played.stdout)
        stack.callback(asyncio.create_task(heard.listen()).cancel)
        servers: dict[str, Contender] = {}
        for one in contenders:
            if like := servers.get(one.server):
                one.name, one.url, one.pid = like.name, like.url, like.pid
                continue
            servers[one.server], one.name = one, f"s{len(servers)}"
            python = str(stock.PYTHON) if one.stock else sys.executable
            made = json.dumps(asdict(given(side, one, ports)))
            started, found = await stack.enter_async_context(process(folder, python, f"teams_parts.{one.module}", made))
            one.url, one.pid = f"http://127.0.0.1:{found[0]}{MESSAGES}", started.pid
        session = await stack.enter_async_context(ClientSession(connector=TCPConnector(limit=0, keepalive_timeout=4)))
        writing = Writing(side, heard, session)
        for one in contenders:
            await writing.begin(one)
        for number in range(ROUNDS):
            first = number % len(contenders)
            for at_once in AT_ONCE:
                for one in contenders[first:] + contenders[:first]:
                    await writing.round(one, at_once, seconds, one.done.setdefault(at_once, Result()))


def given(side: Side, one: Contender, ports: list[int]) -> Given:
    login = f"http://127.0.0.1:{ports[1]}"
    return Given(
        side.app.id,
        side.app.secret,
        side.app.tenant,
        side.signer.issuer,
        f"{side.connector}/{one.name}/",
        login + METADATA,
        login + KEYS,
        login,
        f"https://127.0.0.1:{ports[2]}/adfs",
        one.database.new() if one.database else "",
    )


def rows(full: bool) -> list[Row]:
    frameworks = FRAMEWORKS if stock.installed() else []
    with databases() as both:
        mine = ours(both)
        asyncio.run(compare([*frameworks, *mine], FULL_SECONDS if full else SECONDS))
    return [row for one in mine for row in told(one)]


def told(one: Contender) -> list[Row]:
    """On SQLite beside each framework, else beside the lightest."""
    what = f"{one.label}, at 1 / 8 / 64 at once" + (f" ({one.refused} put off)" if one.refused else "")
    found = []
    for other in FRAMEWORKS if "SQLite" in one.label else FRAMEWORKS[:1]:
        aim = 1.0 if "SQLite" in one.label else None
        cpu, rate, missing = other.figures("cpus"), other.figures("rates"), "" if other.done else stock.MISSING
        found.append(Row(what, "CPU ms a turn", one.figures("cpus"), other.label, cpu, aim, missing=missing))
        found.append(Row(what, "turns/s", one.figures("rates"), other.label, rate, more=True, missing=missing))
    return found
