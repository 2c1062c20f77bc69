"""Every path that the server answers, found in its router: a new one is held to the same rules from its first day."""

from collections.abc import Iterator
from pathlib import Path

from store.store import Store
from tests.security.house import Desk, Page, opened
from tests.security.reading import belongings

VENDORS = {"/slack/events", "/api/messages"}
"""Where whoever calls signs what they say."""
FILLED = {"number": "1001", "file": "1", "slug": "northwind", "name": "portal.css", "rest": "x", "dark": ""}
EVIL = "https://evil.example/"
LEADS_AWAY = "&".join(f"{name}={EVIL}" for name in ("next", "back", "to", "url", "return", "redirect_uri", "said", "q"))
BACK = (EVIL, "//evil.example", "/\\evil.example", "/%5cevil", "\\\\evil", "javascript:alert(1)", "/..//evil.example")
SAFE = ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'")
ELSEWHERE = {
    "SUPPORTHUB_OIDC_ISSUER": "http://127.0.0.1:9",
    "SUPPORTHUB_OIDC_CLIENT_ID": "desk",
    "SUPPORTHUB_OIDC_CLIENT_SECRET": "hunter2hunter2",
}


def paths(desk: Desk) -> Iterator[tuple[str, str]]:
    """Method and path, with something in the place of whatever it names."""
    for route in desk.house.app.router.routes():
        assert route.resource is not None
        token = "0" * 30 if "sign-in" in route.resource.canonical else "1001-1-9999999999-" + "0" * 40
        method = "POST" if route.method == "*" else route.method
        yield method, route.resource.canonical.format(token=token, **FILLED)


async def test_every_page_is_as_closed_as_browsers_allow(sqlite: Store, tmp_path: Path) -> None:
    """Its own policy, no guessing about types, no frames but Teams' own; errors and strange paths too. No cookie is
    set that scripts or other sites could use, and nothing leads to another site, whatever it is asked."""
    async with opened(sqlite, tmp_path) as desk:
        looked = {path for method, path in paths(desk) if method == "GET"}
        assert {"/portal/board", "/portal/cases/1001", "/healthz", "/tab/sign-in"} <= looked
        for path in sorted([*looked, "/nowhere", "/portal/nowhere", "/files/x", "/%00"]):
            for who in ("", "ann", "sam") if path.startswith("/portal") else ("",):
                if not path.endswith("/live"):
                    _closed(path, await desk.gets(who, f"{path}?{LEADS_AWAY}"))


def _closed(path: str, page: Page) -> None:
    assert page.status < 500 or path.startswith("/portal/oidc"), (path, page.status)
    headers = {name.lower(): value for name, value in page.headers.items()}
    policy = headers["content-security-policy"]
    framed = path == "/tab" or path.startswith("/tab/")
    for rule in SAFE[: 2 if framed else 3]:
        assert rule in policy, (path, policy)
    assert not framed or "frame-ancestors https://teams.microsoft.com" in policy or page.status == 404
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff", path
    assert headers["referrer-policy"] in ("no-referrer", "same-origin"), path
    assert headers["cache-control"].split(",")[0] in ("no-store", "private"), path
    assert "aiohttp" not in headers["server"]
    there = headers.get("location", "")
    assert there == "" or (there.startswith("/") and not there.startswith(("//", "/\\"))), (path, there)
    assert "evil.example" not in there
    cookie = headers.get("set-cookie", "")
    assert cookie == "" or ("HttpOnly" in cookie and "SameSite=" in cookie and "Path=/" in cookie), cookie


async def test_nothing_acts_for_another_sites_page_or_for_nobody(sqlite: Store, tmp_path: Path) -> None:
    """Every path that takes something: from a signed-in browser on another site's page, or without a signature. And
    where a form comes back to is a page of ours."""
    async with opened(sqlite, tmp_path, ELSEWHERE) as desk:
        taken = {path for method, path in paths(desk) if method not in ("GET", "HEAD", "OPTIONS")}
        assert {"/portal/say", "/portal/submit", "/tab/sign-in", "/api/v1/cases", *VENDORS} <= taken
        fields = {"line": "open", "words": "x", "key": "12345678", "back": "/", "address": "ann@northwind.example"}
        await desk.browser("ann")
        for path in ("/portal/oidc/begin", "/portal/oidc"):
            _closed(path, await desk.gets("", f"{path}?{LEADS_AWAY}"))
        before = await desk.store.read(belongings, "northwind")
        for path in sorted(taken):
            for origin in ("https://evil.example", "null", ""):
                done = await desk.sends("ann", path, fields, headers={"Origin": origin})
                assert done.status in ((401, 403, 404, 415) if path in VENDORS or "/api/" in path else (403,)), path
        assert await desk.store.read(belongings, "northwind") == before
        for back in BACK:
            done = await desk.sends("ann", "/portal/say", {"line": "cases", "key": "12345678", "back": back})
            assert done.status in (303, 400), back
            assert done.headers.get("Location", "/portal/").startswith("/portal/"), back
