"""Keeping files: fetched from the vendor and nowhere else, within bounds, scanned, and opened by whoever may."""

import asyncio
import json
import os
import select
import stat
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from adapters.email.inbound import House
from adapters.email.inbound import read as letters
from app.export import _write
from app.fetching import Fetcher, allowed
from app.files import Files
from app.scanning import Scanner
from app.settings import Misconfigured, Mode, Settings, read
from app.shelf import Folder
from bot.attachments import LIVES, FileLinks
from bot.channel import Source, Undeliverable
from bot.erasing import Erasure
from bot.files import File
from bot.keeping import Keeper, NoFile, NotNow, TooLarge, Verdict
from bot.messages import Deleted, Written
from bot.scrubbing import GONE
from bot.sniffing import sniffed
from bot.subjects import find_person
from store.tables import Attachment
from store.work import Work
from tests.app.test_erase import dump
from tests.world import CATALOGUES, MONDAY, World, opened

ONCE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
KEY = "a key of the desk that is long enough"
LARGEST = 1024 * 1024


@dataclass
class Vendor:
    """One whose files lie on this machine, over a real socket; ``token`` is its channel's."""

    server: TestServer
    asked: list[tuple[str, str]] = field(default_factory=list)
    token: str = "xoxb-secret"

    @property
    def origin(self) -> str:
        return str(self.server.make_url("")).rstrip("/")

    async def source(self, _tenant: str, kept: Mapping[str, str]) -> Source:
        if kept["path"] == "gone":
            raise Undeliverable("it is gone")
        url = kept["path"] if "://" in kept["path"] else f"{self.origin}/{kept['path']}"
        return Source(url, (self.origin,), self.token)


VENDOR = web.AppKey("vendor", Vendor)


async def _serve(request: web.Request) -> web.StreamResponse:
    vendor = request.app[VENDOR]
    vendor.asked.append((request.path, request.headers.get("Authorization", "")))
    match request.match_info["what"]:
        case "png3":
            return web.Response(body=PNG + b"3")
        case "png" | "png2":
            return web.Response(body=PNG, content_type="text/html")  # what the header says decides nothing
        case "elsewhere":
            raise web.HTTPFound(f"{vendor.origin}/png")
        case "missing":
            raise web.HTTPNotFound
        case "failing":
            return web.Response(status=500)
        case "sign-in":
            return web.Response(text="<!DOCTYPE html><title>Sign in</title>")
        case "packed":
            return web.Response(body=PNG, headers={"Content-Encoding": "gzip"})
        case "drip":
            answer = web.StreamResponse()
            await answer.prepare(request)
            while True:
                await answer.write(b".")
                await asyncio.sleep(0.02)
    answer = web.StreamResponse()  # endless, and says nothing of its length
    await answer.prepare(request)
    while True:
        await answer.write(b"x" * 65536)


@asynccontextmanager
async def vendor() -> AsyncIterator[Vendor]:
    app = web.Application()
    app.router.add_get("/{what}", _serve)
    server = TestServer(app)
    app[VENDOR] = Vendor(server)
    async with server:
        yield app[VENDOR]


def fetcher(folder: Folder, **how: Any) -> Fetcher:
    return Fetcher(folder, LARGEST, how.pop("near", True), **how)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    root = tmp_path / "files"
    root.mkdir(mode=0o700)
    return Folder(root, LARGEST)


# Where it is fetched --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://files.slack.com/F1",
        "https://evil.example/F1",
        "https://files.slack.com.evil.example/F1",
        "https://evilfiles.slack.com/F1",
        "https://files.slack.com@evil.example/F1",
        "https://evil.example\\@files.slack.com/F1",
        "https://user:pass@files.slack.com/F1",
        "https://files.slack.com:8443/F1",
        "https://127.0.0.1/F1",
        "https://[::1]/F1",
        "https://169.254.169.254/latest/meta-data",
        "https://2130706433/F1",
        "https://sharepoint.com/F1",
        "https://evilsharepoint.com/F1",
        "file:///etc/passwd",
        "gopher://files.slack.com/",
        "https://files.slack.com/F1#x",
        "https://files.slack.com/\r\nHost: x",
        "https://files\u3002slack.com/F1",
        f"https://{'a' * 64}.sharepoint.com/F1",  # no name that can be looked up
        f"https://{'a.' * 130}sharepoint.com/F1",
        "https://a..sharepoint.com/F1",
        "https://-.sharepoint.com/F1",
        "",
    ],
)
def test_only_the_vendor_s_own_hosts_are_ever_called(url: str) -> None:
    with pytest.raises(NoFile):
        allowed(Source(url, ("files.slack.com", "*.sharepoint.com"), "t"))
    assert allowed(Source("https://files.slack.com/F1?t=1", ("files.slack.com",)))
    assert allowed(Source("https://a.sharepoint.com/F1", ("*.sharepoint.com",)))


async def test_a_vendor_s_name_that_leads_into_a_private_network_is_not_called(folder: Folder) -> None:
    """What a name resolves to is what is connected to, and checked there (DNS rebinding)."""
    async with vendor() as there:
        named = there.origin.replace("127.0.0.1", "files.vendor.example")

        class Slack:
            async def source(self, _tenant: str, _kept: Mapping[str, str]) -> Source:
                return Source(f"{named}/png", (named,), "secret")

        for address in ("127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1"):

            async def look(_host: str, _port: int, found: str = address) -> Sequence[str]:
                return [found]

            one = fetcher(folder, near=False, look=look)
            with pytest.raises(NotNow):
                await one.fetch(Slack(), "", {})
            await one.close()
        assert there.asked == []

        async def here(_host: str, _port: int) -> Sequence[str]:
            return ["127.0.0.1"]

        one = fetcher(folder, near=True, look=here)  # a peer in development
        await one.fetch(Slack(), "", {})
        await one.close()
        assert len(there.asked) == 1


async def test_no_redirect_is_followed_and_no_length_is_believed(folder: Folder) -> None:
    async with vendor() as there:
        one = fetcher(folder, patience=0.4)
        ends: dict[str, type[Exception]] = {
            "elsewhere": NoFile,
            "missing": NoFile,
            "packed": NoFile,
            "failing": NotNow,
            "drip": NotNow,
            "endless": TooLarge,
        }
        for path, end in ends.items():
            with pytest.raises(end):
                await one.fetch(there, "", {"path": path})
        with pytest.raises(NoFile):
            await one.fetch(there, "", {"path": "http://127.0.0.1:1/other"})
        assert [path for path, _ in there.asked] == [f"/{path}" for path in ends]
        assert {token for _, token in there.asked} == {"Bearer xoxb-secret"}
        await one.close()
    assert [each.name for each in folder._root.iterdir()] == ["arriving"]
    assert list((folder._root / "arriving").iterdir()) == []


async def test_where_only_pictures_are_anything_else_is_none_and_nothing_of_it_is_kept(folder: Folder) -> None:
    class Pictures:
        async def source(self, tenant: str, kept: Mapping[str, str]) -> Source:
            return replace(await there.source(tenant, kept), picture=True)

    async with vendor() as there:
        one = fetcher(folder)
        for path in ("sign-in", "endless", "packed"):
            with pytest.raises(NoFile):
                await one.fetch(Pictures(), "", {"path": path})
        assert folder.older(timedelta(0)) == set()
        assert folder.path(await one.fetch(Pictures(), "", {"path": "png"})).read_bytes() == PNG
        await one.close()


# Where it lies --------------------------------------------------------------------------------------------------------


async def test_a_content_is_kept_once_under_its_hash_for_this_account_alone(folder: Folder) -> None:
    first, again = await folder.put(PNG), await folder.put(PNG)
    path = folder.path(first)
    assert first == again == path.name
    assert [stat.S_IMODE(each.stat().st_mode) for each in (path, path.parent)] == [0o600, 0o700]
    for name in ("../../etc/passwd", "a" * 63, "A" * 64, ""):
        with pytest.raises(FileNotFoundError):
            folder.path(name)
    with pytest.raises(TooLarge):
        await folder.put(b"x" * (LARGEST + 1))


def test_a_file_is_what_its_first_octets_say() -> None:
    kinds = {
        PNG: "image/png",
        b"\xff\xd8\xff\xe0": "image/jpeg",
        b"GIF89a": "image/gif",
        b"RIFF\0\0\0\0WEBPVP8 ": "image/webp",
        b"%PDF-1.7": "application/pdf",
        b"<svg xmlns='http://www.w3.org/2000/svg'>": "application/octet-stream",
        b"<script>alert(1)</script>": "application/octet-stream",
        b"GIF": "application/octet-stream",
        b"": "application/octet-stream",
    }
    assert {content: sniffed(content) for content in kinds} == kinds


# The round ------------------------------------------------------------------------------------------------------------


@dataclass
class Kept:
    world: World
    files: Files
    keeper: Keeper

    async def sends(self, *names: str, who: str = "ann", line: str = "reply 1001 see") -> None:
        files = tuple(File(name, "image/png", 10, source={"path": name.partition(".")[0]}) for name in names)
        await self.world.says(who, line, files=files)

    async def round(self) -> None:
        await self.keeper.round()
        await self.world.delivery.deliver_all()

    async def states(self) -> list[tuple[str, str, str]]:
        return [(each.name, each.state, each.reason) for each in await self.rows()]

    async def rows(self) -> list[Attachment]:
        return await self.world.store.read(Work.files_on, 1001, True)


def settings(tmp_path: Path, **more: Any) -> Settings:
    (tmp_path / "files").mkdir(mode=0o700, exist_ok=True)
    given = {"files": tmp_path / "files", "files_largest": 1, "mode": Mode.DEVELOPMENT, "secret_key": KEY}
    return Settings.model_validate({**given, "public_url": "https://desk.example", **more})


@asynccontextmanager
async def kept(desk: World, tmp_path: Path, there: Vendor, **more: Any) -> AsyncIterator[Kept]:
    files = Files(settings(tmp_path, **more), desk.store, lambda: desk.time, ())  # type: ignore[arg-type]
    files.holders = {"fake": there}
    files.keeping = replace(files.keeping, fetched={"fake"})
    desk.bot = replace(desk.bot, keeping=files.keeping)
    keeper = files.keeper(CATALOGUES, lambda: None)
    try:
        yield Kept(await opened(desk), files, keeper)
    finally:
        await files.fetcher.close()


async def test_what_came_is_fetched_outside_of_the_turn_once_and_told_where_it_cannot_be(
    desk: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tried again where it may pass, so many times; what is not there, or too large, is said to the desk."""
    monkeypatch.setattr("bot.keeping.MOST_TRIES", 3)
    async with vendor() as there, kept(desk, tmp_path, there) as it:
        await it.sends("png.exe", "png2.png", "missing.png", "endless.bin", "failing.png", "sign-in.png", "gone.txt")
        assert there.asked == []
        await it.round()
        states = {name: (state, why) for name, state, why in await it.states()}
        assert states == {
            "png.exe": ("kept", ""),
            "png2.png": ("kept", ""),
            "missing.png": ("gone", "no file"),
            "endless.bin": ("refused", "large"),
            "failing.png": ("wanted", ""),
            "sign-in.png": ("wanted", ""),
            "gone.txt": ("gone", "no file"),
        }
        first, second, *_ = await it.rows()
        assert (first.sha256, first.media_type, first.size) == (second.sha256, "image/png", len(PNG))
        told = "\n".join(desk.heard("desk"))
        assert "📎 endless.bin" in told
        assert "endless.bin (1 kB, image/png) on #1001 is larger than what is kept" in told
        calls = len(there.asked)
        await it.round()
        assert len(there.asked) == calls  # not yet
        for _ in range(3):
            desk.passes(hours=2)
            await it.round()
        assert {state for name, state, _ in await it.states() if name in ("failing.png", "sign-in.png")} == {"gone"}
        assert "failing.png (1 kB, image/png) on #1001 could not be fetched" in "\n".join(desk.heard("desk"))


async def test_a_keeper_that_dies_is_taken_over_from_and_two_fetch_it_once(desk: World, tmp_path: Path) -> None:
    async with vendor() as there, kept(desk, tmp_path, there) as it:
        await it.sends("png.png")
        now = desk.time.machine
        assert await desk.store.write(Work.claim_file, now, now + timedelta(minutes=5)) is not None  # and is killed
        await asyncio.gather(it.round(), it.round())
        assert there.asked == []
        desk.passes(minutes=6)
        await asyncio.gather(it.round(), it.round())
        assert [path for path, _ in there.asked] == ["/png"]
        assert [state for _, state, _ in await it.states()] == ["kept"]


@ONCE
async def test_the_parts_of_a_mail_are_kept_as_they_came(desk: World, tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "ann@northwind.example", "support@desk.example", "Re: [#1001] The form"
    mail["Message-ID"] = "<a@northwind.example>"
    mail.set_content("\n")
    mail.add_attachment(PNG, maintype="image", subtype="png", filename="../screen.png")
    async with vendor() as there, kept(desk, tmp_path, there) as it:
        heard = letters(bytes(mail), None, desk.time.business, House("support@desk.example"))
        assert heard is not None
        await desk.bot.hear(heard)
        await it.round()
        [file] = await it.rows()
        assert (file.name, file.state, file.media_type, file.channel) == ("screen.png", "kept", "image/png", "email")
        assert it.files.folder.path(str(file.sha256)).read_bytes() == PNG
        assert "📎 screen.png (1 kB, image/png) from Ann Lee" in "\n".join(desk.heard("desk"))


@ONCE
async def test_a_disk_that_fails_once_loses_nothing_and_what_nobody_foresaw_ends_too(
    desk: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mail's file is nowhere else. A failure for good is said to the desk, also where the keeper died of it."""
    monkeypatch.setattr("bot.keeping.MOST_TRIES", 3)
    async with vendor() as there, kept(desk, tmp_path, there) as it:
        await desk.says("ann", "reply 1001 see", files=(File("trace.log", content=b"a trace"),))
        with monkeypatch.context() as broken:

            def begins(*_: object) -> bytes:
                raise OSError(24, "Too many open files")

            broken.setattr(it.files.folder, "begins", begins)
            await it.round()
        assert await it.states() == [("trace.log", "wanted", "")]
        desk.passes(hours=2)
        await it.round()
        assert await it.states() == [("trace.log", "kept", "")]

        tries = list[object]()

        async def fetch(*given: object) -> str:
            tries.append(given)
            raise UnicodeError("label too long")

        monkeypatch.setattr(it.keeper.fetches, "fetch", fetch)
        await it.sends("odd.png")
        for _ in range(3):
            await it.round()
            desk.passes(hours=2)
        assert (await it.states())[1:] == [("odd.png", "gone", "unfetched")]
        assert "odd.png (1 kB, image/png) on #1001 could not be fetched" in "\n".join(desk.heard("desk"))
        await it.sends("deadly.png")
        for _ in range(4):  # the lease of one that was killed is over after a while
            await desk.store.write(Work.claim_file, desk.time.machine, desk.time.machine + timedelta(minutes=5))
            desk.passes(hours=2)
        await it.round()
        assert (await it.states())[2:] == [("deadly.png", "gone", "unfetched")]
        assert len(tries) == 3


@ONCE
async def test_what_is_taken_back_leaves_no_content_behind_but_what_another_file_is(
    desk: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither where it was kept, nor where it only came after its words were gone."""
    async with vendor() as there, kept(desk, tmp_path, there) as it:
        shelf = it.files.folder
        for key, content in (("k1", b"secret"), ("k2", PNG), ("k3", PNG)):
            await desk.says("ann", f"reply 1001 {key}", key=key, files=(File(f"{key}.txt", content=content),))
        await it.round()
        fetch = it.keeper.fetches.fetch

        async def meanwhile(*given: Any) -> str:
            there_now = await fetch(*given)
            monkeypatch.undo()
            await desk.does("ann", Deleted("k4"))  # type: ignore[arg-type]
            return there_now

        monkeypatch.setattr(it.keeper.fetches, "fetch", meanwhile)
        files = (File("k4.png", "image/png", 10, source={"path": "png3"}),)
        await desk.says("ann", "reply 1001 k4", key="k4", files=files)
        await it.round()
        for key in ("k1", "k2"):
            await desk.does("ann", Deleted(key))  # type: ignore[arg-type]
        assert [state for _, state, _ in await it.states()] == ["gone", "gone", "kept", "gone"]
        assert len(shelf.older(timedelta(0))) == 3
        for each in shelf.older(timedelta(0)):
            os.utime(shelf.path(each), (0, 0))
        desk.passes(minutes=2)
        await it.round()
        assert shelf.older(timedelta(0)) == {sha256(PNG).hexdigest()}
        assert [file.sha256 for file in await it.rows()][:2] == [None, None]


def test_what_is_pasted_into_the_rich_words_of_a_mail_comes_along_without_those_words() -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "ann@northwind.example", "support@desk.example", "The form"
    mail.set_content("The form is broken\n")
    mail.add_alternative("<p>The form is <b>broken</b><img src='cid:1'>", subtype="html")
    _, rich = mail.iter_parts()
    assert isinstance(rich, EmailMessage)
    rich.add_related(PNG, maintype="image", subtype="png", cid="<1>", filename="pasted.png")
    heard = letters(bytes(mail), None, MONDAY, House("support@desk.example"))
    assert heard is not None
    assert isinstance(heard.body, Written)
    assert heard.body.text == "The form is broken"
    assert [(file.name, file.content) for file in heard.files] == [("pasted.png", PNG)]


@pytest.mark.parametrize("deep", [200, 400, 3000])
def test_a_mail_with_parts_too_deep_in_each_other_keeps_its_author_and_its_words(deep: int) -> None:
    part = b"Content-Type: message/rfc822\r\n\r\n" * deep + b"From: z@x\r\n\r\nend"
    head = b"From: ann@northwind.example\r\nSubject: The form\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n"
    words = b"Content-Type: text/plain\r\n\r\nIt is broken\r\n"
    after = b"Content-Type: image/png; name=after.png\r\n\r\npng\r\n"
    raw = head + b"--B\r\n" + words + b"--B\r\n" + part + b"\r\n--B\r\n" + after + b"--B--\r\n"
    heard = letters(raw, None, MONDAY, House("support@desk.example"))
    assert heard is not None
    assert isinstance(heard.body, Written)
    assert (heard.by.id, heard.body.subject, heard.body.text) == ("ann@northwind.example", "The form", "It is broken")
    assert [file.name for file in heard.files] == ["", "after.png"]
    assert heard.files[0].content.strip().endswith(b"end")


def scanner(tmp_path: Path, code: str) -> str:
    script = tmp_path / "scan.py"
    script.write_text(f"import sys, os, time\ncontent = sys.stdin.buffer.read()\n{code}\n")
    return f"'{sys.executable}' '{script}' 'an argument; rm -rf /'"


@ONCE
async def test_an_infected_file_is_refused_thrown_away_and_said_to_the_desk(desk: World, tmp_path: Path) -> None:
    """Exit 0 is clean, 1 infected; it gets the content, one argument as it stands, and nothing of our settings."""
    os.environ["SUPPORTHUB_SECRET_KEY"] = KEY
    code = "sys.exit(1 if 'SUPPORTHUB_SECRET_KEY' in os.environ or content[:4] == b'\\x89PNG' else 0)"
    try:
        async with vendor() as there, kept(desk, tmp_path, there, scan_command=scanner(tmp_path, code)) as it:
            await it.sends("png.png")
            await it.round()
            [file] = await it.rows()
            assert (file.state, file.reason, file.sha256) == ("refused", "infected", None)
            assert it.files.folder.older(timedelta(0)) == set()
            assert "png.png (1 kB, image/png) on #1001 is infected." in desk.last("desk")
            assert "infected" not in "\n".join(desk.heard("ann"))
    finally:
        del os.environ["SUPPORTHUB_SECRET_KEY"]


@ONCE
async def test_what_the_scanner_cannot_tell_is_held_until_it_can(desk: World, tmp_path: Path) -> None:
    """It fails, or takes too long: nobody opens the file, and the desk is told once."""
    async with vendor() as there, kept(desk, tmp_path, there, scan_command=scanner(tmp_path, "sys.exit(2)")) as it:
        await it.sends("png.png")
        for _ in range(2):
            await it.round()
            desk.passes(hours=2)
        [file] = await it.rows()
        assert (file.state, file.reason) == ("held", "unscanned")
        assert it.files.opened(file) is None
        assert "\n".join(desk.heard("desk")).count("could not be scanned") == 1
        slow = Scanner((sys.executable, "-c", "import time; time.sleep(60)"), it.files.folder, patience=0.2)
        it.keeper.scan = slow
        await it.round()
        assert (await it.rows())[0].state == "held"
        it.keeper.scan = Scanner((sys.executable, "-c", ""), it.files.folder)
        desk.passes(hours=2)
        await it.round()
        assert (await it.rows())[0].state == "kept"
        assert len(there.asked) == 1


async def test_nothing_that_a_scanner_began_outlives_it(folder: Folder, tmp_path: Path) -> None:
    pipe = tmp_path / "alive"
    os.mkfifo(pipe)
    reads = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        found = Scanner(("/bin/sh", "-c", f"exec 9>'{pipe}'; sleep 60 & exit 0"), folder)
        assert await found(await folder.put(PNG)) is Verdict.CLEAN
        await asyncio.to_thread(select.select, [reads], [], [], 5)
        assert os.read(reads, 1) == b""  # nobody holds its other end
    finally:
        os.close(reads)


@ONCE
async def test_contents_that_no_case_names_are_swept_after_a_day(desk: World, tmp_path: Path) -> None:
    async with vendor() as there, kept(desk, tmp_path, there) as it:
        await it.sends("png.png")
        await it.round()
        orphan = await it.files.folder.put(b"of an act that failed")
        [named] = {each.sha256 for each in await it.rows()}
        for content in (orphan, str(named)):
            os.utime(it.files.folder.path(content), (0, 0))
        young = await it.files.folder.put(b"of an act under way")
        await it.keeper._sweep()
        assert it.files.folder.older(timedelta(0)) == {named, young}


# Opened by a link -----------------------------------------------------------------------------------------------------


@ONCE
async def test_a_link_opens_one_file_for_a_while_and_nothing_in_it_acts(desk: World, tmp_path: Path) -> None:
    """HTML and SVG are octets to be saved; forged, expired, of no file or not kept all read alike."""
    async with vendor() as there, kept(desk, tmp_path, there) as it:
        await desk.says("ann", "reply 1001 see", files=(File("x<\"'>\r\n.html", content=b"<script>alert(1)</script>"),))
        await it.sends("png.png", "failing.png")
        [link] = [word for word in _links(desk) if "/files/1-" in word]
        await it.round()
        app = web.Application()
        it.files.register(app)
        async with TestServer(app) as server, ClientSession() as http:

            async def gets(path: str) -> tuple[int, bytes, Mapping[str, str]]:
                async with http.get(server.make_url(path)) as answer:
                    return answer.status, await answer.read(), answer.headers

            path = link.removeprefix("https://desk.example")
            status, body, headers = await gets(path)
            assert (status, body) == (200, b"<script>alert(1)</script>")
            assert headers["Content-Type"] == "application/octet-stream"
            assert headers["Content-Disposition"].startswith("attachment; filename=")
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
            links = it.files.keeping.links
            assert links is not None
            now = desk.time.business
            assert (await gets(links.to(2, now).removeprefix(links.origin)))[2]["Content-Type"] == "image/png"
            forged = FileLinks(links.origin, b"another key").to(1, now)
            wrong = [forged, links.to(3, now), links.to(99, now), link[:-1] + "x", link.replace("/1-", "/2-")]
            wrong.append(links.to(1, now - LIVES - timedelta(seconds=1)))
            answers = [await gets(each.removeprefix(links.origin)) for each in wrong]
            assert {(status, body) for status, body, _ in answers} == {(404, b"404: Not Found")}


def _links(desk: World) -> list[str]:
    posts = [post.message for post in desk.posts("desk")]
    spans = (span for message in posts for part in message.parts for span in getattr(part, "spans", ()))
    return [span.url for span in spans if getattr(span, "kind", "") == "link"]


# Taken away and taken along ------------------------------------------------------------------------------------------


@ONCE
async def test_an_erase_takes_their_files_and_contents_and_an_export_lists_them(desk: World, tmp_path: Path) -> None:
    """But for a content that somebody else's file has too."""
    name = "salary slip of Oak Street 4711.png"
    async with vendor() as there, kept(desk, tmp_path, there) as it:
        for content in (PNG, b"hers"):
            await desk.says("ann", "reply 1001 see", files=(File(name, content=content),))
        await desk.says("eve", "", files=(File("the same.png", content=PNG),))
        await desk.says("sam", "note 1001 look", files=(File("their doubts.txt", content=b"secret"),))
        await desk.says("sam", "show 1001")
        await it.round()
        with (tmp_path / "ann.json").open("w") as sink:
            await desk.store.read(_write, sink, "ann@northwind.example", find_person, CATALOGUES)
        exported = json.loads((tmp_path / "ann.json").read_text())["files"]
        assert [(each["name"], each["state"]) for each in exported] == [(name, "kept"), (name, "kept")]
        assert "their doubts" not in (tmp_path / "ann.json").read_text()

        subject = await desk.store.read(find_person, "ann@northwind.example")
        report = await Erasure(desk.store, CATALOGUES, lambda: desk.time, subject, True).run()
        await desk.delivery.deliver_all()
        assert report.contents == {sha256(each).hexdigest() for each in (PNG, b"hers", b"secret")}
        assert await desk.store.read(Work.named, report.contents) == {sha256(PNG).hexdigest()}
        rows = await it.rows()
        left = [(each.name, each.state, each.sha256, each.source) for each in rows[:2]]
        assert left == [(GONE, "gone", None, None)] * 2
        assert "Oak Street" not in await dump(desk.store)


# Settings -------------------------------------------------------------------------------------------------------------


def test_the_folder_is_closed_to_others_and_a_scanner_is_one_that_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(**given: str) -> list[str]:
        with pytest.raises(Misconfigured) as found:
            read({f"SUPPORTHUB_{name.upper()}": value for name, value in given.items()})
        return found.value.sentences

    folder = tmp_path / "files"
    assert wrong(files=str(folder)) == ["SUPPORTHUB_FILES must be a folder in which the desk may write."]
    folder.mkdir(mode=0o755)
    for open_to_some in (0o755, 0o750, 0o701, 0o720):
        folder.chmod(open_to_some)
        assert wrong(files=str(folder)) == [
            "SUPPORTHUB_FILES must be closed to other accounts of this machine (chmod 700)."
        ]
    folder.chmod(0o700)
    with monkeypatch.context() as another:
        another.setattr("os.geteuid", lambda: 4711)
        assert wrong(files=str(folder)) == ["SUPPORTHUB_FILES must belong to the account that runs the desk (chown)."]
    assert wrong(scan_command="true") == [
        "SUPPORTHUB_SCAN_COMMAND needs SUPPORTHUB_FILES: without it there is nothing to scan."
    ]
    assert "must begin with a program" in wrong(files=str(folder), scan_command="no-such-scanner -")[0]
    assert "its quotes closed" in wrong(files=str(folder), scan_command="'open")[0]
    found = read({"SUPPORTHUB_FILES": str(folder), "SUPPORTHUB_SCAN_COMMAND": "cat 'a b' -"})
    assert (found.files, found.scan_command, found.files_largest) == (folder, ("cat", "a b", "-"), 20)
