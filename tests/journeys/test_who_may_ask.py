"""Who may ask for a company: ID and clock first, then a word of those who may, and a person in any case."""

import asyncio
from datetime import date
from typing import Any

from sqlmodel import col, select

from bot.desk.importing import import_directory
from bot.incoming import Said
from rules.directory import read
from store.tables import Account, Audit, Case, Contract, Person
from store.work import Work
from tests.world import BROKEN, CATALOGUES, ROOT, World, opened

CHARTS = "The charts are empty"


async def change(world: World, kind: type, by: dict[str, Any], **values: Any) -> None:
    def unit(work: Work) -> None:
        row = work.find(kind, **by)
        for name, value in values.items():
            setattr(row, name, value)
        work.add(row)

    await world.store.write(unit)


async def northwind(world: World, kind: type, **values: Any) -> None:
    account = await world.ask_store(lambda work: work.find(Account, slug="northwind").id)
    await change(world, kind, {"id" if kind is Account else "account_id": account}, **values)


async def stands(world: World, case: int = 1001) -> Case:
    row: Case = await world.ask_store(lambda work: work.glance(case, None))
    return row


async def audited(world: World, what: str) -> list[tuple[str, str]]:
    def rows(work: Work) -> list[tuple[str, str]]:
        found = select(Audit).where(col(Audit.what) == what).order_by(col(Audit.id))
        return [(work.person(row.person_id or 0).name, row.about) for row in work._session.exec(found)]

    kept: list[tuple[str, str]] = await world.ask_store(rows)
    return kept


async def test_whoever_nobody_nominated_has_a_number_and_a_clock_and_is_handed_over_in_one_tap(desk: World) -> None:
    """W27, W55, W56: the desk hears of it when Ann has given her word; the clock runs from Bob's."""
    receipt = str(await desk.says("bob", CHARTS))
    assert receipt.startswith("Thank you, Bob Shaw. This is case #1001.\nPlan: Success with CRM\n")
    assert "by Mon 19 Jan 13:00 ET" in receipt
    assert "Requests of your company come from Ann Lee (W27)" in receipt
    assert "Without an answer by Mon 19 Jan 10:00 ET (07:00 Vancouver) it reaches the desk all the same." in receipt
    for _ in range(2):
        await desk.says("bob", "skip")
    assert str(await desk.says("bob", "skip")).endswith("it waits for the word of Ann Lee.")
    await desk.says("bob", "reply 1001 Only on Mondays")
    assert desk.posts("desk") == desk.posts("cora") == desk.posts("sam") == []
    assert str(await desk.says("sam", "queue")) == "The queue is empty."
    [asked] = desk.heard("ann")
    assert asked.startswith("Bob Shaw (customer) asks for support: #1001 The charts are empty\n")
    assert "\n[Hand it over] [Not needed]" in asked
    assert "(W27)" in asked

    desk.passes(minutes=30)
    assert await desk.presses("ann", "Hand it over") == "Done. The desk has case #1001 now."
    assert "Hand-over: handed over by a nominated user (W27)" in desk.card()
    assert [text.removesuffix("\n[Take]") for text in desk.heard("desk")[1:]] == [
        "Bob Shaw opened #1001, and Ann Lee (customer) handed it over.",
        "Bob Shaw (customer) wrote on #1001.\nBob Shaw (customer):\n> Only on Mondays",
    ]
    assert "Ann Lee (customer) handed #1001 over to the desk." in desk.last("bob")
    assert "Expected response: by Mon 19 Jan 13:00 ET" in desk.card()
    assert str(await desk.presses("ann", "Hand it over")).startswith("Case #1001 has changed since you were asked.")
    assert "Ann Lee handed it over" in str(await desk.says("sam", "show 1001"))


async def test_only_a_nominated_user_of_that_company_gives_the_word(desk: World) -> None:
    """W27, C1, C4."""
    await desk.says("bob", CHARTS)
    mine = "Case #1001 waits for the word of Ann Lee; nobody else can give it."
    for line in ("/hand-over 1001", "/not-needed 1001"):
        assert str(await desk.says("bob", line)).startswith(mine)
        assert str(await desk.says("eve", line)).startswith("There is no case #1001.")
        assert str(await desk.says("sam", line)).startswith("That is not yours to do.")
    assert (await stands(desk)).handover == "asked"


async def test_without_an_answer_it_reaches_the_desk_after_so_many_business_minutes(desk: World) -> None:
    """W27: an hour of business, across the night; and the promise counts from Bob's first word."""
    desk.passes(hours=8, minutes=30)
    await desk.says("bob", CHARTS)
    assert await desk.passes_and_warns(minutes=30) == 0
    assert await desk.passes_and_warns(hours=14, minutes=29) == 0, "29 minutes of the next morning"
    assert desk.posts("desk") == []
    await desk.passes_and_warns(minutes=1)
    assert desk.last("desk").startswith("Bob Shaw opened #1001; nobody who asks for the company has said so.")
    assert "Hand-over: not from a nominated user (W27); none answered in time" in desk.card()
    assert "#1001 is with the desk now" in desk.last("bob")
    assert "Expected response: by Tue 20 Jan 11:30 ET" in desk.card()
    assert "#1001" in str(await desk.says("sam", "queue L1"))
    seen = len(desk.posts("desk"))
    await desk.passes_and_warns(minutes=5)
    assert len(desk.posts("desk")) == seen, "told once"


async def test_a_critical_outage_waits_for_nobody_and_is_flagged(desk: World) -> None:
    """W27, R10: said at once, or with the answer to the question how bad it is."""
    await desk.says("bob", "Nobody can work, the CRM is down")
    assert desk.posts("ann") == []
    assert "Hand-over: not from a nominated user (W27)\n" in desk.card()
    assert "was reported as critical" in desk.last("cora")

    await desk.says("bob", "cancel")
    await desk.says("bob", "open: exports fail")
    await desk.says("bob", "skip")
    assert [post for post in desk.heard("desk") if "#1002" in post] == []
    said = str(await desk.presses("bob", "Critical"))
    assert "The desk is told at once that case #1002 is critical." in said
    assert "Hand-over: not from a nominated user (W27)\n" in desk.card(1002)
    assert "#1002 was reported as critical." in desk.last("cora")


async def test_a_word_that_comes_late_still_counts_and_who_was_asked_hears_that_it_went_without(desk: World) -> None:
    """W27: the flag comes off the card; nobody is told twice, and a No comes too late."""
    for words in ("exports fail", "imports fail"):
        await desk.says("bob", f"/open {words}")
        await desk.says("bob", "cancel")
    await desk.says("bob", "/open charts fail")
    await desk.says("bob", "skip")
    await desk.presses("bob", "Critical")
    told = "#1003 reached the desk without waiting for your word. You can still stand behind it (W27)."
    assert [said for said in desk.heard("ann") if said.startswith("#1003 reached the desk")] == [
        f"{told}\n[Hand it over] [Why]"
    ]
    await desk.passes_and_warns(minutes=60)
    late = [said for said in desk.heard("ann") if "since nobody answered in time" in said]
    assert sorted(said.split()[0] for said in late) == ["#1001", "#1002"]
    seen = len(desk.posts("desk"))
    assert str(await desk.says("bob", "/hand-over 1001")).startswith("Case #1001 has changed")
    assert str(await desk.says("ann", "/not-needed 1001")).startswith("Case #1001 has changed")
    for number in (1001, 1003):
        assert str(await desk.says("ann", f"/hand-over {number}")) == f"Done. The desk has case #{number} now."
        assert "Hand-over: handed over by a nominated user (W27)\n" in desk.card(number)
        assert "Eligibility: looks eligible" in desk.card(number)
    assert len(desk.posts("desk")) == seen, "the card alone tells"
    assert str(await desk.says("ann", "/hand-over 1001")).startswith("Case #1001 has changed")
    await desk.says("bob", "withdraw 1002")
    assert str(await desk.says("ann", "/hand-over 1002")).startswith("Case #1002 is withdrawn")


async def test_what_waits_goes_by_who_may_ask_from_now_on(desk: World) -> None:
    """W27, T10: its opener's own, nobody's, or whoever's it newly is, each asked once; and so with an import."""
    await desk.says("bob", "/open exports fail")
    assert desk.posts("desk") == []
    await desk.says("sam", "nominate bob")
    assert "Bob Shaw opened #1001, and may ask for the company by now." in desk.last("desk")
    assert "#1001 is with the desk now: you may ask for your company yourself." in desk.last("bob")
    assert "Hand-over: handed over by a nominated user (W27)\n" in desk.card()
    await desk.says("sam", "nominate bob off")
    await desk.says("bob", "/open imports fail")
    await desk.says("sam", "nominate ann off")
    assert "Hand-over: not from a nominated user (W27)\n" in desk.card(1002)

    await desk.says("theo", "/open The CRM is broken")
    await desk.says("theo", "cancel")
    await change(desk, Person, {"email": "bob@northwind.example"}, nominated=False)
    tina = Person(name="Tina", email="tina@fabrikam.example", role="customer")  # type: ignore[arg-type]

    def joins(work: Work) -> None:
        tina.account_id = work.find(Account, slug="fabrikam").id
        tina.conversation_id = work.conversation("fake", "", "tina").id
        work.add(tina)

    await desk.store.write(joins)
    for _ in range(2):
        await desk.says("tess", "deputy tina 2026-01-30")
    assert len([said for said in desk.heard("tina") if "asks for support: #1003" in said]) == 1
    assert (await stands(desk, 1003)).handover == "asked"
    assert str(await desk.says("tess", "deputy tess 2026-01-30")).startswith("Tess Moreau is the contact person.")
    demo = (ROOT / "app" / "demo.toml").read_text()
    theirs = read(demo.replace("contact_person = true", "contact_person = false"), CATALOGUES.plans)
    await change(desk, Person, {"email": "tina@fabrikam.example"}, deputy_until=None)
    await desk.store.write(import_directory, theirs, CATALOGUES, desk.time)
    await desk.delivery.deliver_all()
    assert "Hand-over: not from the contact person (T10)\n" in desk.card(1003)


async def test_what_is_not_needed_is_withdrawn_and_its_asker_can_still_reach_a_person(desk: World) -> None:
    """W27: never a dead end. The desk was never bothered."""
    await opened(desk, "bob", CHARTS)
    assert str(await desk.says("ann", "not-needed 1001 We no longer use them")).startswith("Done. Case #1001 is withdr")
    told = desk.last("bob")
    assert "> We no longer use them" in told
    assert "To reach a person all the same: reopen 1001, (866) 4-WEBSAN" in told
    assert "+1-866-493-2726 or support@websan.com." in told
    assert desk.posts("desk") == []
    await desk.says("bob", "reopen 1001 I do")
    assert "Hand-over: not from a nominated user (W27)" in desk.card()


async def test_asking_for_a_person_or_escalating_reaches_the_desk_at_once(desk: World) -> None:
    """W53, W27: the desk's own doing settles it too."""
    assert "This is case #1001." in str(await desk.says("bob", "person"))
    assert "Hand-over: not from a nominated user (W27)" in desk.card()
    await desk.says("bob", "open: exports fail")
    await desk.says("bob", "escalate 1002 We cannot bill")
    assert "Hand-over: not from a nominated user (W27)" in desk.card(1002)
    await desk.says("bob", "/open the import fails")
    await desk.says("sam", "reply 1003 I look into it")
    assert "Hand-over: not from a nominated user (W27)" in desk.card(1003)


async def test_where_no_word_is_to_be_had_or_needed_it_goes_to_the_desk_flagged(desk: World) -> None:
    """W27: the desk opens it itself, nobody is nominated, or the account has it so."""
    await desk.says("sam", f"open-for bob {CHARTS}")
    await desk.says("lena", "nominate ann@northwind.example off")
    await desk.says("bob", "/open exports fail")
    await desk.says("bob", "cancel")
    await desk.says("lena", "nominate ann@northwind.example")
    await northwind(desk, Account, accept_all=True)
    await desk.says("bob", "/open imports fail")
    for number in (1001, 1002, 1003):
        assert "Hand-over: not from a nominated user (W27)\n" in desk.card(number)
    assert "[Hand it over]" not in "".join(desk.heard("ann"))


async def test_who_is_nominated_is_told_and_audited_and_must_hold_a_licence(desk: World) -> None:
    """W27, W11."""
    assert "Nominated: yes" in str(await desk.says("sam", "nominate bob"))
    said = "Sam Ortiz (support desk) nominated you: you may ask, confirm and withdraw for Northwind (W27)."
    assert desk.last("bob").startswith(said)
    await desk.says("bob", CHARTS)
    assert "Bob Shaw (customer) opened #1001." in desk.last("desk"), "nobody else's word is needed any more"
    assert "Nominated: no" in str(await desk.says("sam", "nominate bob off"))
    assert "no longer has you among the nominated users of Northwind (W27)." in desk.last("bob")
    await change(desk, Person, {"email": "eve@contoso.example"}, nominated=False, licensed=False)
    refused = "Eve Stone holds no licensed seat, and nominated users are among those who do (W27)."
    assert str(await desk.says("sam", "nominate eve")).startswith(refused)
    assert str(await desk.says("ann", "/nominate bob")).startswith("That is not yours to do.")
    bob = "bob@northwind.example"
    assert await audited(desk, "nominate") == [("Sam Ortiz", bob), ("Sam Ortiz", f"{bob} off")]


EVER = {"starts": date(2026, 1, 1), "ends": None, "noticed_on": None, "paid_until": None, "trial": False}
FOUND: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"trial": True}, "", "looks eligible, not confirmed yet"),
    (
        {"paid_until": date(2026, 1, 18)},
        "",
        "not paid ahead for the day it was received (W43): nobody is locked out",
    ),
    ({"starts": date(2026, 2, 1)}, "I found no contract that covers", "no contract covers the day it was received"),
    ({"ends": date(2026, 1, 18)}, "The contract that I found is over.", "the contract was over on the day"),
    ({"noticed_on": date(2025, 12, 19)}, "The contract that I found is over.", "the contract was over on the day"),
    ({}, "I have no licensed seat in your name (W11).", "the sender holds no licensed seat (W11)"),
)


async def test_whatever_the_directory_finds_there_is_a_number_and_a_person_rules(desk: World) -> None:
    """W2, W5, W11, W33, W43, W55, W56: never blocked, an outage least of all, nor for a product that is not listed."""
    for number, (contract, told, shown) in enumerate(FOUND, 1001):
        await northwind(desk, Contract, **{**EVER, **contract})
        if not contract:
            await change(desk, Person, {"email": "ann@northwind.example"}, nominated=False, licensed=False)
        said = str(await desk.says("ann", "/open nobody can work, Business Central is down"))
        assert said.startswith(f"Thank you, Ann Lee. This is case #{number}.")
        assert told in said
        assert f"Eligibility: {shown}" in desk.card(number)
        assert f"#{number} was reported as critical" in "".join(desk.heard("cora"))
        if number in (1003, 1004, 1005):  # never a dead end
            assert "Base Support: $225 a month for the first user" in said
            assert "(866) 4-WEBSAN" in said
            assert "support@websan.com" in said


async def test_a_person_rules_whether_it_may_have_support_and_the_customer_reads_why(case: World) -> None:
    """W56: who and when is stamped on the case, and stands in its history."""
    assert (await stands(case)).eligibility_by is None, "so far only the directory says so"
    assert str(await case.says("sam", "ineligible 1001")) == "Why is it not eligible? The customer reads it."
    await case.says("sam", "Your contract covers another company")
    told = case.last("ann")
    assert told.startswith("Sam Ortiz (support desk) checked #1001: it is not eligible for support.\n")
    assert "> Your contract covers another company" in told
    assert "Each case is checked for that (W56)." in told
    assert "(866) 4-WEBSAN" in told
    assert "Eligibility: not eligible: Your contract covers another company" in case.card()
    assert "Expected response: by Mon 19 Jan 13:00 ET" in case.card(), "the clock does not wait for it"
    await case.says("lena", "eligible 1001 It was the right one after all")
    assert "Lena Park (team lead) checked #1001: it is eligible for support." in case.last("ann")
    assert "Eligibility: eligible, confirmed by a person" in case.card()
    row = await stands(case)
    lena = await case.ask_store(lambda work: work.find(Person, email="lena@desk.example").id)
    assert (row.eligibility, row.eligibility_by, row.eligibility_at) == ("eligible", lena, case.time.business)
    shown = str(await case.says("sam", "show 1001"))
    assert "Sam Ortiz found it not eligible: Your contract covers another company" in shown
    assert "Lena Park found it eligible" in shown
    assert str(await case.says("ann", "/eligible 1001")).startswith("That is not yours to do.")


async def test_a_colleagues_request_goes_to_the_one_contact_person_first(desk: World) -> None:
    """T10."""
    said = str(await desk.says("theo", "The import of contacts fails"))
    assert said.startswith("Thank you, Theo Blanc. This is case #1001.")
    assert "Requests of your company come from Tess Moreau (T10)" in said
    assert desk.posts("desk") == []
    assert "Your company's requests come from its contact person (T10)." in desk.last("tess")
    await desk.presses("tess", "Hand it over")
    assert "Hand-over: handed over by the contact person (T10)" in desk.card()
    await desk.says("theo", "cancel")
    await desk.says("theo", "open: exports fail")
    await desk.passes_and_warns(minutes=60)
    assert "Hand-over: not from the contact person (T10); none answered in time" in desk.card(1002)


async def test_who_is_the_contact_person_changes_hands_with_both_told_and_audited(desk: World) -> None:
    """T10: by the desk or the present one, and never are there two."""
    assert str(await desk.says("theo", "contact-person theo")).startswith("That is not yours to do.")
    assert str(await desk.says("tess", "contact-person ann")).startswith("I know nobody"), "C1: only of their own"
    refused = "The terms of Bob Shaw's company know no contact person."
    assert await desk.says("sam", "contact-person bob") == refused
    changed = "The contact person of Fabrikam is Theo Blanc from now on (T10)."
    assert str(await desk.says("tess", "contact-person theo")).startswith(changed)
    assert desk.last("theo").startswith("Tess Moreau (customer) made you the contact person of Fabrikam (T10)")
    await asyncio.gather(desk.hear("sam", Said("contact-person tess")), desk.hear("lena", Said("contact-person tess")))
    await desk.delivery.deliver_all()
    assert desk.last("theo").startswith("The contact person of Fabrikam is Tess Moreau from now on (T10).")
    assert "made you the contact person" in desk.last("tess")
    people = await desk.ask_store(lambda work: [p.name for p in work.customers() if p.contact_person])
    assert people == ["Tess Moreau"]
    handed = "tess@fabrikam.example -> theo@fabrikam.example"
    assert (await audited(desk, "contact-person"))[0] == ("Tess Moreau", handed)


async def test_a_deputy_stands_in_for_the_contact_person_up_to_a_day(desk: World) -> None:
    """T10."""
    assert str(await desk.says("sam", "deputy theo 2026-01-18")).startswith("I didn't follow that."), "it is past"
    said = "Theo Blanc stands in for the contact person of Fabrikam up to Mon 19 Jan 2026, included (T10)."
    assert str(await desk.says("tess", "deputy theo 2026-01-19")).startswith(said)
    await desk.says("theo", "The import fails")
    assert "Theo Blanc (customer) opened #1001." in desk.last("desk")
    await desk.says("theo", "cancel")
    desk.passes(days=1)
    await desk.says("theo", "open: exports fail")
    assert "#1002" in desk.last("tess")
    assert await audited(desk, "deputy") == [("Tess Moreau", "theo@fabrikam.example 2026-01-19")]


async def test_the_first_human_answer_confirms_only_what_the_directory_found_likely(desk: World) -> None:
    """W56: who holds no licence is eligible only if somebody says so."""
    from bot.desk import confirm_eligibility, find
    from bot.desk.doors import CaseRef
    from bot.turn import Turn, as_actor
    from rules.lifecycle import Verb
    from tests.world import CATALOGUES

    await desk.says("ann", BROKEN)
    await desk.says("ann", "cancel")
    await change(desk, Person, {"email": "eve@contoso.example"}, nominated=False, licensed=False)
    await desk.says("eve", "Exports fail")

    def confirm(work: Work) -> list[bool]:
        sam = as_actor(work.find(Person, email="sam@desk.example"), "UTC")
        turn = Turn(work, CATALOGUES, sam, desk.time, desk.time.business)
        return [confirm_eligibility(turn, find(turn, Verb.SEE, CaseRef(n))) for n in (1001, 1001, 1002)]

    assert await desk.store.write(confirm) == [True, False, False]
    assert (await stands(desk)).eligibility == "eligible"
    assert (await stands(desk, 1002)).eligibility == "not_licensed"
