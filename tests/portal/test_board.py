"""The desk's own pages without a script: the board, a whole case and the companies, for nobody but the desk."""

import asyncio
import re
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.portal.board import Asked
from app.clock import Clock
from app.demo import CAST
from app.portal import PortalConnection
from app.settings import Mode, read
from store.store import Store
from store.work import Work
from tests.portal.reading import Page
from tests.portal.stage import Stage, staged
from tests.world import MONDAY, World, opened

HOSTILE = "<script>alert(1)</script> \"><img src=x onerror=alert(1)> {{ 7 * 7 }} 'it'"
DESKS = ("board", "board?q=mine", "board/live", "accounts", "accounts/northwind", "accounts/nobody")


async def lets_go(stage: Stage, **time: float) -> None:
    stage.world.passes(**time)
    await stage.world.holding.round()
    await stage.world.delivery.deliver_all()


def numbers(page: Page) -> list[int]:
    return [int(row.attributes["data-case"]) for row in page.root.all("tr") if "data-case" in row.attributes]


def row(page: Page, number: int) -> str:
    [found] = (each for each in page.root.all("tr") if each.attributes.get("data-case") == str(number))
    return " ".join(" ".join(found.strings()).split())


async def three(stage: Stage) -> World:
    """1001 Northwind's, with Sam, answered; 1002 Contoso's, at risk; 1003 Fabrikam's, without a promise, critical."""
    world = stage.world
    await opened(world)
    await opened(world, "eve", "Exports fail")
    await opened(world, "tess", "Nothing can be saved in Terrasoft CRM")
    await world.says("sam", "take 1001")
    await world.says("sam", "reply 1001 Which browser is it?")
    await world.says("sam", "priority 1003 critical They stand still")
    world.passes(hours=7)
    await world.holding.round()
    return world


async def test_the_board_is_sorted_and_narrowed_by_links(stage: Stage) -> None:
    await three(stage)
    sam = await stage.signed_in("sam")
    page = await sam.gets("/portal/")
    assert page.path == "/portal/board"
    assert numbers(page) == [1002, 1003, 1001], "soonest due first, what is answered last"
    assert "1 business hour left at risk Mon 19 Jan 17:00 ET" in row(page, 1002)
    assert "no response time is published for this plan" in row(page, 1003)
    assert "Sam Ortiz you" in row(page, 1001)
    assert page.root.all("meter")[0].attributes["value"] == "87"
    for sort, found in (
        ("case", [1001, 1002, 1003]),
        ("-case", [1003, 1002, 1001]),
        ("customer", [1002, 1003, 1001]),
        ("status", [1002, 1003, 1001]),
        ("priority", [1003, 1002, 1001]),
        ("-with", [1001, 1002, 1003]),
        ("-due", [1002, 1003, 1001]),
        ("changed", None),
    ):
        page = await sam.gets(f"/portal/board?sort={sort}")
        assert found in (None, numbers(page)), sort
        [sorted_by] = (th.attributes["aria-sort"] for th in page.root.all("th") if "aria-sort" in th.attributes)
        assert sorted_by == ("descending" if sort[0] == "-" else "ascending")
    page = await sam.gets("/portal/board?q=northwind")
    chips = {link.text: link.attributes["href"] for link in page.root.all("ul")[1].all("a")}
    assert chips["Mine 1"] == "/portal/board?q=mine+northwind", "what else was named stays"
    assert chips["At risk 0"].endswith("at-risk+northwind"), "of that company"
    assert numbers(await sam.gets(chips["Mine 1"])) == [1001]
    assert "No case is like that." in (await sam.gets("/portal/board?q=mine+contoso")).words
    wrong = await sam.gets("/portal/board?q=purple")
    assert "purple is none of these" in wrong.words
    assert (await sam.gets("/portal/board?q=%231002")).path == "/portal/cases/1002", "a number leads to its case"
    taken = await sam.sends((await sam.gets("/portal/board?sort=case")).form("Take #1002"))
    assert taken.path.startswith("/portal/board?sort=case&said=")
    assert "Case #1002" in taken.answer
    assert "Sam Ortiz you" in row(taken, 1002)
    for path in ("board?sort=name", "board?page=x", "board/live?case=me"):
        assert (await sam.gets(f"/portal/{path}")).status == 404


async def test_notes_and_answers_are_two_things(pages: Stage) -> None:
    world = pages.world
    await opened(world)
    sam, ann = await pages.signed_in("sam"), await pages.signed_in("ann")
    page = await sam.gets("/portal/cases/1001")
    assert [form.label for form in page.forms if form.fields.get("line", "").startswith(("note", "reply"))] == [
        "Keep as a note",
        "Send to Ann Lee",
    ], "the note comes first"
    page = await sam.sends(page.form("Keep as a note"), words="She is in a hurry")
    assert "Noted" in page.answer
    assert "She is in a hurry" in page.words
    [internal] = page.root.all("li", "internal")
    assert "[internal]" in internal.text
    page = await sam.sends(page.form("Send to Ann Lee"), words="Which browser is it?")
    theirs = await ann.gets("/portal/cases/1001")
    assert "Which browser is it?" in theirs.words
    assert "hurry" not in theirs.text + "".join(world.heard("ann"))
    await ann.says("reply 1001 Firefox")
    page = await sam.sends(page.form("Send to Ann Lee"), line="wait 1001", words="And which version?")
    assert "waiting for the customer" in page.words
    page = await sam.sends(page.form("Set"), line="priority 1001 high", words="They invoice today")
    assert "Priority: High" in page.words
    page = await sam.sends(page.form("Propose"), words="Tuesday 10:00")
    page = await sam.sends(page.form("Give"), words="cora@desk.example")
    page = await sam.sends(page.form("Send to Ann Lee"), line="close 1001", words="Fixed the form")
    words = page.words
    assert "Appointment: Tue 20 Jan 10:00 ET, proposed by Sam Ortiz (support desk)" in words, "both sides' stamps"
    assert "Called solved by Sam Ortiz" in words
    assert "#1001 is due" in words, "the clock explains itself"
    page = await ann.sends((await ann.gets("/portal/cases/1001")).form("Yes, close it"))
    assert "agreed by Ann Lee (customer)" in (await sam.gets("/portal/cases/1001")).words
    assert "Reopen" in [form.label for form in (await sam.gets("/portal/cases/1001")).forms]


async def test_what_waits_to_leave_is_on_the_page_until_it_left(held: Stage) -> None:
    """Its author can undo it from the case and from the board, a colleague sees that somebody is about to answer; a
    reloaded page promises nothing that is over."""
    await opened(held.world)
    sam, cora = await held.signed_in("sam"), await held.signed_in("cora")
    page = await sam.gets("/portal/cases/1001")
    there = await sam.sends(page.form("Send to Ann Lee"), words="We look into it")
    assert "this goes out to Ann Lee in 10 seconds" in there.answer
    assert there.words.count("this goes out") == 1, "not twice on one page"
    for path in ("/portal/cases/1001", "/portal/board"):
        page = await sam.gets(path)
        assert "On case #1001 this goes out to Ann Lee in 10 seconds. Sam Ortiz (support desk)" in page.apart
        assert page.form("Undo").fields["line"] == "undo 1001 1"
    theirs = await cora.gets("/portal/cases/1001")
    assert "Sam Ortiz (support desk) is about to answer case #1001." in theirs.words
    assert "We look into it" not in theirs.text
    assert "about to answer" not in (await cora.gets("/portal/board")).words
    asked = await cora.sends(theirs.form("Send to Ann Lee"), words="And I too")
    assert "Yours waits." in asked.answer
    page = await cora.gets("/portal/board")
    assert "On case #1001 this waits for your word, since a colleague answered too." in page.words
    assert {"Send anyway", "Drop"} <= {form.label for form in page.forms}
    assert "I too" not in (await sam.gets("/portal/cases/1001")).text
    await lets_go(held, seconds=10)
    page = await sam.gets(there.path)
    assert page.answer == "Done. Case #1001 is being worked on.", "a reloaded page says what became of it"
    assert "goes out" not in page.words + (await sam.gets("/portal/board")).words
    page = await cora.sends((await cora.gets("/portal/cases/1001")).form("Send anyway"))
    assert page.answer == "It goes out now, on case #1001."


async def test_words_that_did_nothing_stand_in_their_form_again(held: Stage) -> None:
    """On refusal, when they were taken back, and when what was to leave could not; and where there is no form for them
    any more they stand beside the answer."""
    await opened(held.world)
    sam, ann = await held.signed_in("sam"), await held.signed_in("ann")
    page = await sam.gets("/portal/cases/1001")
    outward = {"line": "close 1001", "words": "r2 is what the form </textarea>says"}
    page = await sam.sends(page.form("Send to Ann Lee"), **outward)
    assert "in 10 seconds" in page.answer
    page = await sam.sends(page.form("Undo"))
    assert "> r2 is what the form </textarea>says" in page.answer, "words are words, and no tag"
    again = page.form("Send to Ann Lee").fields
    assert {name: again[name] for name in outward} == outward
    assert [node.attributes.get("open") for node in page.root.all("details", "outward")] == [""]
    assert "form says" not in (await sam.gets("/portal/cases/1001")).text, "only then"
    page = await sam.sends(page.form("Give"), words="Nobody at all")
    assert page.form("Give").fields["words"] == "Nobody at all"
    page = await sam.sends(page.form("Send to Ann Lee"), words="Half an hour of careful prose")
    waiting = page.path
    await ann.says("withdraw 1001")
    await lets_go(held, seconds=10)
    page = await sam.gets(waiting)
    assert page.answer.startswith("This did not go out on case #1001:\n")
    assert "> Half an hour of careful prose" in page.answer
    form = (await sam.gets("/portal/cases/1001")).form("Keep as a note")
    page = await sam.posts(form.action, {**form.fields, "line": "wait 1001", "words": "A whole evening of it"})
    assert "can't be done now" in page.answer
    assert [node.text for node in page.root.all("textarea") if node.attributes["id"] == "left"] == [
        "A whole evening of it"
    ]
    page = await ann.says("escalate 1001", words="They are at a standstill", back="/cases/1001")
    assert "They are at a standstill" in page.words, "a customer's too"


async def test_who_does_very_much_waits_a_minute(sqlite: Store) -> None:
    async with staged(sqlite, acts=1) as stage:
        sam = await stage.signed_in("sam")
        assert (await sam.says("take 1001", back="/board")).status == 200
        page = await sam.says("take 1001", back="/board")
        assert (page.status, "Please wait a minute" in page.words) == (429, True)


async def test_what_goes_with_a_case_is_the_desks_alone(pages: Stage) -> None:
    """Related cases, its incident, who was warned; and a lead's lines are refused to an agent."""
    world = await three(pages)
    await world.says("lena", "incident open Exports are down")
    await world.says("sam", "link-cases 1002 1001")
    sam, eve = await pages.signed_in("sam"), await pages.signed_in("eve")
    page = await sam.gets("/portal/cases/1002")
    page = await sam.sends(page.form("Add"), line="incident 1 add 1002")
    page = await sam.sends((await sam.gets("/portal/cases/1001")).form("Add"), line="incident 1 add 1001")
    assert "Exports are down #1002 Exports fail Contoso" in page.apart
    assert "Related cases #1002" in page.apart

    async def marks(unit: Any) -> bool:
        """Whether an open page of the case hears of it."""
        before = await world.ask_store(Work.case_mark, 1002)
        await unit
        return bool(before != await world.ask_store(Work.case_mark, 1002))

    world.passes(hours=1)
    assert await marks(world.escalation.round()), "the history"
    assert await marks(world.delivery.deliver_all()), "how far it got"
    assert await marks(world.says("cora", "assign 1001 lena@desk.example")), "what is beside it"
    assert await marks(world.store.write(attached)), "its files"
    assert await marks(world.store.write(put_by)), "whether they can be opened"
    assert not await marks(world.says("cora", "take 1003"))
    assert re.search(r"Who was warned.* of the response time: to ", (await sam.gets("/portal/cases/1002")).apart)
    theirs = (await eve.gets("/portal/cases/1002")).words
    assert "1001" not in theirs
    assert "Exports are down" not in theirs
    refused = await sam.says("incident 1 close Over", back="/board")
    assert refused.answer.startswith("That is not yours to do.")
    assert "1002" in str(numbers(await sam.gets("/portal/board"))), "nothing was closed"


def attached(work: Work) -> None:
    work.attach(case_id=1002, name="a.txt", channel="portal", state="wanted", at=MONDAY)


def put_by(work: Work) -> None:
    for file in work.files_on(1002, internal=True):
        file.state = "kept"
        work.add(file)


async def test_a_customer_finds_no_page_of_the_desk(pages: Stage) -> None:
    """What there is not and what is not theirs read alike (C1); signed out, both lead to the way in."""
    await three(pages)
    for who in ("ann", "eve"):
        browser = await pages.signed_in(who)
        unknown = await browser.gets("/portal/no-such-page")
        assert unknown.status == 404
        for path in DESKS:
            page = await browser.gets(f"/portal/{path}")
            assert (page.status, page.text, policy(page)) == (404, unknown.text, policy(unknown)), path
        assert (await browser.posts("/portal/board", {})).text == unknown.text
    assert (await pages.browser().gets("/portal/board")).path == "/portal/sign-in"
    eve = await pages.signed_in("eve")
    assert (await eve.gets("/portal/cases/1001")).status == 404
    assert (await eve.says("note 1001 I was here", back="/cases")).answer.startswith("There is no")
    sam = await pages.signed_in("sam")
    assert (await sam.gets("/portal/board")).headers["Content-Security-Policy"] == policy(await sam.gets("/portal/ask"))
    assert "'unsafe" not in policy(await sam.gets("/portal/board"))


def policy(page: Page) -> str:
    return page.headers["Content-Security-Policy"]


async def test_customers_words_and_names_are_never_markup_there(pages: Stage) -> None:
    def renamed(work: Work) -> None:
        ann = work.person_at("ann@northwind.example")
        assert ann is not None
        account = work.account(ann.account_id or 0)
        ann.name = account.name = HOSTILE
        work.add(ann)
        work.add(account)

    await opened(pages.world, "ann", HOSTILE)
    await pages.world.store.write(renamed)
    await pages.world.says("ann", f"reply 1001 {HOSTILE}")
    await pages.world.says("lena", f"incident open {HOSTILE}")
    await pages.world.says("sam", f"save hello {HOSTILE.replace('{', '').replace('}', '')}")
    sam = await pages.signed_in("sam")
    for path in ("board", "cases/1001", "accounts", "accounts/northwind", "board?q=%3Cscript%3Ealert(1)"):
        page = await sam.gets(f"/portal/{path}")
        assert page.status == 200, path
        assert "<script>alert" not in page.text, path
        assert "<img src=x" not in page.text, path
        assert "alert(1)" in page.words + page.text, path
        assert all(node.attributes.get("src", "").startswith("/portal/static/") for node in page.root.all("script"))
        assert not [node for node in page.root.all() if any(name.startswith("on") for name in node.attributes)]
        assert not [node for node in page.root.all() if "style" in node.attributes]


async def test_an_open_page_hears_of_changes_until_its_session_is_over(pages: Stage) -> None:
    await three(pages)
    sam = await pages.signed_in("sam")
    page = await sam.gets("/portal/board")
    [live] = (node.attributes for node in page.root.all("section") if "data-live" in node.attributes)
    there, since = f"{pages.origin}{live['data-live']}", {"since": live["data-since"]}
    for headers, status in (({"Origin": "https://evil.example"}, 403), ({"Host": "evil.example"}, 421)):
        async with sam.session.get(there, params=since, headers=headers) as answer:
            assert answer.status == status
    async with sam.session.get(there, params=since) as stream:
        assert stream.headers["Content-Type"] == "text/event-stream"
        await pages.world.says("sam", "take 1002")
        assert re.fullmatch(rb"data: [\d.]+\n", await stream.content.readline())
        await stream.content.readline()
        pages.world.passes(minutes=1)
        assert (await stream.content.readline()).startswith(b"data: "), "time left is less by a minute"
        await stream.content.readline()
        await sam.posts("/portal/sign-out", {})
        await pages.world.says("sam", "note 1002 Secret")
        async with asyncio.timeout(10):
            assert await stream.content.read() == b"", "whoever signed out hears nothing more"


async def test_companies_with_contract_seats_and_contacts(pages: Stage) -> None:
    def more(work: Work) -> None:
        eve = work.person_at("eve@contoso.example")
        assert eve is not None
        contoso = work.account(eve.account_id or 0)
        contoso.users = 9
        work.add(contoso)

    await three(pages)
    await pages.world.store.write(more)
    cora = await pages.signed_in("cora")
    page = await cora.gets("/portal/accounts")
    assert "Contoso Base Support 9 of 5 used more than bought nobody 1" in page.apart
    assert "Northwind Success with CRM 2 of 12 used Cora Diaz 1" in page.apart
    assert "No account is called so." in (await cora.gets("/portal/accounts?q=100%25")).words
    assert "Northwind" not in (await cora.gets("/portal/accounts?q=toso")).words
    page = await cora.gets("/portal/accounts/contoso")
    assert "9 seats are used, 5 were bought." in page.words
    assert "Eve Stone eve@contoso.example nominated licensed" in page.apart
    assert "Eve Stone" in (await cora.sends(page.form("Who is Eve Stone?"))).answer
    [cases] = (link.attributes["href"] for link in page.root.all("a") if link.text == "1 open case")
    assert numbers(await cora.gets(cases)) == [1002]
    page = await cora.sends(page.form("Open a case"), words="eve@contoso.example Imports fail too")
    assert "#1004" in page.answer
    assert (await cora.gets("/portal/accounts/nobody")).status == 404
    assert "T9" in (await cora.gets("/portal/terms")).words, "of every provider that the desk serves"


@pytest.mark.parametrize(
    ("changed", "there"),
    [
        ({}, "/board?q=at-risk+northwind&sort=-case&page=2"),
        ({"q": "", "sort": "due", "page": 1}, "/board"),
        ({"page": 3}, "/board?q=at-risk+northwind&sort=-case&page=3"),
        ({"keys": "off", "q": ""}, "/board?keys=off&sort=-case&page=2"),
    ],
)
def test_an_address_says_only_what_is_unusual(changed: dict[str, object], there: str) -> None:
    assert Asked("at-risk northwind", "case", True, 2).to(**changed) == there


async def test_in_the_playground_the_desk_has_its_board(sqlite: Store) -> None:
    world = await World(sqlite, "web").open()
    connection, app = PortalConnection(read({}, mode=Mode.DEMO), sqlite, Clock(), CAST), web.Application()
    connection.register(app, world.bot)
    async with TestClient(TestServer(app)) as client:
        ours = {"Origin": str(client.make_url("")).rstrip("/")}
        for one in (each for each in CAST if each.desk):
            async with client.post(f"/portal/as/{one.id}", headers=ours) as page:
                assert page.url.path == "/portal/board", one.id
                assert "The queue is empty." in await page.text()
    await connection.close()
