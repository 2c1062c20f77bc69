"""Every dialog and every line, said in every channel: the same answers by each channel's own means.

On both databases by the plainest channel; every channel on both is tests/contract/test_every_channel.py's.
"""

from collections.abc import AsyncIterator

import pytest

from store.store import Store
from tests.contract.sides import SIDES, Side, line, told
from tests.world import BROKEN

CUSTOMER = (
    ("help", "What you can say"),
    ("cases", "Your company's cases"),
    ("home", "Your plan: Success with CRM"),
    ("status 1001", "#1001: The quote form"),
    ("why 1001", "#1001 is due"),
    ("clause W46", "W46: The first response"),
    ("why W46", "W46: The first response"),
    ("covered our Power BI report", "This looks excluded"),
    ("plan", "Success with CRM"),
    ("price success 12", "Success with CRM"),
    ("report this month", "Report of Northwind: Thu 1 Jan 2026 to Sat 31 Jan 2026"),
    ("price +3", "Success with CRM (yours): $1,614"),
    ("licences +2", "Prices for 14 users"),
    ("extend 2", "Prices for 14 users"),
    ("termination", "Notice is 30 days"),
    ("/upgrade", "Which plan would you like?"),
    ("/fact refunds", "A month begun"),
    ("at-risk", "None of your"),
    ("reply 1001 It also breaks on save", "Added to case #1001."),
    ("follow 1001", "You hear what happens on case #1001 from now on."),
    ("unfollow 1001", "You no longer follow case #1001."),
    ("escalate 1001 We cannot quote", "Case #1001 is escalated"),
    ("schedule 1001 26 January 2026 10:00", "You propose"),
    ("record 1001", "it makes the signed record of case #1001."),
    ("accept 1001 priority-1", "Case #1001 has changed since you were asked."),
    ("estimate 1001", "The desk is asked for an estimate on case #1001."),
    ("enquire 1001", "Case #1001 has changed since you were asked."),
    ("not-that 1001", "A person judges whether case #1001 is covered (W37)."),
    ("solved 1001", "Good. Shall I close case #1001?"),
    ("not-solved 1001 It is back", "Done. Case #1001 is being worked on."),
    ("confirm all", "Nothing waits for your confirmation."),
    ("withdraw 1001", "Done. Case #1001 is withdrawn."),
    ("reopen 1001 We need it after all", "Done. Case #1001 is being worked on."),
    ("person", "No more questions. A person takes case #1001"),
    ("status 4711", "There is no case #4711."),
    ("language fr", "Je vous écris désormais dans cette langue\u00a0: français."),
    ("language en", "I write to you in this language from now on: English."),
    ("zone Europe/Paris", "I show you times in this zone from now on: Europe/Paris."),
    ("portal", "This desk has no portal"),
    ("link ABCD-EFGH-JKMN-PQRS", "That is Ann Lee already."),
    ("queue", "That is not yours to do."),
    ("ask-person Is the blue thing covered", "This is case #1002."),
)
STAFF = (
    ("help", "What you can say"),
    ("home", "The desk has 1 open case"),
    ("home northwind", "The desk has 1 open case"),
    ("queue", "1 in the queue"),
    ("queue northwind unassigned page 2", "1 in the queue"),
    ("saved", "No reply is saved yet"),
    ("save hello Hello {customer}", "Saved."),
    ("unsave hello", "!hello is no longer saved."),
    ("incident", "There is no incident now."),
    ("incident 7", "There is no incident 7."),
    ("show 1001", "#1001: The quote form"),
    ("take 1001", "Done. Case #1001 is being worked on."),
    ("assign 1001 cora", "Done. Case #1001 is being worked on."),
    ("assign 1001 auto", "Done. Case #1001 is with Sam Ortiz"),
    ("ack 1001", "You see to case #1001."),
    ("note 1001 they are in a hurry", "Noted on case #1001."),
    ("undo", "It is too late for that"),
    ("send-anyway 1001", "It is too late for that"),
    ("reply 1001 We look into it", "Done. Case #1001 is being worked on."),
    ("call 1001 Walked her through it", "Done. Case #1001 is being worked on."),
    ("wait 1001 Which browser is it?", "Done. Case #1001 is waiting for the customer."),
    ("priority 1001 high it blocks quotes", "The priority of case #1001 is High from now on."),
    ("cover 1001 covered it is break-fix", "Done. Case #1001"),
    ("client-caused 1001 a workflow was changed", "Done. Case #1001"),
    ("schedule 1001 26 January 2026 10:00", "You propose"),
    ("transfer 1001 billing", "Done. Case #1001"),
    ("why 1001", "#1001 is due"),
    ("clause T12", "T12: Advice"),
    ("whois ann", "Ann Lee"),
    ("report this week northwind", "Cases received: 1"),
    ("plan northwind", "WebSan: Success with CRM"),
    ("nominate bob", "Bob Shaw"),
    ("contact-person theo", "The contact person of Fabrikam is Theo Blanc from now on"),
    ("deputy tess 2026-02-28", "Tess Moreau stands in for the contact person of Fabrikam"),
    ("ineligible 1001 it is another company's", "Done. Case #1001"),
    ("eligible 1001", "Done. Case #1001"),
    ("on-call", "Nobody is on call"),
    ("any-hour on", "Warnings reach you at any hour."),
    ("language en", "I write to you in this language from now on: English."),
    ("zone America/New_York", "I show you times in this zone from now on: America/New_York."),
    ("portal", "This desk has no portal"),
    ("away until tomorrow 10am lena", "You are away until"),
    ("back", "Welcome back."),
    ("split 1001 The report is blank too", "Done. Case #1002 is open for Ann Lee."),
    ("link-cases 1001 1002", "Done. Case #1001 and case #1002 are related: each shows the other now."),
    ("unlink-cases 1001 1002", "Done. Case #1001 and case #1002 no longer show each other."),
    ("merge 1001 1002", "Done. It goes on as case #1001"),
    ("open-for ann@northwind.example The import fails", "Done. Case #1003 is open for Ann Lee."),
    ("close 1001 Fixed", "Done. Case #1001 is solved, awaiting"),
    ("code-delivered 1001 none", "Done. Case #1001"),
    ("record 1001", "supporthub record 1001"),
    ("send-note 1003", "There is no note of yours on case #1003"),
    ("quote 1003 90 a new template", "Case #1003 looks covered (W7), so nothing is quoted for it."),
    ("cover 1003 time_and_materials it is new", "Done. Case #1003 is waiting for a quote by the desk."),
    ("quote 1003 90 a new template", "Done. Case #1003 is waiting for the customer to accept a quote."),
    ("close 1003 Fixed", "The customer has not answered the quote on case #1003 yet (W24)."),
    ("cover 1003 covered the template is broken", "Done. Case #1003 is new."),
    ("force-close 1003 asked twice without an answer", "Done. Case #1003 is closed without confirmation."),
    ("queue unconfirmed", "1 case was closed without confirmation"),
    ("reopen 1003 they called again", "Done. Case #1003 is being worked on."),
    ("open something", "I didn't follow that."),
)
LEAD = (
    ("upgrade northwind base 3", "has the quote"),
    ("upgrade 1001 from 2026-02-01", "Nobody who speaks for the customer has accepted"),
    ("notice northwind 2026-01-19", "Notice was received on Mon 19 Jan 2026"),
    ("digest off", "No weekly report reaches you any more."),
    ("/terminate northwind Unpaid", "That is not yours to do."),
    ("help", "dead 17 replay"),
    ("incident open The data centre is down", "incident 1 is open"),
    ("incident 1 reply We are on it", "Sent to 0 customers"),
    ("incident 1 close It is back", "incident 1 is over."),
    ("announcements", "Nothing was announced yet."),
    ("announce websan/success We are closed on Friday", "Announcement 1, not sent yet"),
    ("announce 1 send", "Announcement 1 leaves for 1 person now."),
    ("announcement 1", "Northwind: 1 sent"),
    ("invite bob", "A code for Bob Shaw"),
    ("links", "No links wait to be approved."),
    ("links approve all", "all is no link that waits."),
    ("leave cora", "Cora Diaz still holds"),
    ("whois bob", "Bob Shaw"),
    ("dead", "No dead letters here."),
    ("dead page 2", "No dead letters here."),
    ("dead 17", "17 is no dead letter."),
    ("dead 17 replay", "17 is no dead letter."),
)


PLAINEST = "fake"
pytestmark = pytest.mark.parametrize(
    ("side", "database_url"),
    [*((name, "sqlite") for name in sorted(SIDES)), (PLAINEST, "postgresql")],
    indirect=True,
)


@pytest.fixture
async def side(request: pytest.FixtureRequest, store: Store) -> AsyncIterator[Side]:
    async with SIDES[request.param](store) as opened:
        yield opened


async def all_are_answered(side: Side, who: str, lines: tuple[tuple[str, str], ...]) -> None:
    seen = len(await side.reads(who))
    for text, answer in lines:
        await side.says(who, text)
        there = await side.reads(who)
        heard, seen = "\n".join(each.text for each in there[seen:]), len(there)
        assert answer in heard, (text, heard)


async def says(side: Side, who: str, text: str) -> str:
    """What they then read, beginning with the answer."""
    before = len(await side.reads(who))
    await side.says(who, text)
    return "\n".join(seen.text for seen in (await side.reads(who))[before:])


async def test_every_line_of_a_customer(side: Side) -> None:
    """The same lines and dialogs in every channel (C2)."""
    await side.says("ann", BROKEN)
    for _ in range(3):
        await side.says("ann", "skip")
    await all_are_answered(side, "ann", CUSTOMER)


async def test_every_line_of_the_desk(side: Side) -> None:
    """Staff's too, typed (C2, C3)."""
    await side.says("ann", BROKEN)
    for _ in range(3):
        await side.says("ann", "skip")
    await all_are_answered(side, "sam", STAFF)
    assert "they are in a hurry" not in "\n".join(await told(side, "ann"))


async def test_every_line_of_a_lead(side: Side) -> None:
    await all_are_answered(side, "lena", LEAD)


async def test_asking_how_is_answered_and_leads_to_a_person_where_the_plan_has_one(side: Side) -> None:
    heard = await says(side, "ann", "How do I share a view?")
    assert "Did this help?" in heard
    await side.presses("ann", await line(side, "ann", "None of these: open a case"))
    assert any(text.startswith("Thank you, Ann Lee. This is case #1001.") for text in await told(side, "ann"))


async def test_a_line_without_its_words_asks_for_them(side: Side) -> None:
    await side.says("ann", BROKEN)
    assert "What do you want to write?" in await says(side, "sam", "reply 1001")
    assert "Done. Case #1001" in await says(side, "sam", "We look into it")
    assert "> We look into it" in "\n".join(await told(side, "ann"))


async def test_a_dialog_goes_back_is_skipped_and_cancelled(side: Side) -> None:
    await side.says("ann", BROKEN)
    assert "How bad is it?" in await says(side, "ann", "Error 500")
    assert "What exactly happens" in await says(side, "ann", "back")
    assert "How bad is it?" in await says(side, "ann", "skip")
    assert "No more questions. Case #1001 is open all the same." in await says(side, "ann", "cancel")
