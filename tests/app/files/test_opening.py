"""Files are opened by whoever may, for a while, and erased with whose they were."""

import json
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from app.export import _write
from app.settings import Misconfigured, read
from bot.attachments import LIVES, FileLinks
from bot.erasing import Erasure
from bot.erasing.scrubbing import GONE
from bot.erasing.subjects import find_person
from bot.files import File
from store.work import Work
from tests.app.files.vendor import ONCE, PNG, kept, vendor
from tests.app.test_erase import dump
from tests.world import CATALOGUES, World

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
