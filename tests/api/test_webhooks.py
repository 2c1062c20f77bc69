"""Webhooks over real sockets: signed, in order, once, again after a failure, and never into a private network."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientConnectorError, web
from pydantic import SecretStr
from sqlmodel import col, select

from adapters.webhooks.channel import Hook, Webhooks
from adapters.webhooks.guard import Refused, checked, public
from adapters.webhooks.payload import Payload
from adapters.webhooks.signing import headers, new_secret
from app.secrets import Seal
from app.webhooks import PURPOSE, hooks
from bot.desk.integrating import add_token, add_webhook, remove_webhook
from bot.erasing.subjects import find_account
from store.store import Store
from store.tables import Outbox, Webhook
from tests.api.receiver import Receiver, receiving
from tests.app.test_erase import ANN, CANARY, dump, erase, left_of
from tests.world import BROKEN, MONDAY, World, opened


@asynccontextmanager
async def told(store: Store, slug: str | None = "northwind") -> AsyncIterator[tuple[World, Receiver]]:
    world = await World(store).open()
    seal = Seal(SecretStr("s" * 32), lambda: world.time.machine)
    channel = Webhooks(hooks(store, seal), lambda: world.time.machine, near=True, patience=2.0)
    world.channels = {**world.channels, "webhook": channel}
    world.delivery.channels = world.channels
    async with receiving() as receiver:
        receiver.secret = new_secret()
        sealed = seal.seal(PURPOSE, receiver.secret)
        await store.write(add_webhook, slug, receiver.url, sealed, "test", MONDAY)
        try:
            yield world, receiver
        finally:
            await channel.close()


async def test_a_case_is_told_in_order_once_and_without_the_desks_own_words(store: Store) -> None:
    async with told(store) as (world, receiver):
        await opened(world)
        await world.says("sam", "take 1001")
        await world.says("sam", "note 1001 SECRET")
        await world.says("sam", "reply 1001 Which browser?")
        await world.says("ann", "reply 1001 Firefox")
        await world.says("sam", "priority 1001 high It stops their sales")
        await world.says("sam", "close 1001 It works again")
        await world.says("ann", "confirm 1001")
        await opened(world, "eve", "The report is empty since this morning")
        main = [kind for kind in receiver.kinds if kind != "case.updated"]
        assert main == [
            "case.opened",
            "case.status",
            "case.replied",
            "case.said",
            "case.priority",
            "case.resolved",
            "case.closed",
        ]
        bodies = [call.body.decode() for call in receiver.calls]
        assert not any("SECRET" in body or "contoso" in body for body in bodies)
        first = receiver.calls[0].json
        assert first["timestamp"] == "2026-01-19T14:00:00Z"
        about = {name: first["data"][name] for name in ("case", "account", "subject", "did", "by", "status")}
        by = {"name": "Ann Lee", "side": "customer"}
        expected = {"case": 1001, "account": "northwind", "subject": BROKEN, "did": "open", "by": by, "status": "new"}
        assert about == expected
        assert receiver.calls[-1].json["data"]["status_before"] == "awaiting_confirmation"
        assert len({call.id for call in receiver.calls}) == len(receiver.calls)


async def test_what_fails_is_sent_again_as_it_was_and_what_follows_waits(store: Store) -> None:
    async with told(store, None) as (world, receiver):
        receiver.answers += [web.Response(status=status) for status in (500, 429, 404, 503, 500, 400)]
        await world.says("eve", "The report is empty")
        assert receiver.kinds == ["case.opened"]
        for _ in range(6):
            world.passes(hours=1)
            assert world.delivery.breakers["webhook"].closed, "one receiver's trouble is nobody else's"
            await world.delivery.deliver_all()
        first, second, *_, last = tries = receiver.calls[:7]
        assert {(each.id, each.body) for each in tries} == {(first.id, first.body)}, "known as the same"
        assert first.at < second.at < last.at, "and each attempt is signed anew, since old ones are refused"
        ids = [call.id for call in receiver.calls[6:]]
        assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("status", "location", "why"), [(302, "/other", ""), (307, "http://127.0.0.1/", ""), (410, "", "it answered 410")]
)
async def test_no_redirection_is_followed_and_gone_is_gone(
    sqlite_desk: World, status: int, location: str, why: str
) -> None:
    async with told(sqlite_desk.store) as (world, receiver):
        receiver.answers.append(web.Response(status=status, headers={"Location": location}))
        await world.says("ann", BROKEN)
        assert receiver.elsewhere == 0
        rows = await world.ask_store(lambda work: list(work._session.exec(select(Outbox).order_by(col(Outbox.id)))))
        row = next(row for row in rows if (row.key or "").startswith("webhook"))
        assert (row.receipt, (row.dead or "").partition(":")[0]) == (None, why)
        assert any("it answered 410" in text for text in world.heard("desk")) == bool(why)


async def test_one_that_can_never_be_called_holds_up_no_other(sqlite_desk: World) -> None:
    store = sqlite_desk.store
    async with told(store) as (world, receiver):
        seals = [Seal(SecretStr(letter * 32), lambda: world.time.machine) for letter in "so"]
        for url, seal in (("https://erp..example.com/x", seals[0]), (receiver.url, seals[1])):
            await store.write(add_webhook, "northwind", url, seal.seal(PURPOSE, receiver.secret), "test", MONDAY)
        await opened(world)
        for _ in range(6):
            world.passes(hours=1)
            await world.delivery.deliver_all()
            assert world.delivery.breakers["webhook"].closed
        heard = len(receiver.calls)
        await world.says("ann", "reply 1001 Firefox")
        assert len(receiver.calls) == heard + 1


async def test_one_that_is_removed_hears_nothing_more_and_leaves_no_dead_letter(store: Store) -> None:
    async with told(store) as (world, receiver):
        receiver.answers += [web.Response(status=500)] * 9
        await world.says("ann", BROKEN)
        number = await world.ask_store(lambda work: work.find(Webhook).id)
        await store.write(remove_webhook, number, MONDAY)
        world.passes(hours=1)
        await world.delivery.deliver_all()
        await world.says("sam", "reply 1001 Looking")
        assert len(receiver.calls) == 1
        rows = await world.ask_store(lambda work: list(work._session.exec(select(Outbox))))
        assert [row.dead for row in rows if row.dead] == []


# Where a call may go ----------------------------------------------------------------------------------------------

INWARD = (
    *("127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
    *("224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "203.0.113.9"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1"),
    *("fec0::1", "192.88.99.1", "3fff::1", "::ffff:192.88.99.1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::1"),
)


def test_only_what_is_anybodys_is_public() -> None:
    assert [each for each in INWARD if public(each)] == []
    assert [
        each for each in ("8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8") if not public(each)
    ] == []


@pytest.mark.parametrize(
    "url",
    [
        *("http://erp.example.com/", "ftp://erp.example.com/", "//erp.example.com/", "erp.example.com", "", "https://"),
        *("https://user:pw@erp.example.com/", "https://@erp.example.com/x#y", "https://erp.example.com/\\@127.0.0.1"),
        *("https://localhost/", "https://127.1/", "https://2130706433/", "https://0177.0.0.1/", "https://[::1]/"),
        *(
            "https://[fe80::1%25eth0]/",
            "https://%31%32%37.0.0.1/",
            "https://[::ffff:10.0.0.1]/",
            "https://a b.example/",
        ),
        *("https://erp.example.com:99999/", "https://erp.exämple.com/", f"https://erp.example.com/{'x' * 2000}"),
        *(f"https://{each}/" for each in ("10.0.0.1", "169.254.169.254", "[fd00::1]", "[fec0::1]")),
        *(f"https://{each}/" for each in ("erp..example.com", ".example.com", f"{'a' * 64}.example", "-a.example")),
        *(f"https://erp.example.com:{each}/" for each in (22, 25, 80, 445, 1023)),
        f"https://{'a.' * 130}example/",
    ],
)
def test_addresses_that_are_never_called(url: str) -> None:
    with pytest.raises(Refused):
        checked(url, near=False)


def test_this_machine_is_called_in_development_alone_and_no_other_private_one() -> None:
    for url in ("https://erp.example.com:8443/hooks?x=1", "https://a_b.example.com./x", "https://erp.example.com:443/"):
        assert checked(url, near=False)
    for url in ("http://127.0.0.1:8080/x", "http://localhost:8080/x", "https://[::1]/x"):
        assert checked(url, near=True) == url
    for url in ("http://erp.example.com/", "http://10.0.0.1/", "https://10.0.0.1/"):
        with pytest.raises(Refused):
            checked(url, near=True)


class Names:
    """A resolver that changes its mind."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers, self.asked = list(answers), 0

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


EVENT = Payload("msg_1", b'{"type":"webhook.test"}')


async def call(url: str, names: Names, near: bool = False, patience: float = 2.0) -> int:
    async def none(room: str) -> Hook | None:
        return None

    channel = Webhooks(none, lambda: MONDAY, near, names, patience)
    try:
        return await channel.call(Hook(url, new_secret()), EVENT)
    finally:
        await channel.close()


@pytest.mark.parametrize("answer", [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::ffff:127.0.0.1"], []])
async def test_a_name_that_leads_inward_is_not_connected_to(answer: list[str]) -> None:
    async with listening() as (port, met):
        with pytest.raises(ClientConnectorError):
            await call(f"https://rebound.example:{port}/", Names(answer))
        assert met == []


async def test_what_was_checked_is_what_is_connected_to() -> None:
    """A name that answers otherwise the second time is not asked a second time."""
    names = Names(["127.0.0.1"], ["10.0.0.1"])
    async with listening(b"HTTP/1.1 204 No Content\r\n\r\n") as (port, met):
        assert await call(f"http://localhost:{port}/", names, near=True) == 204
        assert (len(met), names.asked) == (1, 1)


@asynccontextmanager
async def listening(reply: bytes = b"", forever: bool = False) -> AsyncIterator[tuple[int, list[int]]]:
    """A bare socket: how much each of who connected could be made to take."""
    met: list[int] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        met.append(0)
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(reply)
            while forever and reply:
                writer.write(b"x" * 65_536)
                await writer.drain()
                met[-1] += 65_536
            if forever:
                await asyncio.sleep(60)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], met
    finally:
        server.close()


async def test_an_endless_answer_is_cut_off_and_a_silent_one_left() -> None:
    endless = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"
    async with listening(endless, forever=True) as (port, met):
        assert await call(f"http://127.0.0.1:{port}/", Names([]), near=True) == 200
        await asyncio.sleep(0)
    assert met[0] < 16 * 1024 * 1024, "what its sockets hold, and no more"
    async with listening(forever=True) as (port, _):
        with pytest.raises(TimeoutError):
            await call(f"http://127.0.0.1:{port}/", Names([]), near=True, patience=0.2)


def test_the_standards_own_example() -> None:
    """By which its libraries test themselves."""
    body = b'{"test": 2432232314}'
    at = datetime.fromtimestamp(1614265330, UTC)
    made: dict[str, Any] = headers("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", at, body)
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


async def test_with_a_company_its_tokens_and_webhooks_are_erased(store: Store) -> None:
    async with told(store) as (world, receiver):
        await store.write(add_token, "northwind", ANN[1], "ERP", True, MONDAY)
        await world.says("ann", CANARY)
        for _ in range(3):
            await world.says("ann", "skip")
        heard = len(receiver.calls)
        receiver.answers += [web.Response(status=500)] * 9
        await world.says("ann", f"reply 1001 {CANARY} again")
        report, _ = await erase(world, "northwind", find_account)
        assert report.unreached["webhooks"] == heard
        world.passes(hours=2)
        await world.delivery.deliver_all()
        assert len(receiver.calls) == heard + 1
        assert left_of((*ANN[:2], CANARY, receiver.url), await dump(store)) == []
        assert await world.ask_store(lambda work: (work.tokens(), work.webhooks())) == ([], [])
