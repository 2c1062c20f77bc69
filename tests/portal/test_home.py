"""The customers' first page: what waits for them with its buttons, their company's cases, plan, people and dates."""

from tests.journeys.test_home import many
from tests.portal.stage import Stage
from tests.world import BROKEN, opened


async def test_what_waits_stands_on_top_and_is_answered_there(stage: Stage) -> None:
    """W28: the company's cases; C1: and nobody else's."""
    world = await opened(await opened(await opened(stage.world)), "ann", "/open The import is slow")
    await opened(world, "eve", "Exports of Contoso fail")
    for line in ("close 1001 Fixed", "schedule 1002 26 January 2026 10:00", "take 1002"):
        await world.says("sam", line)
    ann, eve = await stage.signed_in("ann"), await stage.signed_in("eve")
    page = await ann.gets("/portal/")
    for words in (
        "Your turn #1002 The import is slow being worked on Asked by Sam Ortiz (support desk) ; an answer is expected "
        "by Mon 26 Jan 10:00 ET Accept the time Another time Decline the time",
        f"#1001 {BROKEN} solved, awaiting the customer's confirmation Asked by Sam Ortiz (support desk) Yes, close it",
        "Yes, close it No, not solved",
        "Next appointments #1002 The import is slow Mon 26 Jan 10:00 ET proposed",
        "Your plan Success with CRM 12 licences, 2 in use Who looks after you Cora Diaz (concierge)",
        "Open a case How do I?",
    ):
        assert words in page.apart
    assert "Contoso" not in page.apart
    page = await ann.sends(page.form("Yes, close it"))
    assert (page.path.partition("?")[0], "#1001" in page.apart.partition("Your turn")[2]) == ("/portal/", False)
    theirs = (await eve.gets("/portal/")).apart
    assert ("#1003" in theirs, "#1001" in theirs, "#1002" in theirs) == (True, False, False)


async def test_the_desks_board_has_what_stands_around_its_queue(pages: Stage) -> None:
    world = await opened(pages.world)
    sam = await pages.signed_in("sam")
    told = (await sam.gets("/portal/board")).apart
    assert "Next appointments" not in told
    assert "No appointment is planned, and nobody is on call." in told
    await world.says("sam", "schedule 1001 26 January 2026 10:00")
    await world.says("lena", "away until tomorrow 10am sam")
    told = (await sam.gets("/portal/board")).apart
    assert f"Next appointments #1001 Northwind : {BROKEN} : Mon 26 Jan 10:00 ET" in told
    assert "Away Lena Park (team lead) until" in told
    assert ("No appointment" in told, "Nobody is on call." in told) == (False, True)


async def test_a_long_list_comes_in_pages(pages: Stage) -> None:
    await pages.world.store.write(many, pages.world.time, 23, "Matter")
    ann = await pages.signed_in("ann")
    for page, rows in (("", 10), ("?page=3", 3), ("?page=99", 3)):
        assert (await ann.gets(f"/portal/{page}")).text.count('<th scope="row">') == rows
    assert (await ann.gets("/portal/?page=first")).status == 404
