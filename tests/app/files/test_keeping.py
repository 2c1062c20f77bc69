"""What came is kept once, told where it cannot be, and gone when it is taken back."""

import asyncio
import os
import stat
from datetime import timedelta
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from adapters.email.inbound import House
from adapters.email.inbound import read as letters
from app.shelf import Folder
from bot.files import File
from bot.incoming import Deleted, Written
from bot.keeping import TooLarge
from bot.sniffing import sniffed
from store.work import Work
from tests.app.files.vendor import LARGEST, ONCE, PNG, kept, vendor
from tests.world import MONDAY, World

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
            await desk.does("ann", Deleted("k4"))
            return there_now

        monkeypatch.setattr(it.keeper.fetches, "fetch", meanwhile)
        files = (File("k4.png", "image/png", 10, source={"path": "png3"}),)
        await desk.says("ann", "reply 1001 k4", key="k4", files=files)
        await it.round()
        for key in ("k1", "k2"):
            await desk.does("ann", Deleted(key))
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
