"""A contract over its life: how it stands, what more would cost, another plan, notice, and what comes after."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from bot.desk.directory import apply
from bot.desk.promising import sooner
from bot.incoming import Said
from bot.messages import Link
from bot.plain import plain
from rules.directory import read
from rules.lifecycle import Status
from rules.people import Role
from store.tables import Account, Assignment, Audit, Case, Contract, Person
from store.work import Work
from tests.world import BROKEN, CATALOGUES, DIRECTORY, MONDAY, World, opened


def changed(kind: Any, by: dict[str, object], **values: object) -> Callable[[Work], None]:
    def unit(work: Work) -> None:
        row = work.find(kind, **by)
        for name, value in values.items():
            setattr(row, name, value)
        work.add(row)

    return unit


def promoted(work: Work) -> None:
    """Lena as an administrator."""
    lena = work.find(Person, email="lena@desk.example")
    lena.role = Role.ADMIN
    work.add(lena)


async def contracts(world: World, account: str) -> list[Contract]:
    found = await world.ask_store(lambda work: work.contracts(work.find(Account, slug=account).id))
    return sorted(found, key=lambda each: each.starts)


async def test_a_contracts_page_tells_how_it_stands_and_flags_what_does_not_fit(desk: World) -> None:
    """W11, W33, W36, W43, T5, T9, T13, T14, T17: flagged once to the account manager, nobody is kept from help."""
    await desk.store.write(changed(Account, {"slug": "northwind"}, users=30))
    paid = {"paid_until": date(2025, 12, 31), "trial": True}
    await desk.store.write(changed(Contract, {"plan": "websan/success"}, **paid))
    said = str(await desk.says("ann", "plan"))
    for row in (
        "Price now: $1,434 a month (W16)",
        "People with a licence: 2\nPeople known to me: 2\nUsers, as reported: 30\n",
        "Paid until: Wed 31 Dec 2025 (W43)",
        "Terms: version 1, since Wed 8 Jan 2025",
        "Trial licence: yes (W33)",
        "More people use the system than have a seat: used by 30, seats for 12 (W11). All of them get help.",
    ):
        assert row in said
    assert "30" not in str(await desk.says("bob", "plan")), "who may not speak for the company"
    drift = [each for each in desk.heard("cora") if "More people use the system" in each]
    assert len(drift) == 1
    assert "Northwind" in drift[0]
    assert any("Paid until Wed 31 Dec 2025: not paid since (W43)" in each for each in desk.heard("cora")), "W43"
    assert "not paid since" not in said
    assert "not paid since" in str(await desk.says("sam", "plan northwind"))
    assert "This is case #1001." in str(await desk.says("ann", BROKEN)), "W11, W43"
    await desk.store.write(changed(Account, {"slug": "contoso"}, users=6))
    assert "This is case #1002." in str(await desk.says("eve", BROKEN))
    told = [each for each in desk.heard("desk") if "used by 6, seats for 5 (W11)" in each]
    assert len(told) == 1, "no concierge: the desk, without anybody looking at the plan"

    signed = {
        "licences": 4,
        "plan": "terrasoft/premium",
        "new_versions": False,
        "price_list": "2026-A",
        "per_year": True,
    }
    await desk.store.write(changed(Contract, {"plan": "terrasoft/standard"}, **signed))
    said = str(await desk.says("tess", "plan"))
    assert "Price now: $20,000" not in said, "no currency is published"
    assert "Price now: 20,000, 50 % of the licences' price, per contract year (T13, T17, T9)" in said
    assert "Products: Terrasoft CRM (T14)" in said
    assert "Price list: 2026-A (T13, T17)" in said
    assert "New versions: not included by your agreement (T5)" in said
    assert "Premium needs 5 licences or more; there are 4. (T9) Nothing changes before the contract is" in said
    assert "By your contract: not included" in str(await desk.says("tess", "Do we get new product versions?"))


async def test_more_seats_have_a_price_and_more_licences_an_estimate(desk: World) -> None:
    """W11, W16, T8, T9, T13, T16."""
    assert "Success with CRM (yours): $1,614 a month (W16)" in str(await desk.says("ann", "price +3"))
    assert "$1,614" in str(await desk.says("ann", "What if we add 3 seats?"))
    assert "Give what the licences cost in total." in str(await desk.says("tess", "price standard +2"))
    unknown = str(await desk.says("tess", "licences +2"))
    assert unknown.startswith("Your contract names no last day here, so I can't estimate"), "T16: nothing is invented"
    assert "Estimated" not in unknown
    ends = {"ends": date(2026, 12, 31)}
    await desk.store.write(changed(Contract, {"plan": "terrasoft/standard"}, **ends))
    assert "You named no days, so I took a year of 365 days" in str(await desk.says("tess", "licences +2"))
    for line in ("licences +0", "licences +2 100"):
        assert "[Ask for them]" not in str(await desk.says("tess", line)), line
    said = str(await desk.says("tess", "licences +2 720"))
    assert "Estimated: 2 licences more, for 720 days, make the contract 124 days longer (T16)." in said
    assert "It would end on Tue 4 May 2027." in said
    assert "The desk confirms it." in said, "nobody looks after the account"
    asked = str(await desk.presses("tess", "Ask for them"))
    assert "This is case #1001." in asked
    assert "What exactly happens" not in asked
    assert "#1001: 2 licences more, for 720 days" in desk.card()
    assert "> " not in "\n".join(desk.heard("desk"))
    alone = str(await desk.says("tess", "licences +2 without support"))
    assert "Licences come with support only: choose a plan. (T8)" in alone
    assert "Tess Moreau (customer) of Fabrikam asks for 2 licences without support (T8)." in desk.last("desk")


async def test_an_upgrade_is_quoted_accepted_and_applied_from_a_day(desk: World) -> None:
    """W13, W17, W18, W20, W27, R7: what is open is answered sooner where the new plan says so, and never later."""
    await opened(desk)
    proposed = str(await desk.says("cora", "upgrade northwind winning 25"))
    assert proposed.startswith("Done. Case #1002 has the quote")
    quote = next(each for each in desk.heard("ann") if "proposes a change of your contract" in each)
    assert "Plan: Winning with CRM, now Success with CRM\nLicences: 25, now 12\n" in quote
    assert "Price: $2,604 a month (W20), now $1,434 a month (W16)" in quote
    status = str(await desk.says("ann", "status 1002"))
    assert "Contract now: Success with CRM for 12 licences, $1,434 a month\n" in status
    assert "Proposed: Winning with CRM for 25 licences, $2,604 a month\nAnswer: waiting for" in status
    assert status.endswith("[Accept] [Decline]")
    assert "[Accept]" not in str(await desk.says("bob", "status 1002")), "who may not speak for the company"
    assert "Only who speaks for your company agrees to that (W27): Ann Lee." in str(
        await desk.says("bob", "accept 1002 upgrade-1")
    )
    assert "Nobody who speaks for the customer has accepted" in str(
        await desk.says("lena", "upgrade 1002 from 2026-01-20")
    )
    await desk.says("cora", "upgrade 1002 winning 20")
    assert "has changed since you were asked" in str(await desk.says("ann", "accept 1002 upgrade-1")), "the old quote"
    agreed = str(await desk.presses("ann", "Accept"))
    assert agreed.startswith("Agreed, for case #1002: Winning with CRM for 20 licences, $2,304 a month. The desk says")
    said = str(await desk.says("lena", "upgrade 1002 from 2026-01-20"))
    assert said.startswith("Winning with CRM names a coach (W17), and Northwind has none: assign one first.")
    assert 'under [[assignment]] with coach = "E-MAIL"' in said
    await desk.store.write(_coach)
    assert "That is not yours to do." in str(await desk.says("cora", "upgrade 1002 from 2026-01-20"))
    assert "can't change on that day" in str(await desk.says("lena", "upgrade 1002 from 2026-01-18"))
    said = str(await desk.says("lena", "upgrade 1002 from 2026-01-20"))
    assert said.startswith("Done. From Tue 20 Jan 2026 the plan is Winning with CRM, as agreed on case #1002.")
    assert "Is it solved for you? It closes only when you say so (W59)." in desk.last("ann")
    again_said = str(await desk.says("lena", "upgrade 1002 from 2026-01-21"))
    assert again_said == "That is entered already: the contract agreed on case #1002 holds from Tue 20 Jan 2026."
    later = "From Tue 20 Jan 2026: Winning with CRM, 20 licences, $2,304 a month (W20), agreed on case #1002."
    assert later in str(await desk.says("ann", "plan"))
    old, new = await contracts(desk, "northwind")
    assert (old.ends, new.starts, new.plan, new.licences) == (
        date(2026, 1, 19),
        date(2026, 1, 20),
        "websan/winning",
        20,
    )
    await desk.store.write(apply, DIRECTORY, MONDAY)
    again = await contracts(desk, "northwind")
    assert [each.ends for each in again] == [old.ends, None], "an old file does not bring the old contract back"
    due = "Expected response: by Mon 19 Jan 13:00 ET"
    assert due in str(await desk.says("ann", "status 1001")), "not before its day"
    assert "Case #1002 is closed." in str(await desk.presses("ann", "Yes, close it")), "W59"
    desk.passes(hours=6.5)
    await desk.says("ann", "open The export fails with an error")
    await desk.says("ann", "cancel")
    desk.passes(hours=1.5)
    await desk.says("ann", "open The import fails with an error")
    seen = {room: len(desk.heard(room)) for room in ("ann", "desk")}
    await desk.passes_and_warns(hours=15)
    ann, room = ("\n".join(desk.heard(name)[seen[name] :]) for name in ("ann", "desk"))
    assert "With the new contract #1004 is answered sooner.\nExpected response by Tue 20 Jan 09:00 ET" in ann, "R7"
    for number in (1001, 1003):  # whose new time was over before it began
        assert f"By your new contract #{number} was to be answered before now. The desk has been told." in ann
        assert f"#{number} is answered sooner" not in ann + room
    assert "Mon 19 Jan" not in ann, "a time that is over is no promise"
    assert room.count("By its new contract #1003 is past its response time and nobody has answered.") == 1
    assert "priority" not in room.lower().replace("priority: not said", "")
    assert "found the response time past: by the new contract" in str(await desk.says("sam", "show 1003"))
    why = str(await desk.says("ann", "why 1004"))
    assert "That time is of Winning with CRM, by a later contract; when it was received the plan was Success" in why
    assert "Plan: Success with CRM" in str(await desk.says("ann", "status 1004")), "the plan at receipt stays (W36)"


async def test_an_offer_of_the_desks_own_is_no_request_with_a_clock(desk: World) -> None:
    """R1, R2, W59: nobody has asked, so no answer is late; nobody is quoted with words that nobody wrote."""
    await desk.says("lena", "upgrade northwind success 20")
    assert "#1001: Change of the contract: Success with CRM, 20 licences" in desk.card()
    assert not any(post.startswith("Lena") and ">" in post for post in (*desk.heard("ann"), *desk.heard("desk")))
    assert not any("Expected response" in each for each in desk.heard("ann"))
    assert "the desk began it with an offer, so no answer is due" in desk.card()
    assert await desk.passes_and_warns(hours=10) == 0
    why = str(await desk.says("ann", "why 1001"))
    assert "#1001 has no due time: the desk began it with an offer" in why
    assert "Coverage: none to judge: it is about the contract" in why
    await desk.says("ann", "accept 1001")
    await desk.says("lena", "upgrade 1001 from 2026-01-19")
    await desk.escalation.round()
    assert "answered sooner" not in "\n".join(desk.heard("ann"))
    case = await desk.ask_store(lambda work: work.find(Case, id=1001))
    assert (case.target_minutes, case.response_met, case.status) == (None, None, Status.AWAITING)


def _coach(work: Work) -> None:
    cleo = Person(name="Cleo Ward", email="cleo@desk.example", role=Role.COACH)
    work.add(cleo)
    account = work.find(Account, slug="northwind")
    assignment = work.find(Assignment, account_id=account.id)
    assignment.coach_id = cleo.id
    work.add(assignment)


def test_a_later_plan_answers_sooner_or_leaves_it_as_it_was() -> None:
    """R7, W36."""
    row: dict[str, Any] = {"opened_by": 1, "subject": "", "received_at": MONDAY, "updated_at": MONDAY}
    row |= {"account_id": 1, "conversation_id": 1}
    plans = ("websan/base", "websan/success", "websan/winning", "terrasoft/premium")
    promised = Case(target_minutes=240, **row)
    assert [sooner(promised, CATALOGUES.plan(plan)) for plan in plans] == [None, None, 120, None]
    assert sooner(Case(target_minutes=None, **row), CATALOGUES.plan("websan/winning")) is None, "no promise was made"


async def test_a_plan_that_takes_more_licences_is_refused_and_a_wish_opens_a_case(desk: World) -> None:
    """T9 at the upgrade; the customer's own wish."""
    said = str(await desk.says("lena", "upgrade fabrikam premium"))
    assert said == "Premium needs 5 licences or more; there are 4. (T9)"
    assert await desk.ask_store(lambda work: work.live_between(0, 2000)) == []
    assert "Your wish is case #1001." in str(await desk.says("ann", "We want to upgrade to Winning"))
    assert "$1,824 a month (W20)" in "\n".join(desk.heard("ann"))
    assert "> We want to upgrade to Winning" in "\n".join(desk.heard("desk"))
    assert "I know no customer called nowhere." in str(await desk.says("lena", "upgrade nowhere winning"))
    for line in ("/upgrade 1001 words", "We want to upgrade to Dynamics", "/upgrade"):
        assert str(await desk.says("ann", line)).startswith("Which plan would you like?"), "names none, opens none"
    assert [each.id for each in await desk.ask_store(lambda work: work.live_between(0, 2000))] == [1001]


async def test_who_wishes_for_a_plan_types_its_name_and_the_desk_that_applies_it_agrees(desk: World) -> None:
    """W27: both sides' stamps are of both sides; "upgrade failed" stays a report."""
    for who, line, called in (
        ("eve", "upgrade success 7", "Success with CRM, 7 licences"),
        ("tess", "upgrade Premium 60000 6 licences", "Premium, 6 licences"),
        ("bob", "Upgrade to winning with CRM 20", "Winning with CRM, 20 licences"),
    ):
        assert "Your wish is case #" in str(await desk.says(who, line))
        assert called in "\n".join(desk.heard("desk"))
    assert "> " not in "\n".join(desk.heard("desk")), "our words are no quotation of theirs"
    assert "What exactly happens" in str(await desk.says("eve", "open upgrade failed with an error"))
    await desk.store.write(_coach)
    await desk.says("ann", "accept 1003")
    assert "Done." in str(await desk.says("lena", "upgrade 1003 from 2026-01-20"))
    shown = str(await desk.says("sam", "show 1003"))
    assert (
        "$2,304 a month, proposed by Bob Shaw (customer), Mon 19 Jan 09:00 ET; replaced before it was answered" in shown
    )
    assert (
        "$2,304 a month, proposed by Ann Lee (customer), Mon 19 Jan 09:00 ET; agreed by Lena Park (team lead)" in shown
    )


async def test_notice_is_drafted_noted_by_a_lead_and_shown(desk: World) -> None:
    """W41, W44, W48, W49: nothing is sent, nothing is accepted in chat."""
    shown = await desk.hear("ann", _said("we want to cancel our contract"), at_once=True)
    links = [span for part in shown.parts for span in getattr(part, "spans", ()) if isinstance(span, Link)]  # type: ignore[union-attr]
    [mail] = [link for link in links if link.url.startswith("mailto:")]
    assert mail.url.startswith("mailto:support@websan.com?subject=Notice%3A%20our%20support%20contract&body=We%20give")
    said = plain(shown)  # type: ignore[arg-type]
    assert "while the Customer remains on paid membership" in said, "W41: both halves"
    assert "they will cease using any pre-existing work product" in said
    assert "What they mean for you, a person decides.\n[Ask a person]" in said
    assert desk.channels["email"].posts == []  # type: ignore[attr-defined]
    assert "That is not yours to do." in str(await desk.says("sam", "/notice northwind 2026-01-16"))
    said = str(await desk.says("lena", "notice northwind 2026-01-16"))
    ends = (
        "Notice was received on Fri 16 Jan 2026; the contract ends on Sun 15 Feb 2026 at the earliest (W48, W44, W49)."
    )
    assert ends in said
    assert "while the Customer remains on paid membership" not in said, "a lead needs no wall of print"
    assert ends in desk.last("ann")
    assert ends in str(await desk.says("ann", "plan"))
    under_way = str(await desk.says("ann", "termination"))
    assert ends in under_way
    assert "A mail you could send" not in under_way
    owned = str(await desk.says("ann", "Who owns the code you wrote for us?"))
    assert [owned.count(each) for each in ("Elite Service Provider will own any work product", "in print:")] == [1, 3]


async def test_the_provider_ends_a_contract_and_cases_stay(desk: World) -> None:
    """W30, W39, W40, W41, W55: an administrator alone, with a reason that the customer reads; audited."""
    await opened(desk)
    assert "That is not yours to do." in str(await desk.says("lena", "/terminate northwind Not paid"))
    await desk.store.write(promoted)
    said = str(await desk.says("lena", "/terminate northwind Not paid since spring"))
    last = "The provider has ended the contract; its last day is Mon 19 Jan 2026. (W30)"
    for told in (said, desk.last("ann")):
        assert last in told
        assert "> Not paid since spring" in told
        assert "W39" in told
        assert "Cases that are open stay open." in told
    audit = await desk.ask_store(lambda work: work.find(Audit, what="terminate"))
    assert audit.about == "northwind: Not paid since spring"
    assert "Expected response: by Mon 19 Jan 13:00 ET" in str(await desk.says("ann", "status 1001"))
    desk.passes(hours=24)
    assert "This is case #1002." in str(await desk.says("bob", "The export fails with an error"))
    case = await desk.ask_store(lambda work: work.find(Case, id=1002))
    assert (case.plan, case.eligibility) == (None, "ended")
    for line in ("status 1002", "why 1002"):
        assert "no contract, so no response time is promised" in str(await desk.says("bob", line))
    assert str(await desk.says("ann", "termination")).startswith("I found no contract in force today, so there is none")
    wished = str(await desk.says("ann", "/upgrade"))
    assert "Winning with CRM: $1,164 a month" in wished, "W5"
    assert "+1-866-493-2726 and support@websan.com" in wished


async def test_minutes_of_the_contracts_own_are_a_promise_where_none_is_published(desk: World) -> None:
    """T7, R12: and why it is due then names the contract."""
    await desk.store.write(changed(Contract, {"plan": "terrasoft/standard"}, response_minutes=90))
    said = str(await desk.says("tess", BROKEN))
    assert "Expected response: by Mon 19 Jan 16:30 Paris, 1 h 30 min (by the contract)" in said
    for _ in range(3):
        await desk.says("tess", "skip")
    why = str(await desk.says("tess", "why 1001"))
    assert "1 h 30 min from when it was received (by the contract)" in why
    assert "Counted around the clock" in why
    assert "Expected response: 1 h 30 min, around the clock, by your contract" in str(await desk.says("tess", "plan"))
    assert await desk.passes_and_warns(minutes=46) == 1


async def test_how_data_is_handled_is_said_once_at_first_contact_and_on_help(desk: World) -> None:
    """W31, W1."""
    policy = "Privacy policy: https://www.websan.com/privacy-policy (W31)"
    await desk.store.write(changed(Person, {"email": "ann@northwind.example"}, welcomed_at=None))
    assert policy in str(await desk.says("ann", "hello"))
    assert policy not in str(await desk.says("ann", "hello"))
    helped = str(await desk.says("ann", "help"))
    assert policy in helped
    assert "+1-866-493-2726" in helped


async def test_an_import_tells_what_the_terms_would_not_have_and_takes_it(desk: World) -> None:
    """T9, T14, W11: told, not refused."""
    text = """
[[account]]
name = "Tailspin"
slug = "tailspin"
custom_code = true
users = 9
[[contract]]
account = "tailspin"
plan = "terrasoft/premium"
starts = 2026-01-01
ends = 2026-06-30
licences = 4
licence_total = "1000.00"
products = ["Terrasoft CRM"]
owned = ["Terrasoft CRM", "Terrasoft Sales"]
allowed = ["hardware"]
signed = 2025-12-20
"""
    directory = read(text, CATALOGUES.plans)
    assert [str(doubt).partition(": ")[2] for doubt in directory.doubts] == [
        "Premium needs 5 licences or more; there are 4. (T9)",
        "The contract must run for 12 months or more. (T14)",
        "Support covers all of a customer's products or none; here it differs for Terrasoft Sales. (T14)",
    ]
    await desk.store.write(apply, directory, MONDAY)
    [contract] = await contracts(desk, "tailspin")
    assert (contract.allowed, contract.signed) == (["hardware"], date(2025, 12, 20))
    account = await desk.ask_store(lambda work: work.find(Account, slug="tailspin"))
    assert (account.custom_code, account.users) == (True, 9)


async def test_something_broken_on_our_side_still_says_where_a_person_is_reached(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """W1, W53."""

    def breaks(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("bot.unit.Acting.carry_out", breaks)
    said = str(await desk.says("ann", "plan"))
    assert "Something broke on our side" in said
    assert "+1-866-493-2726 and support@websan.com" in said


def _said(words: str) -> Any:
    return Said(words)
