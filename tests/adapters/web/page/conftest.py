"""A visit to the playground's page."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from tests.adapters.web.page.show import Show, Visit


@pytest.fixture
def show() -> Iterator[Show]:
    made = Show()
    yield made
    made.end()


@pytest.fixture(scope="package")
def browser(chromium_path: str, chromium_flags: list[str]) -> Iterator[Browser]:
    """One for all of these tests: each opens contexts of its own in it."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium_path, args=chromium_flags)
        yield launched
        launched.close()


@pytest.fixture
def visit(show: Show, browser: Browser) -> Iterator[Visit]:
    """Opens the page; at the end no page may have complained, or asked anything of another host."""
    complaints: list[str] = []
    foreign: list[str] = []
    contexts = []

    def complain(message: ConsoleMessage) -> None:
        expected = re.search(r"status of (503|400)|WebSocket connection|ERR_CONNECTION_REFUSED", message.text)
        if message.type in ("error", "warning") and not expected:
            complaints.append(message.text)

    def ask(request: Request) -> None:
        if not request.url.startswith(f"http://127.0.0.1:{show.port}/"):
            foreign.append(request.url)

    def opened(width: int = 1600, height: int = 950, **how: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **how)  # type: ignore[arg-type]
        context.set_default_timeout(5000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", complain)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", ask)
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.goto(f"http://127.0.0.1:{show.port}/")
        page.wait_for_selector("body[data-ready]")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
    assert foreign == []
