"""Whether something is covered: before there is a case, when it opens, and what both sides make of it afterwards."""

import re

import pytest

from bot.desk.directory import apply
from bot.forms import ShowForm
from rules.coverage import coverage_of_text
from rules.directory import read
from store.tables import Case, Contract
from store.work import Work
from tests.world import CATALOGUES, MONDAY, World

CHARGE = re.compile(r"charg|\bpaid\b|\bpay\b|cost|price|\bfee|material|T&M|quote|estimate|\$", re.I)
ADATUM = """
[[account]]
name = "Adatum"
slug = "adatum"

[[contract]]
account = "adatum"
plan = "websan/winning"
starts = 2026-01-01
licences = 10

[[contact]]
account = "adatum"
name = "Wim Berg"
email = "wim@adatum.example"
licensed = true
nominated = true

[[staff]]
name = "Cleo Haas"
email = "cleo@desk.example"
role = "coach"

[[staff]]
name = "Cora Diaz"
email = "cora@desk.example"
role = "concierge"
timezone = "America/New_York"

[[assignment]]
account = "adatum"
concierge = "cora@desk.example"
coach = "cleo@desk.example"
"""


def adatum(work: Work) -> None:
    """Wim's company is on Winning, with Cleo for its coach."""
    apply(work, read(ADATUM, CATALOGUES.plans), MONDAY)
    for person in (work.person_at("wim@adatum.example"), work.person_at("cleo@desk.example")):
        assert person is not None
        name = (person.email or "").partition("@")[0]
        person.conversation_id = work.conversation("fake", "", name).id
        work.add(person)
        work.link("fake", "", name, person, "test", MONDAY)


@pytest.fixture
async def winning(desk: World) -> World:
    await desk.store.write(adatum)
    return desk


async def kept(desk: World) -> Case:
    found: Case = await desk.ask_store(lambda work: work.glance(1001, None))
    return found


async def test_what_is_asked_before_there_is_a_case_is_told_as_on_a_case_and_keeps_nothing(desk: World) -> None:
    """W32, W37, W7: the same verdict, clause and sentence as ``supporthub explain coverage``; a press opens it."""
    words = "Would you fix our Power BI report?"
    said = str(await desk.says("ann", words))
    assert coverage_of_text(CATALOGUES.plan("websan/success"), words).sentence in said
    assert said.endswith("[Open a case] [Not a report: ask a person] [Why]")
    assert "A person answers it." in str(await desk.says("ann", "is this covered: the quote form is broken"))
    assert "I cannot tell" in str(await desk.says("ann", "covered the blue thing"))
    assert await desk.ask_store(lambda work: work.live_between(0, 2000)) == []
    assert desk.heard("desk") == []
    await desk.says("ann", words)
    opened = str(await desk.presses("ann", "Open a case"))
    assert "This is case #1001." in opened
    assert coverage_of_text(CATALOGUES.plan("websan/success"), words).sentence in opened
    assert f"#1001: {words}" in desk.card()


async def test_whoever_doubts_the_verdict_gets_a_person_and_keeps_the_number(desk: World) -> None:
    """W32, W37, W55: it is unknown again, the history says so, the desk is told; what a person ruled stands."""
    await desk.says("ann", "Our Power BI report shows the wrong totals")
    assert "Coverage: not covered; on time and materials; a person confirms it" in desk.card()
    doubted = str(await desk.presses("ann", "Not a report: ask a person"))
    assert doubted.startswith("A person judges whether case #1001 is covered (W37).")
    assert "Coverage:" not in desk.card()
    assert (await kept(desk)).coverage == "unknown"
    assert str(await desk.says("ann", "/not-that 1001")).startswith("Nothing waits for your answer on case #1001.")
    assert desk.last("desk").startswith("Ann Lee (customer) asks a person to judge whether #1001 is covered.")
    assert "asked a person to judge the coverage, which looked: excluded tm" in str(await desk.says("sam", "show 1001"))
    await desk.says("sam", "cover 1001 excluded_tm It is a Power BI report after all")
    assert str(await desk.presses("ann", "Not a report: ask a person")).startswith("Case #1001 has changed since")
    assert "Coverage: not covered; on time and materials\n" in desk.card()


async def test_an_estimate_or_a_plan_is_asked_for_with_a_press_and_waits_for_the_desk(desk: World) -> None:
    """W24, W25, W22: a request on the case; whoever looks after the account hears of it, once."""
    await desk.says("ann", "open Phase 2 of our project")
    asked = str(await desk.presses("ann", "Plan it separately: send an enquiry"))
    assert "The desk has your enquiry on case #1001: a consultant plans it with you (W22)." in asked
    assert "Ann Lee (customer) asks for #1001 to be planned with a consultant." in desk.last("desk")
    assert "Ann Lee (customer) asks for #1001 to be planned with a consultant." in desk.last("cora")
    assert "Quote: asked for by the customer" in desk.card()
    assert str(await desk.presses("ann", "Plan it separately: send an enquiry")).startswith("Case #1001 has changed")
    await desk.says("ann", "cancel")
    await desk.says("eve", "Our SSRS invoice shows wrong totals")
    asked = str(await desk.presses("eve", "Time and materials: ask for an estimate"))
    assert "Nothing starts before you accept it (W24)." in asked
    await desk.says("sam", "quote 1002 120 A new layout")
    assert "Quote: 2 hours of work, waiting for the customer's answer" in desk.card(1002)


async def test_a_doubt_before_there_is_a_case_opens_one_of_which_nothing_is_guessed(desk: World) -> None:
    """W35, W37."""
    assert "(W35)" in str(await desk.says("ann", "is a plug-in covered by our plan?"))
    opened = str(await desk.presses("ann", "Not that: ask a person"))
    assert "This is case #1001." in opened
    assert "(W35)" not in opened
    assert (await kept(desk)).coverage == "unknown"


async def test_a_tweak_on_winning_is_covered_up_to_its_hour_and_goes_to_the_coach(winning: World) -> None:
    """W17, W19, W23, W24: what exists and what is new, sixty minutes and more, as the customer says it."""
    said = str(await winning.says("wim", "Please rename the Region field on the account form"))
    assert "Is it about something that you have already, or something new?" in said
    assert winning.last("cleo").startswith("#1001 is for you as the coach (W17).\nCompany: Adatum")
    assert "Coach: Cleo Haas (coach) (W17)" in winning.card()
    assert "[Up to 1 hour] [More than that] [I don't know]" in str(
        await winning.presses("wim", "Something that we have")
    )
    said = str(await winning.says("wim", "60 min"))
    assert said.startswith("This looks covered. Winning includes any number of tweaks")
    assert "(W19)" in said
    assert "A person will confirm it." in said
    assert "Estimated by the customer: 1 hour of work" in winning.card()
    assert "About how long would it take" in str(await winning.says("wim", "back"))
    said = str(await winning.presses("wim", "More than that"))
    assert said.startswith("This looks like a mini project; nothing starts before you accept an estimate.")
    assert "(W24)" in said
    assert (await kept(winning)).estimate_minutes == 61
    assert "Estimated by the customer: more than 1 hour of work" in winning.card()
    assert "How bad is it?" in said
    assert "Thank you. That is all on case #1001" in str(await winning.says("wim", "skip"))
    assert len([post for post in winning.heard("cleo") if "as the coach" in post]) == 1, "once a case"


async def test_a_form_asks_of_a_change_only_what_its_verdict_turns_on(winning: World) -> None:
    """W23, W38: the blank form asks neither; the rest of it asks what belongs to the request that it became."""
    blank = await winning.says("wim", "open", forms=True, at_once=True)
    assert isinstance(blank, ShowForm)
    assert [field.name for field in blank.fields] == ["problem", "details", "priority", "changed"]
    rest = await winning.fills("wim", "open_case", problem="Please rename the Region field on the account form")
    assert isinstance(rest, ShowForm)
    assert [field.name for field in rest.fields] == ["scope", "effort", "priority"]
    assert [value for value, _ in rest.fields[1].choices] == ["60", "more", "unknown"]
    await winning.fills("wim", "open_case", rest.draft, scope="existing", effort="more", priority="low")
    assert "This looks like a mini project" in "".join(winning.heard("wim"))
    assert ((await kept(winning)).kind, (await kept(winning)).estimate_minutes) == ("tweak", 61)


async def test_the_work_on_a_tweak_lies_within_business_hours(winning: World) -> None:
    """W19, W29: a Saturday is refused with the nearest time within; other work may lie where both sides like."""
    await winning.says("wim", "Please rename the Region field on the account form")
    await winning.says("wim", "cancel")
    said = str(await winning.says("wim", "schedule 1001 24 January 2026 10:00"))
    assert said.startswith("Such changes are made within business hours (W19).")
    assert "It counts once the desk accepts it." in str(
        await winning.presses("wim", "Propose Fri 23 Jan 17:00 ET instead")
    )
    await winning.says("sam", "cover 1001 time_and_materials It is more than it seems")
    assert "You propose" in str(await winning.says("wim", "schedule 1001 24 January 2026 10:00"))


async def test_on_other_plans_a_tweak_is_time_and_materials_or_an_upgrade(desk: World) -> None:
    """W23, W24: what the verdict turns on is asked, and no more; skipping or cancelling keeps the case."""
    said = str(await desk.says("ann", "Please rename the Region field on the account form"))
    assert "This does not look part of your plan; time and materials or another plan would be the way." in said
    assert str(await desk.says("ann", "an existing thing")).startswith("How bad is it?"), "whatever time it takes"
    await desk.says("ann", "cancel")
    assert "Compare plans" in str(await desk.says("ann", "covered rename the Region field, 20 min"))
    await desk.says("eve", "Please build us a new integration with SAP")
    assert "About how long" in str(await desk.says("eve", "Something new, please!"))
    assert str(await desk.says("eve", "2 hours")).startswith("This looks like a mini project")


async def test_a_repair_is_asked_what_changed_and_nobody_speaks_of_money_from_its_first_word_to_its_last(
    desk: World,
) -> None:
    """W7, W24, W38, W59: five hours of work, told and closed."""
    await desk.says("ann", "The quote form crashes with an error on save")
    await desk.says("ann", "On the second tab")
    assert "Did anything change just before" in str(await desk.says("ann", "high"))
    await desk.says("ann", "skip")
    await desk.says("ann", "why 1001")
    await desk.presses("ann", "Why")
    await desk.says("ann", "covered the form crashes with an error, it takes 300 minutes")
    desk.passes(hours=1)
    await desk.says("sam", "reply 1001 We are on it")
    desk.passes(hours=5)
    await desk.says("sam", "close 1001 The form is repaired")
    await desk.presses("ann", "Yes, close it")
    told = [re.sub("quote form", "", words) for words in desk.heard("ann")]
    assert [words for words in told if CHARGE.search(words)] == []


async def test_what_terrasofts_page_leaves_out_a_contract_can_add(desk: World) -> None:
    """T3, T11, T12: reports and plug-ins are advised on; an update is split; advice on a LAN can be added."""
    assert "This looks covered." in str(await desk.says("tess", "covered our report is empty"))
    said = str(await desk.says("tess", "covered please carry out the version update"))
    assert "Only a part of this looks covered." in said
    assert "The licences for it: covered. Advice on it: covered. Carrying it out: not covered." in said
    assert "This looks excluded." in str(await desk.says("tess", "covered please advise on our LAN setup"))

    def add(work: Work) -> None:
        contract = work.find(Contract, plan="terrasoft/standard")
        contract.allowed = ["hardware"]
        work.add(contract)

    await desk.store.write(add)
    assert "This looks covered." in str(await desk.says("tess", "covered please advise on our LAN setup"))
    await desk.says("tess", "please advise on our LAN setup, the router is broken")
    assert (await kept(desk)).coverage == "covered"


async def test_nobody_comes_over_but_a_time_to_share_the_screen_is_a_press_away(desk: World) -> None:
    """W21."""
    said = str(await desk.says("ann", "Can you come over to our office?"))
    assert "nobody comes on site. (W21)\n[Open a case] [Why]" in said
    await desk.says("ann", "The form is broken")
    await desk.says("ann", "cancel")
    await desk.says("ann", "Can you come over to our office?")
    assert await desk.presses("ann", "A time to share my screen, for case #1001") == "When?"
    assert "You propose an appointment for case #1001" in str(await desk.says("ann", "tomorrow 10am"))


async def test_of_an_outage_that_may_be_microsofts_its_own_page_tells(desk: World) -> None:
    """W34: left out, quoted, and it keeps its number."""
    said = str(await desk.says("ann", "Azure is down since this morning"))
    assert "This is case #1001." in said
    assert "(W34) Whether Microsoft's services are down, it says itself: https://status.cloud.microsoft (W34)." in said
