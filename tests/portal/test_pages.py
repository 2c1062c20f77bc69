"""The customers' pages: a whole case from them, and nothing of anybody else's on them."""

from typing import Any

import pytest

from tests.portal.reading import Page
from tests.portal.stage import Browser, Stage, staged
from tests.world import BROKEN


async def opens(browser: Browser, problem: str = BROKEN, **more: str) -> Page:
    form = (await browser.gets("/portal/open")).form("/portal/submit")
    fields = {"field-problem": problem, **{f"field-{name}": value for name, value in more.items()}}
    return await browser.sends(form, **fields)


async def test_a_case_from_its_form_to_its_closing(stage: Stage) -> None:
    """W28: the portal tracks updates and status; W6: it stands beside the chat."""
    ann, sam = await stage.signed_in("ann"), stage.world
    empty = await ann.sends((await ann.gets("/portal/open")).form("/portal/submit"), **{"field-problem": " "})
    assert "Please look at this again" in empty.words
    page = await opens(ann, details="Error 500 on save", priority="high")
    assert page.path.startswith("/portal/cases/1001?said=")
    assert "#1001" in page.answer
    assert "Ann Lee (customer) opened it" in page.words
    page = await ann.sends(page.form("Send"), words="It also breaks in Firefox")
    assert "Added to case #1001." in page.answer
    assert "It also breaks in Firefox" in page.words
    await sam.says("sam", "note 1001 she is in a hurry")
    await sam.says("sam", "reply 1001 Which browser is it?")
    home = await ann.gets("/portal/")
    assert "The quote form is broken" in home.words
    assert "Cora Diaz (concierge)" in home.words
    await sam.says("sam", "close 1001 Fixed the form")
    assert "Your turn" in (await ann.gets("/portal/")).words
    page = await ann.gets("/portal/cases/1001")
    assert "Sam Ortiz (support desk)" in page.words
    assert "she is in a hurry" not in page.text
    assert "#1001 is due" in page.words
    page = await ann.sends(page.form("Yes, close it"))
    assert "Thank you. Case #1001 is closed." in page.answer
    page = await ann.sends(page.form("5 stars"))
    assert "How was it?" not in page.words
    assert "closed, confirmed by the customer" in page.words
    assert "1001" in (await ann.gets("/portal/cases?show=over")).words
    assert "No case is like that." in (await ann.gets("/portal/cases")).words
    page = await ann.sends((await ann.gets("/portal/cases/1001")).form("Reopen"), words="It is back")
    assert "being worked on" in page.words


async def test_a_form_sent_twice_does_it_once_and_filled_in_otherwise_again(stage: Stage) -> None:
    ann = await stage.signed_in("ann")
    await opens(ann)
    form = (await ann.gets("/portal/cases/1001")).form("Send")
    for words in ("Once", "Once", "Twice"):
        page = await ann.sends(form, words=words)
    assert (page.text.count(">Once<"), page.text.count(">Twice<")) == (1, 1)


async def test_another_companys_case_is_no_case(stage: Stage) -> None:
    """C1: absent and forbidden read alike."""
    ann, eve = await stage.signed_in("ann"), await stage.signed_in("eve")
    page = await opens(ann)
    theirs, nobodys = await eve.gets("/portal/cases/1001"), await eve.gets("/portal/cases/4711")
    assert (theirs.status, theirs.text) == (nobodys.status, nobodys.text) == (404, theirs.text)
    assert "1001" not in (await eve.gets("/portal/cases?show=all&q=1001")).text.replace("q=1001", "").replace(
        'value="1001"', ""
    )
    refused = await eve.says("status 1001", back="/cases")
    assert refused.answer == "There is no case #1001."
    stolen = page.path.partition("?said=")[2]
    assert (await eve.gets(f"/portal/cases?said={stolen}")).answer == ""
    assert (await ann.gets(f"/portal/cases?said={stolen}")).answer != ""


async def test_what_people_write_is_never_markup(pages: Stage) -> None:
    ann = await pages.signed_in("ann")
    hostile = "<script>alert(1)</script> \"><img src=x onerror=alert(1)> {{ 7 * 7 }} 'it'"
    await opens(ann, hostile)
    await ann.says("", hostile)
    for path in ("/portal/", "/portal/cases", "/portal/cases/1001", "/portal/talk"):
        page = await ann.gets(path)
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "{{ 7 * 7 }}" in page.text
        assert all(node.attributes.get("src", "").startswith("/portal/static/") for node in page.root.all("script"))


async def test_the_other_pages_say_what_the_house_knows(pages: Stage) -> None:
    ann = await pages.signed_in("ann")
    for path, words in (
        ("plan", "Success with CRM"),
        ("people", "nominated: opens and confirms cases for the company"),
        ("terms", "W46"),
        ("privacy", "Privacy policy"),
        ("ask", "Is it covered?"),
        ("settings", "America/Toronto"),
    ):
        page = await ann.gets(f"/portal/{path}")
        assert page.status == 200, path
        assert words in page.words + page.text, path
    asked = await ann.sends((await ann.gets("/portal/ask")).form("Ask"), words="How do I share a view?")
    assert asked.path == "/portal/talk"
    assert "Did this help?" in (await ann.gets("/portal/talk")).words
    found = await ann.sends((await ann.gets("/portal/ask")).form("Find out"), words="our Power BI report")
    assert "This looks excluded" in found.answer
    cost = await ann.sends((await ann.gets("/portal/plan")).form("Reckon"), words="success 12")
    assert "Success with CRM" in cost.answer
    page = await ann.sends((await ann.gets("/portal/settings")).form("Keep"), words="Europe/Paris")
    assert "Europe/Paris" in page.answer
    page = await ann.sends(page.form("français"))
    assert 'lang="fr"' in page.text
    assert "Réglages" in page.words
    assert "Bonjour Ann Lee" in (await ann.gets("/portal/")).words


async def test_the_desks_people_have_no_customers_pages(pages: Stage) -> None:
    sam = await pages.signed_in("sam")
    for path in ("cases", "open", "plan", "cases/1001", "people"):
        assert (await sam.gets(f"/portal/{path}")).status == 404
    assert (await sam.gets("/portal/")).path == "/portal/board"


async def test_whoever_chats_elsewhere_hears_there_of_what_they_do_here(pages: Stage, sqlite: Any) -> None:
    """In the portal nobody hears anything who is not looking."""
    async with staged(sqlite, living="fake") as stage:
        ann = await stage.signed_in("ann")
        await opens(ann)
        await stage.world.says("sam", "reply 1001 Looking into it")
        assert "> Looking into it" in stage.world.last("ann")
        assert "Looking into it" in (await ann.gets("/portal/cases/1001")).words
        assert "Looking into it" not in (await ann.gets("/portal/talk")).words


@pytest.mark.parametrize("page", [1, 2, 99])
async def test_many_cases_come_in_pages(pages: Stage, page: int) -> None:
    from bot.desk.opening import open_case
    from bot.portal import looking
    from store.work import Work

    def many(work: Work) -> None:
        ann = work.person_at("ann@northwind.example")
        assert ann is not None
        turn = looking(work, ann.id, pages.world.time, pages.world.bot.catalogues)
        from dataclasses import replace

        there = replace(turn, place=work.place(ann.conversation_id or 0))
        for number in range(27):
            open_case(there, f"Problem number {number}")

    await pages.world.store.write(many)
    ann = await pages.signed_in("ann")
    found = await ann.gets(f"/portal/cases?page={page}")
    assert found.text.count('<th scope="row">') == (25 if page == 1 else 2)
    assert "Problem number 7" in (await ann.gets("/portal/cases?q=number+7")).words
