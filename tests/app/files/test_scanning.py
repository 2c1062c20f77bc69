"""Files are scanned before anybody opens them, and swept when nobody needs them."""

import asyncio
import os
import select
import sys
from datetime import timedelta
from pathlib import Path

from app.scanning import Scanner
from app.shelf import Folder
from bot.keeping import Verdict
from tests.app.files.vendor import KEY, ONCE, PNG, kept, vendor
from tests.world import World


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
