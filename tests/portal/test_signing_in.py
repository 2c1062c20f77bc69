"""The way into the portal: a link that works once, for its owner, for a while; and a session that ends."""

import asyncio
from contextlib import suppress
from ipaddress import ip_network
from typing import Any

import pytest
from aiohttp import ClientPayloadError
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict
from sqlalchemy import text as sql
from sqlmodel import col, select

from adapters.portal import talk
from adapters.portal.edge import Origins
from adapters.portal.signing_in import ACTS, STREAMS
from bot.channel import Outgoing, Undeliverable
from bot.desk.leaving import leave
from bot.plain import plain
from bot.portal import looking
from store.store import Store
from store.tables import Audit
from store.work import Work
from tests.portal.stage import LINK, Browser, Stage, staged

ANN, NOBODY = "ann@northwind.example", "nobody@northwind.example"


async def asks(browser: Browser, who: str) -> Any:
    page = await browser.posts("/portal/sign-in", {"address": who})
    await asyncio.gather(*list(sending(browser.stage)))
    return page


def sending(stage: Stage) -> Any:
    """What is still on its way after the answer."""
    return [task for task in asyncio.all_tasks() if "Door._send" in repr(task)]


async def signed_in(browser: Browser) -> bool:
    return (await browser.gets("/portal/")).path == "/portal/"


async def test_a_link_comes_by_mail_and_lets_its_owner_in_once(stage: Stage) -> None:
    browser = stage.browser()
    assert (await browser.gets("/portal/")).path == "/portal/sign-in"
    page = await asks(browser, f" {ANN.upper()} ")
    assert "a link is on its way" in page.words
    [token] = await stage.mailed()
    for _ in range(3):  # mail scanners open links
        looked = await browser.gets(f"/portal/sign-in/{token}")
        assert "One press, and you are in" in looked.words
    entered = await browser.posts(f"/portal/sign-in/{token}", {})
    assert entered.path == "/portal/"
    assert "Hello Ann Lee" in entered.words
    again = await stage.browser().posts(f"/portal/sign-in/{token}", {})
    assert (again.status, "This link was used, or is too old." in again.words) == (403, True)


async def test_of_two_presses_at_once_one_is_let_in(stage: Stage) -> None:
    token = await stage.token("ann")
    pages = await asyncio.gather(*(stage.browser().posts(f"/portal/sign-in/{token}", {}) for _ in range(4)))
    assert sorted(page.status for page in pages) == [200, 403, 403, 403]


async def test_nobody_learns_who_is_known_here(pages: Stage) -> None:
    """The same page; what is looked up is looked up after the answer."""
    held = asyncio.Event()
    send = pages.house.send_link

    async def slow(address: str, origin: str) -> None:
        await held.wait()
        await send(address, origin)

    pages.house.send_link = slow  # type: ignore[method-assign]
    known, unknown = [await pages.browser().posts("/portal/sign-in", {"address": who}) for who in (ANN, NOBODY)]
    assert (known.status, known.text) == (unknown.status, unknown.text)
    assert {k: v for k, v in known.headers.items() if k != "Date"} == {
        k: v for k, v in unknown.headers.items() if k != "Date"
    }
    held.set()
    await asyncio.gather(*sending(pages))
    assert len(await pages.mailed()) == 1


async def test_a_link_lives_a_quarter_of_an_hour_and_a_person_has_three_at_most(pages: Stage) -> None:
    for _ in range(4):
        await asks(pages.browser(), ANN)
    tokens = await pages.mailed()
    assert len(set(tokens)) == len(tokens) == 3
    pages.world.passes(minutes=14)
    assert (await pages.browser().posts(f"/portal/sign-in/{tokens[0]}", {})).status == 200
    pages.world.passes(minutes=1)
    assert (await pages.browser().posts(f"/portal/sign-in/{tokens[1]}", {})).status == 403
    assert (await pages.browser().posts(f"/portal/sign-in/{'x' * 43}", {})).status == 403


async def test_neither_links_nor_sessions_can_be_read_in_the_database(stage: Stage) -> None:
    token = await stage.token("ann")
    browser = stage.browser()
    await browser.posts(f"/portal/sign-in/{token}", {})
    [cookie] = [each.value for each in browser.session.cookie_jar]

    def everything(work: Work) -> str:
        rows = [work._session.execute(sql(f"SELECT * FROM {table}")).all() for table in ("session", "sign_in")]
        return repr(rows)

    kept = await stage.world.store.read(everything)
    assert "link" in kept
    assert cookie not in kept
    assert token not in kept


async def test_a_session_ends_when_it_rests_when_it_is_old_and_when_its_owner_says_so(pages: Stage) -> None:
    browser, other, third = [await pages.signed_in("ann") for _ in range(3)]
    for _ in range(14):  # used again and again
        pages.world.passes(hours=11)
        assert await signed_in(browser)
    assert not await signed_in(other)  # twelve hours without a look
    pages.world.passes(hours=11)
    assert await signed_in(browser)
    pages.world.passes(hours=11)
    assert not await signed_in(browser)  # seven days
    one, two = [await pages.signed_in("ann") for _ in range(2)]
    left = await one.posts("/portal/sign-out", {})
    assert left.path == "/portal/sign-in"
    assert not await signed_in(one)
    assert await signed_in(two)
    three = await pages.signed_in("ann")
    assert "in 2 browsers" in (await three.gets("/portal/settings")).words
    await three.posts("/portal/sign-out", {"everywhere": "yes"})
    assert not await signed_in(two)
    assert third is not None


async def test_who_leaves_or_is_unlinked_or_erased_is_signed_out(stage: Stage) -> None:
    ann, bob, eve = [await stage.signed_in(who) for who in ("ann", "bob", "eve")]

    def go(work: Work) -> None:
        lead = work.person_at("lena@desk.example")
        assert lead is not None
        leave(looking(work, lead.id, stage.world.time, stage.world.bot.catalogues), "bob@northwind.example")
        person = work.person_at(ANN)
        assert person is not None
        [identity, *_] = work.identities(person.id)
        work.revoke(identity, stage.world.time.machine)
        gone = work.person_at("eve@contoso.example")
        assert gone is not None
        work.forget_person(gone)

    await stage.world.store.write(go)
    for browser in (ann, bob, eve):
        assert not await signed_in(browser)
        assert (await browser.says("cases")).status == 401


async def test_a_link_of_ones_own_is_made_where_one_chats(pages: Stage) -> None:
    from bot.invitations import Links

    object.__setattr__(pages.world.bot, "links", Links(pages.origin, b"k" * 32))
    ann = await pages.signed_in("ann")
    await ann.says("portal")
    page = await ann.gets("/portal/talk")
    [link] = [node.attributes["href"] for node in page.root.all("a") if "/portal/sign-in/" in node.text]
    entered = await pages.browser().posts(link.removeprefix(pages.origin), {})
    assert "Hello Ann Lee" in entered.words


# The edge ---------------------------------------------------------------------------------------------------------


async def test_cookies_and_headers_are_as_strict_as_browsers_allow(sqlite: Store) -> None:
    public = "https://desk.example.com"
    async with staged(sqlite, origins=Origins(public)) as stage:
        token = await stage.token("ann")
        host = {"Host": "desk.example.com", "Origin": public}
        there = f"{stage.origin}/portal/sign-in/{token}"
        browser = stage.browser()
        async with browser.session.post(
            there, data={}, headers={**host, "Content-Type": "application/x-www-form-urlencoded"}, allow_redirects=False
        ) as done:
            assert done.status == 303
            [cookie] = done.headers.getall("Set-Cookie")
        name, _, said = cookie.partition("=")
        assert name == "__Host-supporthub"
        assert set(said.split("; ")[1:]) == {"Path=/", "Max-Age=604800", "HttpOnly", "Secure", "SameSite=Lax"}
        page = await browser.gets("/portal/sign-in", headers=host)
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert (page.headers["Cache-Control"], page.headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
        for foreign in ("127.0.0.1", "desk.example.com.evil.example", "evil.example", "desk.example.com:8443"):
            assert (await browser.gets("/portal/sign-in", headers={"Host": foreign})).status == 421, foreign


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", ""])
async def test_another_sites_page_does_nothing_here(pages: Stage, origin: str) -> None:
    ann = await pages.signed_in("ann")
    for path in ("/portal/say", "/portal/submit", "/portal/sign-out", "/portal/sign-in"):
        done = await ann.posts(path, {"line": "cases", "key": "12345678"}, headers={"Origin": origin})
        assert done.status == 403, path
    live = await ann.gets("/portal/talk/live?since=0", headers={"Origin": origin or "null"})
    assert live.status == 403
    assert await signed_in(ann)


async def test_wrong_requests_are_refused_without_a_trace(pages: Stage) -> None:
    ann = await pages.signed_in("ann")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for path, body, headers, status in (
        ("/portal/say", b"{}", {"Content-Type": "application/json"}, 415),
        ("/portal/say", b"line=" + b"x" * 2_000_000, form, 413),
        ("/portal/say", b"line=cases&key=short&back=/", form, 400),
        ("/portal/say", b"line=cases&key=12345678&back=//evil.example", form, 400),
        ("/portal/say", b"line=cases&key=12345678&back=https://evil.example", form, 400),
        ("/portal/say", b"line=&key=12345678&back=/", form, 400),
        ("/portal/say", b"line=take+1001&key=12345678&back=/&room=desk", form, 403),
        ("/portal/sign-in", b"address=nobody", form, 303),
        ("/portal/static/../server.py", b"", form, 404),
    ):
        sent = {"Origin": pages.origin, **headers}
        url = f"{pages.origin}{path}"
        async with ann.session.post(url, data=body, headers=sent, allow_redirects=False) as done:
            assert "Traceback" not in await done.text()
            assert done.status == status or (status in (303, 404) and done.status in (400, 404, 405)), (
                path,
                done.status,
            )
    assert (await ann.gets("/portal/cases?show=none")).status == 404
    assert (await ann.gets("/portal/cases/999999999")).status == 404
    assert (await ann.gets("/portal/talk?room=desk")).status == 404


async def test_links_are_not_asked_for_or_tried_without_end(pages: Stage) -> None:
    browser = pages.browser()
    asked = [(await browser.posts("/portal/sign-in", {"address": f"n{n}@x.example"})).status for n in range(61)]
    assert asked == [200] * 60 + [429]
    tried = [(await browser.posts(f"/portal/sign-in/{'x' * 43}", {})).status for _ in range(31)]
    assert tried == [403] * 30 + [429]
    assert (await pages.signed_in("ann")) is not None, "a link that is good is never in question"
    behind = {"X-Forwarded-For": "198.51.100.7"}
    assert (await browser.posts(f"/portal/sign-in/{'x' * 43}", {}, headers=behind)).status == 403  # somebody else


@pytest.mark.parametrize(
    ("remote", "forwarded", "caller"),
    [
        ("203.0.113.9", ["198.51.100.7"], "203.0.113.9"),  # no proxy of ours: whoever says so may say anything
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("10.0.0.5", ["1.1.1.1, 198.51.100.7"], "198.51.100.7"),
        ("10.0.0.5", ["1.1.1.1", "198.51.100.7, 10.1.0.9"], "198.51.100.7"),
        ("::ffff:10.0.0.5", ["198.51.100.7:4711"], "198.51.100.7"),
        ("10.0.0.5", ["[2001:db8:1:2:3::4]:4711"], "2001:db8:1:2::/64"),
        ("10.0.0.5", ["2001:db8:1:2:5::6"], "2001:db8:1:2::/64"),
        ("10.0.0.5", ["10.1.0.9"], "10.1.0.9"),
        ("10.0.0.5", ["garbage"], "garbage"),
    ],
)
def test_who_asks_is_the_last_whom_no_proxy_of_ours_is(remote: str, forwarded: list[str], caller: str) -> None:
    proxies = tuple(ip_network(each) for each in ("127.0.0.1", "10.0.0.5", "10.1.0.0/24"))
    headers = CIMultiDict([("X-Forwarded-For", each) for each in forwarded])
    request = make_mocked_request("GET", "/portal/", headers=headers).clone(remote=remote)
    assert Origins("https://desk.example.com", proxies=proxies).caller(request) == caller


async def test_a_link_that_did_not_arrive_is_read_by_nobody_and_leads_nowhere(sqlite: Store) -> None:
    """What the desk is told of a dead letter are not the words that would let its reader in."""
    async with staged(sqlite, living="fake") as stage:
        mails: Any = stage.world.channels["email"]

        tokens: list[str] = []

        def refused(out: Outgoing) -> None:
            tokens.extend(LINK.findall(plain(out.message)))
            raise Undeliverable("550 mailbox full")

        mails.before = refused
        await stage.house.send_link("lena@desk.example", stage.origin)
        await stage.world.delivery.deliver_all()
        [told] = stage.world.heard("desk")
        assert told == "Not delivered to lena@desk.example: 550 mailbox full."
        [letter] = await stage.world.ask_store(lambda work: work.dead_letters(None, 9))
        shown = str(await stage.world.says("lena", f"dead {letter.name}"))
        assert "Here stood a link or a code" in shown
        [token] = tokens
        assert token not in shown
        assert not stage.world.heard("lena") or token not in str(stage.world.heard("lena"))
        assert (await stage.browser().posts(f"/portal/sign-in/{token}", {})).status == 403


async def test_a_mailed_link_lets_nobody_in_who_has_another_address_by_then(pages: Stage) -> None:
    def moves(work: Work) -> None:
        ann = work.person_at(ANN)
        assert ann is not None
        ann.email = "ann.lee@northwind.example"
        work.add(ann)

    await pages.house.send_link(ANN, pages.origin)
    own, [mailed] = await pages.token("ann"), await pages.mailed()
    await pages.world.store.write(moves)
    assert (await pages.browser().posts(f"/portal/sign-in/{mailed}", {})).status == 403
    assert (await pages.browser().posts(f"/portal/sign-in/{own}", {})).status == 200  # from chat: no mailbox has it


async def test_who_comes_and_goes_is_on_record(pages: Stage) -> None:
    ann = await pages.signed_in("ann")
    await ann.posts("/portal/sign-out", {})
    again = await pages.signed_in("ann")
    await again.posts("/portal/sign-out", {"everywhere": "yes"})
    rows = await pages.world.ask_store(lambda work: list(work._session.exec(select(Audit).order_by(col(Audit.id)))))
    noted = [(row.what, row.about, row.outcome) for row in rows if row.what.startswith("sign ")]
    came, left = ("sign in", "link", "done"), ("sign out", "one browser", "done")
    assert noted == [came, left, came, ("sign out", "everywhere", "done")]


async def test_an_open_page_is_nobodys_look(pages: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream, and what a page fetches by itself, keep no session."""
    monkeypatch.setattr(talk, "PULSE", 0.01)
    ann = await pages.signed_in("ann")
    async with ann.session.get(f"{pages.origin}/portal/talk/live?since=0") as stream:
        for _ in range(3):
            pages.world.passes(hours=5)
            await stream.content.readline()
            await ann.gets("/portal/talk?part=lines")
            await ann.gets("/portal/cases", headers={"Sec-Fetch-Mode": "same-origin"})
        async with asyncio.timeout(5):
            await stream.content.read()  # to its end
    assert not await signed_in(ann)


async def test_one_person_acts_and_watches_only_so_often(pages: Stage) -> None:
    ann, live = await pages.signed_in("ann"), f"{pages.origin}/portal/talk/live?since=0"
    other = {"Sec-Fetch-Site": "same-site"}
    assert (await ann.gets("/portal/talk/live?since=0", headers=other)).status == 403
    first, *_ = streams = [await ann.session.get(live) for _ in range(STREAMS + 1)]
    assert {stream.status for stream in streams} == {200}
    async with asyncio.timeout(5):
        with suppress(ClientPayloadError):
            await first.content.read()  # it gave way to the last
    for stream in streams:
        stream.close()
    sent = {"line": "", "words": "", "back": "/", "key": "12345678"}
    acts = [(await ann.posts("/portal/say", sent)).status for _ in range(ACTS + 1)]
    assert acts == [400] * ACTS + [429]
    assert (await (await pages.signed_in("bob")).posts("/portal/say", sent)).status == 400


async def test_without_mail_nobody_is_asked_for_an_address(sqlite: Store) -> None:
    async with staged(sqlite, mail=False) as stage:
        page = await stage.browser().gets("/portal/sign-in")
        assert "Mail address" not in page.words
        assert "A link comes there." in page.words
        assert (await stage.browser().posts("/portal/sign-in", {"address": ANN})).status == 404


async def test_what_is_nowhere_is_as_guarded_as_what_is_somewhere(pages: Stage) -> None:
    for path in ("/portal/nope", "/tab/nope", "/portal/static/nope.js"):
        page = await pages.browser().gets(path)
        assert (page.status, page.headers["X-Content-Type-Options"]) == (404, "nosniff"), path
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]


async def test_what_a_guest_may_not_see_is_said_and_not_offered(pages: Stage) -> None:
    def guest(work: Work) -> None:
        eve = work.person_at("eve@contoso.example")
        assert eve is not None
        eve.guest, eve.email = True, None
        eve.licensed = eve.nominated = eve.contact_person = False
        work.add(eve)

    eve = await pages.signed_in("eve")
    assert 'href="/portal/plan"' in (await eve.gets("/portal/privacy")).text
    await pages.world.store.write(guest)
    page = await eve.gets("/portal/plan")
    assert (page.status, "That is not yours to do." in page.words) == (403, True)
    assert 'href="/portal/plan"' not in (await eve.gets("/portal/privacy")).text
