"""Takes docs/playground.png: the playground in the middle of a case, as `make picture` has it.

What is to be seen was typed and pressed in the page, and really answered.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser import FLAGS, find

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "playground.png"
WIDTH, HEIGHT = 1600, 950
ZONE = "America/New_York"  # the business clock's
REPORT = "Urgent: the quote form is broken since this morning"
CASE = "1001"


def main() -> int:
    chromium = find()
    if chromium is None:
        print("picture: no Chromium on the PATH, and $CHROMIUM names none", file=sys.stderr)
        return 1
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else [*FLAGS]
    with tempfile.TemporaryDirectory() as folder, playground(Path(folder)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto(address)
        page.wait_for_selector("body[data-ready]")
        play(page)
        page.screenshot(path=PICTURE)
        browser.close()
    print(f"picture: {PICTURE.relative_to(ROOT)}")
    return 0


@contextmanager
def playground(folder: Path) -> Iterator[str]:
    """A demo of its own, on a free port and with its database in ``folder``."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SUPPORTHUB_")}
    process = subprocess.Popen(
        [sys.executable, "-c", "from app.cli import main; main()", "demo"],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(ROOT), "SUPPORTHUB_PORT": "0"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.wait(30)


def play(page: Page) -> None:
    """Ann has reported, Cora was warned and acknowledges, Sam has taken it and noted something; nobody has answered."""
    page.get_by_role("button", name="Close the hints").click()
    move_clock(page, f"{next_monday(page)}T09:00")
    write(page, "ann", REPORT)
    expect(page.locator("[data-room=ann]")).to_contain_text("What exactly happens")
    for hour in (10, 11, 12):
        page.get_by_role("button", name="+1 h").click()
        expect(page.locator(".clock-time")).to_contain_text(f"{hour}:0")
    page.click("[data-tab=cora]")
    page.locator("[data-room=cora]").get_by_role("button", name="Acknowledge").click()
    expect(page.locator("[data-room=desk]")).to_contain_text("sees to")
    page.locator(".entry.root > .row").get_by_role("button", name="Take").click()
    expect(page.locator("[data-room=ann]")).to_contain_text("is working on")
    page.locator(".thread .answer").click()
    page.keyboard.type(f"note {CASE} Error 500 here too: their own script breaks it")
    page.keyboard.press("Enter")
    write(page, "bob", "cases")
    expect(page.locator("[data-room=bob]")).to_contain_text(f"#{CASE}")
    expect(page.locator(".unsent")).to_have_count(0)
    page.locator("h1").click()
    page.wait_for_timeout(500)  # entries fade in


def next_monday(page: Page) -> date:
    now = datetime.fromisoformat(str(page.locator(".clock-time").get_attribute("datetime")))
    today = now.astimezone(ZoneInfo(ZONE)).date()
    return today + timedelta(days=7 - today.weekday())


def move_clock(page: Page, to: str) -> None:
    page.get_by_text("Set…").click()
    page.fill("#clock-to", to)
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.locator(".clock-exact[open]")).to_have_count(0)


def write(page: Page, room: str, text: str) -> None:
    page.fill(f"#say-{room}", text)
    page.press(f"#say-{room}", "Enter")


if __name__ == "__main__":
    sys.exit(main())
