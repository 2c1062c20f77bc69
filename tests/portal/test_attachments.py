"""Files on the portal: sent with a form, shown as pictures where they are some, and opened by nobody else."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import ClientSession, FormData, web
from aiohttp.test_utils import TestServer

from adapters.portal.edge import Refused
from adapters.portal.filing import Filing
from app.files import Files
from bot.files import File
from bot.turn import Now
from store.store import Store
from store.tables import Attachment
from store.work import Work
from tests.app.files.vendor import LARGEST, ONCE, PNG, settings
from tests.portal.stage import Browser, Stage, staged
from tests.world import BROKEN, CATALOGUES, MONDAY


class Takes:
    """Of all that can be seen of files only how much may come."""

    takes = 1024 * 1024


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
Sent = tuple[str, bytes, str]


async def sends(browser: Browser, path: str, fields: Mapping[str, str], *files: Sent) -> Any:
    form = FormData(quote_fields=False)
    for name, value in fields.items():
        form.add_field(name, value)
    form.add_field("files", b"", filename="", content_type="application/octet-stream")  # as where nothing is chosen
    for name, content, kind in files:
        form.add_field("files", content, filename=name, content_type=kind)
    return await browser.posts(path, form)  # type: ignore[arg-type]


def said(line: str, words: str, key: str) -> dict[str, str]:
    return {"line": line, "words": words, "key": key.ljust(8, "0"), "back": "/cases/1001"}


async def kept(stage: Stage, files: Files) -> list[Attachment]:
    await files.keeper(CATALOGUES, lambda: None).round()
    await stage.world.delivery.deliver_all()
    return await stage.world.store.read(Work.files_on, 1001, True)


async def test_a_file_of_a_form_is_opened_by_whoever_may_see_the_case_and_by_nobody_else(
    store: Store, tmp_path: Path
) -> None:
    """Absent, another company's, internal and not kept read alike (C1)."""
    files = Files(settings(tmp_path), store, lambda: Now(MONDAY, MONDAY), ())  # type: ignore[arg-type]
    async with staged(store, keeping=files.keeping) as stage:
        ann, sam = await stage.signed_in("ann"), await stage.signed_in("sam")
        blank = await ann.gets("/portal/open")
        assert 'enctype="multipart/form-data"' in blank.text
        fields = {**blank.forms[-1].fields, "field-problem": BROKEN}
        page = await sends(ann, "/portal/submit", fields, ("C:\\a\\screen.png", PNG, "image/png"))
        assert page.status == 200
        for browser, line, name, content in (
            (ann, "reply 1001", "picture.png", SVG),
            (sam, "note 1001", "salaries.png", PNG + b"2"),
            (sam, "reply 1001", "guide.pdf", b"%PDF-1.7"),
        ):
            page = await sends(browser, "/portal/say", said(line, "", name[:4] + "-key"), (name, content, "image/png"))
            assert page.status == 200
        rows = await kept(stage, files)
        assert [(each.name, each.media_type, each.internal) for each in rows] == [
            ("screen.png", "image/png", False),
            ("picture.png", "application/octet-stream", False),
            ("salaries.png", "image/png", True),
            ("guide.pdf", "application/pdf", False),
        ]
        shown = (await ann.gets("/portal/cases/1001")).text
        assert '<img src="/portal/cases/1001/files/1" alt="screen.png"' in shown
        assert "files/2" in shown
        assert '<img src="/portal/cases/1001/files/2"' not in shown
        assert "salaries" not in shown
        assert "salaries.png" in (await sam.gets("/portal/cases/1001")).text

        opened = await ann.gets("/portal/cases/1001/files/2")
        assert (opened.status, opened.headers["Content-Type"]) == (200, "application/octet-stream")
        assert opened.headers["Content-Disposition"].startswith('attachment; filename="picture.png"')
        assert opened.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert opened.headers["X-Content-Type-Options"] == "nosniff"
        async with sam.session.get(f"{stage.origin}/portal/cases/1001/files/3") as answer:
            assert (answer.status, await answer.read()) == (200, PNG + b"2")
        eve = await stage.signed_in("eve")
        await eve.says("", "The invoices of March are doubled since this morning")
        assert (await eve.gets("/portal/cases/1002")).status == 200
        alike = [
            await eve.gets("/portal/cases/1001/files/1"),
            await eve.gets("/portal/cases/1002/files/1"),  # under a number of her own
            await eve.gets("/portal/cases/1999/files/1"),
            await ann.gets("/portal/cases/1001/files/3"),
            await ann.gets("/portal/cases/1001/files/99"),
            await ann.gets("/portal/cases/1002/files/1"),
        ]
        assert {each.status for each in alike} == {404}
        assert len({each.words for each in alike[:3]}) == len({each.words for each in alike[3:]}) == 1
        signed_out = await stage.browser().gets("/portal/cases/1001/files/1", allow_redirects=False)
        assert signed_out.status in (303, 401, 403)


@ONCE
async def test_a_form_sent_twice_is_one_act_and_too_much_is_refused(store: Store, tmp_path: Path) -> None:
    files = Files(settings(tmp_path), store, lambda: Now(MONDAY, MONDAY), ())  # type: ignore[arg-type]
    async with staged(store, keeping=files.keeping) as stage:
        ann = await stage.signed_in("ann")
        await ann.says("", BROKEN)
        for _ in range(2):
            await sends(ann, "/portal/say", said("reply 1001", "see", "once"), ("a.png", PNG, "image/png"))
        assert len(await kept(stage, files)) == 1
        large = ("b.bin", b"x" * (LARGEST + 1), "application/octet-stream")
        assert (await sends(ann, "/portal/say", said("reply 1001", "see", "large"), large)).status == 413
        assert (await ann.posts("/portal/say", {}, headers={"Content-Type": "multipart/form-data"})).status == 400
        assert len(await kept(stage, files)) == 1


async def test_whoever_sends_slowly_keeps_nobody_else_waiting_and_not_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """One at a time of each person; and what falls silent ends."""
    monkeypatch.setattr("adapters.portal.filing.SILENCE", 0.3)
    monkeypatch.setattr("adapters.portal.filing.AT_ONCE", 2)
    filing, came = Filing(Takes()), asyncio.Queue[str]()  # type: ignore[arg-type]

    async def hear(request: web.Request) -> web.Response:
        visitor = SimpleNamespace(user=request.match_info["who"])
        came.put_nowait(visitor.user)
        try:
            _, files = await filing.read(request, visitor)
        except Refused as refused:
            return web.Response(status=refused.status)
        return web.Response(text=str(len(files)))

    app = web.Application()
    app.router.add_post("/{who}", hear)
    async with TestServer(app) as server, ClientSession() as http:

        async def silent(who: str) -> bytes:
            begins = "Content-Type: multipart/form-data; boundary=B\r\nContent-Length: 1000\r\n\r\n--B\r\n"
            answer, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(f"POST /{who} HTTP/1.1\r\nHost: x\r\n{begins}".encode())
            found = await answer.readline()
            writer.close()
            return found

        async def honest(who: str) -> str:
            form = FormData()
            form.add_field("files", b"x", filename="a.txt")
            async with http.post(server.make_url(f"/{who}"), data=form) as answer:
                return await answer.text()

        slow = [asyncio.create_task(silent("eve")) for _ in range(2)]
        assert [await came.get() for _ in slow] == ["eve", "eve"]
        assert await honest("ann") == "1"
        assert not any(each.done() for each in slow)
        assert [await each for each in slow] == [b"HTTP/1.1 408 Request Timeout\r\n"] * 2


@ONCE
async def test_where_no_files_are_kept_none_are_taken_and_those_of_other_channels_are_listed(store: Store) -> None:
    async with staged(store, "fake") as stage:
        link = "https://northwind.slack.com/files/U1/F1"
        await stage.world.says("ann", BROKEN, files=(File("screen.png", "image/png", 10, link),))
        ann = await stage.signed_in("ann")
        shown = (await ann.gets("/portal/cases/1001")).text
        assert f'<a href="{link}"' in shown
        assert "multipart" not in shown
        refused = await sends(ann, "/portal/say", said("reply 1001", "see", "none"), ("a.png", PNG, "image/png"))
        assert refused.status == 415
