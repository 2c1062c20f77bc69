"""What the two shipped catalogues carry, row by row; that any third one can be written; and how mistakes are told."""

from datetime import date
from decimal import Decimal
from itertools import chain
from pathlib import Path

import pytest

from catalogues import FOLDER
from rules.business_time import Calendar
from rules.catalogue import (
    AtLeast,
    Contacts,
    Currency,
    Extension,
    Fact,
    Kind,
    Mailbox,
    Notice,
    NotPublished,
    OfLicences,
    Page,
    PerUser,
    Phone,
    Picks,
    Ruling,
    Target,
    TermsNotice,
    UnknownPlan,
    Verdict,
    load,
    load_folder,
    parse,
)
from rules.toml_lines import Mistakes

CATALOGUES = load_folder(FOLDER)
WEBSAN, TERRASOFT = CATALOGUES.provider("websan"), CATALOGUES.provider("terrasoft")
BASE, SUCCESS, WINNING = (CATALOGUES.plan(f"websan/{name}") for name in ("base", "success", "winning"))
BASIC, STANDARD, PREMIUM = (CATALOGUES.plan(f"terrasoft/{name}") for name in ("basic", "standard", "premium"))


def features(plan):
    return [clause.id for clause in plan.features]


def answer(provider, question):
    fact = provider.fact(question)
    assert isinstance(fact, Fact)
    return fact.answer


def cited(provider):
    """Every clause that some value, fact or silence of the catalogue rests on."""
    parts = [provider.phone, provider.email, provider.escalation, provider.privacy, provider.currency, provider.hours]
    parts += [provider.terms_notice, provider.notice, provider.contacts, provider.extension, provider.products]
    parts += [provider.areas, provider.contracts.months, *provider.facts.values(), *provider.silences.values()]
    for plan in provider.plans.values():
        parts += [plan.price, plan.licences, *plan.targets.values(), *plan.coverage.values()]
    ids = set(chain.from_iterable(part.clauses for part in parts if part))
    ids |= {clause.id for clause in chain(provider.payment, *(plan.features for plan in provider.plans.values()))}
    return ids.union(provider.contracts.support_with_licences, provider.contracts.latest_versions, provider.seats)


# Rows W: WebSan.


@pytest.mark.parametrize("row", [f"W{number}" for number in range(1, 60)])
def test_every_row_of_websans_page_has_its_wording_and_something_that_rests_on_it(row):
    assert WEBSAN.clauses[row].says.strip()
    assert row in cited(WEBSAN)


def test_no_clause_stands_there_that_is_not_a_row():
    assert set(WEBSAN.clauses) == {f"W{number}" for number in range(1, 60)}
    assert set(TERRASOFT.clauses) == {f"T{number}" for number in range(1, 19)}


def test_the_phone_is_printed_as_on_the_page_and_can_be_dialled_w1():
    phone = Phone("(866) 4-WEBSAN (932726)", "+1-866-493-2726", ("W1",))
    assert WEBSAN.phone == phone
    assert phone.link == "tel:+1-866-493-2726"
    assert phone.printed in answer(WEBSAN, "phone")
    assert phone.tel in answer(WEBSAN, "phone")


def test_any_microsoft_product_is_accepted_and_crm_is_the_default_w2():
    assert WEBSAN.products == Picks(("Dynamics 365 / CRM",), ("W2",), closed=False)


def test_mail_escalation_and_notice_all_go_to_the_support_address_w26_w48_w53():
    assert WEBSAN.email == Mailbox("support@websan.com", ("W26", "W54"))
    assert WEBSAN.escalation == Mailbox("support@websan.com", ("W53",))
    assert WEBSAN.fact("escalation_address").clauses == ("W53",)
    assert "support@websan.com" in answer(WEBSAN, "escalation_address")


def test_the_privacy_policy_has_its_page_w31():
    assert WEBSAN.privacy == Page("https://www.websan.com/privacy-policy", ("W31",))


def test_prices_carry_a_symbol_and_no_currency_code_w10():
    assert WEBSAN.currency == Currency("$", ("W10",), code=None)
    assert WEBSAN.fact("currency") == NotPublished("currency", ("W10",))


@pytest.mark.parametrize(
    ("plan", "first", "clause"), [(BASE, 225, "W10"), (SUCCESS, 774, "W16"), (WINNING, 1164, "W20")]
)
def test_a_first_user_and_each_further_one_cost_what_the_page_says(plan, first, clause):
    assert plan.price == PerUser(Decimal(first), Decimal(60), (clause,), per="month")
    assert f"${first} " in WEBSAN.clauses[clause].says
    assert "$60 " in WEBSAN.clauses[clause].says


def test_everybody_needs_a_seat_w11():
    assert WEBSAN.seats == ("W11",)
    assert TERRASOFT.seats == ()


def test_success_has_all_of_base_and_winning_all_of_success_w12_w17():
    assert features(BASE) == ["W6", "W7", "W8"]
    assert features(SUCCESS) == [*features(BASE), "W13", "W14"]
    assert features(WINNING) == [*features(SUCCESS), "W17", "W19"]
    assert all(plan.coverage[Kind.BREAK_FIX].clauses == ("W7",) for plan in (BASE, SUCCESS, WINNING))


def test_base_has_neither_concierge_nor_coach_success_the_first_winning_both_w13_w17():
    assert [(plan.concierge, plan.coach) for plan in (BASE, SUCCESS, WINNING)] == [
        ((), ()),
        (("W13",), ()),
        (("W13",), ("W17",)),
    ]


def test_how_to_is_answered_by_articles_on_base_and_by_people_above_w8_w14():
    assert [plan.how_do_i.by for plan in (BASE, SUCCESS, WINNING)] == ["knowledge", "person", "person"]
    assert BASE.how_do_i.clauses[0] == "W8"
    assert SUCCESS.how_do_i.clauses == ("W14",)


@pytest.mark.parametrize("priority", [None, "critical", "high", "normal", "low"])
@pytest.mark.parametrize(("plan", "minutes"), [(BASE, 480), (SUCCESS, 240), (WINNING, 120)])
def test_the_target_of_a_plan_holds_for_every_priority_w46(plan, minutes, priority):
    target = plan.target(priority)
    assert (target.minutes, target.clauses[0]) == (minutes, "W46")


def test_critical_targets_also_name_the_line_that_promises_them_w9_w15_w18():
    assert BASE.target("critical") == Target(480, ("W46", "W9"))
    assert SUCCESS.target("critical") == Target(240, ("W46", "W15"))
    assert SUCCESS.target("low") == Target(240, ("W46",))
    assert WINNING.target("critical") == Target(120, ("W46", "W18"))


def test_only_winning_has_tweaks_of_up_to_an_hour_in_business_hours_w19_w23():
    assert [plan.tweak_minutes for plan in (BASE, SUCCESS, WINNING)] == [None, None, 60]
    assert WINNING.coverage[Kind.TWEAK].in_hours


def test_what_is_excluded_carries_its_clause_on_every_plan_w22_w25_w32_w34_w35():
    for plan in (BASE, SUCCESS, WINNING):
        said = {kind: (ruling.verdict, ruling.clauses) for kind, ruling in plan.exclusions.items()}
        assert said[Kind.SSRS_REPORT] == said[Kind.POWER_BI] == (Verdict.EXCLUDED_TM, ("W32",))
        assert said[Kind.HARDWARE] == said[Kind.UNSUPPORTED_BROWSER] == (Verdict.EXCLUDED, ("W34",))
        assert said[Kind.CUSTOM_PLUGIN] == (Verdict.EXCLUDED, ("W35",))
        assert said[Kind.PROJECT] == (Verdict.PLAN_SEPARATELY, ("W22",))
        assert said[Kind.ARCHITECTURE_CHANGE] == said[Kind.PROCESS_ADVICE] == (Verdict.PLAN_SEPARATELY, ("W25",))
        assert Kind.BREAK_FIX not in said
        assert Kind.CLIENT_CAUSED_BREAK_FIX not in said


def test_nominated_people_ask_and_an_outage_is_heard_from_anybody_licensed_w27():
    assert WEBSAN.contacts == Contacts("nominated", ("W27",), critical_accepted=True, unanswered_minutes=60)


def test_new_terms_need_a_week_w36():
    assert WEBSAN.terms_notice == TermsNotice(7, ("W36",))
    assert all((terms.effective - terms.published).days >= 7 for terms in WEBSAN.terms)


def test_only_what_is_said_of_ownership_keeps_its_printed_words_w39_w40_w41():
    assert {id for id, clause in WEBSAN.clauses.items() if clause.quote} == {"W39", "W40", "W41"}
    assert not any(clause.quote for clause in TERRASOFT.clauses.values())
    said = answer(WEBSAN, "work_ownership")
    assert said.startswith("Elite Service Provider will own any work product created for Customer, including")
    assert "Customer will be given all underlying code" in said
    assert "  " not in said


def test_both_halves_of_the_contradiction_are_quoted_w41():
    quote = WEBSAN.clauses["W41"].quote or ""
    assert "perpetual, worldwide, non-revocable" in quote
    assert "while the Customer remains on paid membership" in quote
    assert quote.endswith("unless otherwise authorized in writing by Elite Service Provider.")


def test_payment_is_ahead_and_in_full_w42_w43():
    assert [clause.id for clause in WEBSAN.payment] == ["W43"]
    assert WEBSAN.fact("implementation_payment").clauses == ("W42",)


def test_hours_are_eight_to_six_in_new_york_with_every_assumption_said_w47():
    hours = WEBSAN.hours
    assert hours
    assert dict(hours.week) == dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ((480, 1080),))
    assert (hours.zone, hours.label, hours.clauses) == ("America/New_York", "ET", ("W47",))
    assert hours.holidays == frozenset()
    assert len(hours.assumptions) == 3
    assert "8 am to 6 pm ET" in answer(WEBSAN, "support_hours")


def test_the_hours_are_a_calendar_for_the_clock_w47():
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ((480, 1080),))
    assert WEBSAN.calendar() == Calendar(week, "America/New_York", frozenset(), "ET")
    assert TERRASOFT.calendar() is None


def test_notice_is_thirty_days_by_mail_and_nothing_is_paid_back_w44_w48_w49():
    assert WEBSAN.notice == Notice(30, "support@websan.com", ("W48", "W44"), refund=("W49",))


def test_the_wordings_say_the_numbers_of_the_values():
    assert "30 days" in WEBSAN.clauses["W48"].says
    assert "8 hours on Base, 4 on Success and 2 on Winning" in answer(WEBSAN, "response_time")
    assert "5 licences" in TERRASOFT.clauses["T9"].says
    assert "Basic 10%, Standard 20%, Premium 50%" in answer(TERRASOFT, "prices")


def test_what_the_desk_does_by_itself_is_ours():
    desk = WEBSAN.desk
    assert desk.queue == "L1"  # W51
    assert desk.reopen_days == 14
    assert desk.remind_days == (1, 3, 7)  # W59
    assert desk.priorities[0] == "critical"
    assert desk == TERRASOFT.desk


@pytest.mark.parametrize(
    "question",
    [
        "resolution_time",
        "weekend_cover",
        "holidays",
        "supported_browsers",
        "attachment_limit",
        "currency",
        "priorities",
        "satisfaction_survey",
        "auto_close",
    ],
)
@pytest.mark.parametrize("provider", [WEBSAN, TERRASOFT])
def test_what_neither_page_says_is_expressly_not_published(provider, question):
    assert question in provider.silences
    assert isinstance(provider.fact(question), NotPublished)


def test_a_question_nobody_thought_of_is_not_published_either():
    assert WEBSAN.fact("shoe_size") == NotPublished("shoe_size", ())


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("site_visit", "W21"),
        ("closing_rule", "W59"),
        ("trial_licence", "W33"),
        ("get_started", "W5"),
        ("discretion", "W37"),
        ("terms_change", "W36"),
        ("refunds", "W49"),
        ("scheduling", "W29"),
    ],
)
def test_a_fact_is_answered_in_the_words_of_its_clause(question, clause):
    assert clause in WEBSAN.fact(question).clauses
    assert WEBSAN.clauses[clause].says in answer(WEBSAN, question)


# Rows T: Terrasoft.


@pytest.mark.parametrize("row", [f"T{number}" for number in range(1, 19)])
def test_every_row_of_terrasofts_page_has_its_wording_and_something_that_rests_on_it(row):
    assert TERRASOFT.clauses[row].says.strip()
    assert row in cited(TERRASOFT)


def test_there_are_exactly_eighteen_products_t2():
    products = TERRASOFT.products
    assert products
    names = products.names
    assert len(names) == len(set(names)) == 18
    assert (products.closed, products.clauses) == (True, ("T2",))
    assert {"Terrasoft XRM", "Replication Utility", "Terrasoft Training", "HIS Medicine"} < set(names)


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("crm bank", "Terrasoft CRM Bank"),
        ("Terrasoft  CRM", "Terrasoft CRM"),
        ("PRESS", "Terrasoft Press"),
        ("his medicine", "HIS Medicine"),
        ("Bank", None),
        ("Terrasoft", None),
        ("", None),
    ],
)
def test_a_product_is_found_with_or_without_the_makers_name_t2(text, product):
    assert TERRASOFT.product(text) == product


def test_advice_covers_five_areas_reports_and_plug_ins_among_them_t3():
    assert TERRASOFT.areas
    assert (len(TERRASOFT.areas.names), TERRASOFT.areas.closed, TERRASOFT.areas.clauses) == (5, True, ("T3",))
    for kind in (Kind.SSRS_REPORT, Kind.POWER_BI, Kind.CUSTOM_PLUGIN):
        assert BASIC.coverage[kind].verdict == Verdict.COVERED
        assert BASIC.coverage[kind].clauses == ("T3",)
        assert BASE.coverage[kind].verdict != Verdict.COVERED  # the two pages contradict each other


def test_patches_and_depending_versions_are_in_every_plan_t4_t5_t11():
    assert all(features(plan) == ["T3", "T4", "T5", "T11"] for plan in (BASIC, STANDARD, PREMIUM))
    assert "depends" in answer(TERRASOFT, "new_versions")


def test_basic_is_not_base_t6():
    assert [plan.id for plan in TERRASOFT.plans.values()] == [
        "terrasoft/basic",
        "terrasoft/standard",
        "terrasoft/premium",
    ]
    assert "terrasoft/base" not in CATALOGUES.plans
    assert "websan/basic" not in CATALOGUES.plans


@pytest.mark.parametrize("plan", [BASIC, STANDARD, PREMIUM])
def test_no_plan_has_a_response_time_t7(plan):
    assert not plan.targets
    assert plan.target() is plan.target("critical") is None


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("response_time", "T7"),
        ("support_hours", "T18"),
        ("phone", "T18"),
        ("escalation_address", "T18"),
        ("closing_rule", "T18"),
        ("quotas", "T7"),
        ("channels", "T7"),
    ],
)
def test_terrasoft_publishes_neither_hours_nor_phone_nor_escalation_nor_closing_t7_t18(question, clause):
    said = TERRASOFT.fact(question)
    assert isinstance(said, NotPublished)
    assert said.clauses[0] == clause
    assert not any((TERRASOFT.phone, TERRASOFT.email, TERRASOFT.escalation, TERRASOFT.hours, TERRASOFT.notice))


def test_licences_need_support_and_the_latest_versions_t8_t15():
    assert TERRASOFT.contracts.support_with_licences == ("T8",)
    assert TERRASOFT.contracts.latest_versions == ("T15",)


def test_premium_starts_at_five_licences_t9():
    assert PREMIUM.licences == AtLeast(5, ("T9",))
    assert BASIC.licences is STANDARD.licences is None


def test_one_person_asks_and_a_deputy_may_stand_in_t10():
    assert TERRASOFT.contacts == Contacts("one_contact", ("T10",), deputy=True, critical_accepted=False)


def test_advice_outside_the_areas_is_left_out_unless_the_contract_adds_it_t12():
    left_out = Ruling(Verdict.EXCLUDED, ("T12",), contract_may_allow=True)
    kinds = (Kind.HARDWARE, Kind.UNSUPPORTED_BROWSER, Kind.PROCESS_ADVICE)
    assert {kind: BASIC.exclusions[kind] for kind in kinds} == dict.fromkeys(kinds, left_out)
    assert set(BASIC.exclusions) == set(kinds)


def test_plans_cost_a_share_of_the_licences_by_the_price_list_of_the_day_t13_t17():
    shares = [OfLicences(Decimal(percent), ("T13", "T17"), per="contract") for percent in (10, 20, 50)]
    assert [plan.price for plan in (BASIC, STANDARD, PREMIUM)] == shares


def test_a_contract_runs_a_year_or_longer_for_all_products_t14():
    assert TERRASOFT.contracts.months == AtLeast(12, ("T14",))
    assert TERRASOFT.contracts.all_products == ("T14",)


def test_the_formula_of_an_extension_is_named_t16():
    assert TERRASOFT.extension == Extension("co_term", ("T16",))


# Every question, with the clauses its answer or its silence rests on.

WEBSANS_FACTS = """
accepted_priority W57; allocation W58; appointment W52 W29; architecture_change W25; cancellation W48 W49;
case_number W55; channels W6 W51; client_caused W38; closing_rule W59; coach W17; concierge W13; contact_rule
W27; contract_scope W2; contract_start W4; custom_code W35; discretion W37; eligibility W56; email W26 W54;
escalation W53; escalation_address W53; first_line W51; get_started W5 W1; goal W50; hardware W34; how_do_i W14
W8; implementation_payment W42; licensing W11; mini_project W24; new_work W39; notice W48 W44; payment W43;
phase_two W22; phone W1; portal W6 W28; pre_existing_work W40 W41; prices W10 W16 W20; priority_change W45;
privacy W31; privacy_policy W31; process_advice W25; refunds W49; reports W32; response_time W46 W47; scheduling
W29; self_service W28; site_visit W21; support_email W26; support_hours W47; termination W48 W49 W41;
terms_change W36; terminated_by_provider W30; trial_licence W33; tweaks W19 W23; upgrade W12 W17; work_ownership
W39 W40 W41
"""
WEBSANS_SILENCES = """
attachment_limit; auto_close W59; currency W10; holidays W47; priorities W45; resolution_time W46;
satisfaction_survey; supported_browsers W34; weekend_cover W47
"""
TERRASOFTS_FACTS = """
advice_outside T12; areas T3; contact_rule T10; contract_length T14; extension T16; licence_purchase T8;
licensing T8 T14; new_versions T5; patches T4; plans T6; premium_rule T9; price_list T17; prices T13 T17;
product_coverage T14; products T2; reports T3; title T1; version_requirement T15; version_update T11
"""
TERRASOFTS_SILENCES = """
attachment_limit T18; auto_close T18; cancellation T18; channels T7 T18; closing_rule T18; currency T13; email
T18; escalation T18; escalation_address T18; holidays T18; notice T18; phone T18; plan_comparison T7;
price_period T13; priorities T18; privacy_policy T18; quotas T7; refunds T18; resolution_time T7 T18;
response_time T7; satisfaction_survey T18; supported_browsers T18; support_hours T18 T7; weekend_cover T18
"""


@pytest.mark.parametrize(
    ("found", "table"),
    [
        (WEBSAN.facts, WEBSANS_FACTS),
        (WEBSAN.silences, WEBSANS_SILENCES),
        (TERRASOFT.facts, TERRASOFTS_FACTS),
        (TERRASOFT.silences, TERRASOFTS_SILENCES),
    ],
)
def test_every_question_rests_on_the_clauses_that_answer_it(found, table):
    expected = [entry.split() for entry in table.split(";")]
    assert {question: list(it.clauses) for question, it in found.items()} == {row[0]: row[1:] for row in expected}


# Any provider.


def test_who_can_be_reached_comes_first():
    assert list(CATALOGUES.providers) == ["websan", "terrasoft"]


@pytest.mark.parametrize("id", ["websan/gold", "nobody/base", "websan", "success", "", "websan/success/"])
def test_an_unknown_plan_is_named_with_the_known_ones(id):
    with pytest.raises(UnknownPlan, match="websan/success") as raised:
        CATALOGUES.plan(id)
    assert isinstance(raised.value, KeyError)


def test_an_unknown_provider_is_told_too():
    with pytest.raises(UnknownPlan, match=r"There is no acme\. Known: websan, terrasoft\."):
        CATALOGUES.provider("acme")


def test_what_a_catalogue_says_cannot_be_changed():
    for mapping in (WEBSAN.clauses, WEBSAN.plans, WEBSAN.facts, BASE.coverage, BASE.targets, CATALOGUES.providers):
        with pytest.raises(TypeError):
            mapping["x"] = None  # type: ignore[index]


ACME = """\
id = "acme"
name = "Acme"
title = "Acme Care"
currency = { symbol = "€", code = "EUR", clauses = ["A1"] }

[hours]
zone = "Europe/Berlin"
label = "Berlin"
clauses = ["A2"]
holidays = [2026-12-25, 2027-01-01]

[hours.week]
mon = [["13:00", "17:30"], ["08:00", "12:00"]]
sat = [["00:00", "24:00"]]

[terms_notice]
days = 30
clauses = ["A3"]

[[terms]]
version = "2"
published = 2026-05-01
effective = 2026-06-01
[[terms]]
version = "1"
published = 2025-01-01
effective = 2025-02-01

[contacts]
rule = "nominated"
clauses = ["A3"]

[desk]
priorities = ["critical", "usual"]
reopen_days = 5

[coverage]
break_fix = { verdict = "covered", clauses = ["A2"] }
tweak = { verdict = "excluded", clauses = ["A2"] }

[facts]
colour = ["A1", "A3"]

[not_published]
weather = ["A2"]

[plans.small]
name = "Small"
features = ["A1"]
price_per_user = { first = 9.50, additional = "0.25", clauses = ["A1"] }
[plans.small.response]
by_priority = { critical = { minutes = 30, clauses = ["A2"] } }

[plans.big]
name = "Big"
extends = "small"
features = ["A2"]
[plans.big.response]
minutes = 600
clauses = ["A2"]
by_priority = { critical = { minutes = 15, clauses = ["A3"] } }
[plans.big.coverage.tweak]
verdict = "covered"
clauses = ["A3"]
up_to_minutes = 20
beyond = { verdict = "time_and_materials", clauses = ["A1"] }

[clauses]
A1 = "Red."
A2 = "Green."
A3 = { says = "Blue.", quote = "Bleu." }
"""


def test_a_third_provider_has_two_windows_a_day_holidays_and_a_target_for_each_priority():
    acme = parse(ACME)
    small, big = acme.plans["acme/small"], acme.plans["acme/big"]
    week = {"mon": ((480, 720), (780, 1050)), "sat": ((0, 1440),)}
    assert acme.calendar() == Calendar(
        week, "Europe/Berlin", frozenset({date(2026, 12, 25), date(2027, 1, 1)}), "Berlin"
    )
    assert big.target("critical") == Target(15, ("A3",))
    assert big.target("usual") == big.target() == Target(600, ("A2",))
    assert small.target("critical") == Target(30, ("A2",))
    assert small.target("usual") is small.target() is None  # critical only


def test_a_window_may_begin_where_another_ends():
    hours = parse(ACME.replace('"13:00", "17:30"', '"12:00", "17:30"')).hours
    assert hours
    assert hours.week["mon"] == ((480, 720), (720, 1050))


def test_a_plan_inherits_what_it_does_not_say_itself():
    acme = parse(ACME)
    small, big = acme.plans["acme/small"], acme.plans["acme/big"]
    assert features(big) == ["A1", "A2"]
    assert big.price == small.price == PerUser(Decimal("9.50"), Decimal("0.25"), ("A1",))
    assert big.coverage[Kind.BREAK_FIX] is small.coverage[Kind.BREAK_FIX]
    assert (small.tweak_minutes, big.tweak_minutes) == (None, 20)


def test_the_terms_in_force_are_the_latest_that_have_taken_effect():
    acme = parse(ACME)
    days = [date(2024, 1, 1), date(2025, 2, 1), date(2026, 5, 31), date(2026, 6, 1), date(2030, 1, 1)]
    assert [acme.terms_on(day).version for day in days] == ["1", "1", "1", "2", "2"]


def test_a_fact_joins_its_clauses_and_quotes_where_there_is_a_quote():
    acme = parse(ACME)
    assert acme.fact("colour") == Fact("colour", "Red. Bleu.", ("A1", "A3"))
    assert acme.fact("weather") == NotPublished("weather", ("A2",))
    assert acme.desk.reopen_days == 5
    assert acme.currency == Currency("€", ("A1",), code="EUR")


# Mistakes. Each row: what to replace, by what, where the mistake is then found, and what it says.

PER_USER = 'price_per_user = { first = 9.50, additional = "0.25"'
WRONG = [
    ('label = "Berlin"', 'lable = "Berlin"', "lable", "`hours.lable` is no key of a catalogue"),
    ('label = "Berlin"\n', "", "[hours]", "`hours.label` is missing"),
    ('title = "Acme Care"', "titel = 1", "titel", "`titel` is no key of a catalogue"),
    ("[facts]", "[fact.s]", "[fact.s]", "`fact` is no key of a catalogue"),
    ("features = ["'"A2"]', 'features = [\n"A1",\n"A9"]', '"A9"', "there is no clause A9"),
    ('["A1", "A3"]', '["A1",\n "W1"]', '"W1"', "there is no clause W1"),
    ("weather = [", 'weather = [\n"B1",', '"B1"', "there is no clause B1"),
    ("colour = [", "colour = []#", "colour", "`facts.colour`"),
    ('extends = "small"', 'extends = "tiny"', "extends", "there is no plan tiny to extend"),
    ('extends = "small"', 'extends = "big"', "extends", "the plan big extends itself: big -> big"),
    ('"13:00", "17:30"', '"11:59", "17:30"', "mon = ", "two windows of this day overlap"),
    ('"13:00", "17:30"', '"17:30", "13:00"', "mon = ", "ends before it begins"),
    ('"00:00", "24:00"', '"00:00", "24:01"', "sat = ", "24:01 is not a time of day"),
    ('"00:00", "24:00"', '"8", "24:00"', "sat = ", "8 is not a time of day"),
    ('"13:00", "17:30"', '"13:00", "13:00"', "mon = ", "ends before it begins"),
    ('"13:00", "17:30"', '"13:00", "15:00", "17:30"', "mon = ", "a window is a pair"),
    ('"00:00", "24:00"', '"00:60", "24:00"', "sat = ", "00:60 is not a time of day"),
    ('["00:00", "24:00"]', '"00:00-24:00"', "sat = ", "a window is a pair"),
    ("sat = [", "samstag = [", "samstag", "samstag"),
    (ACME[ACME.index("[hours.week]") : ACME.index("[terms_notice]")], "week = {}\n", "week", "no day has a window"),
    ("Europe/Berlin", "Europe/Berlim", "zone", "Europe/Berlim is not the name of a time zone"),
    ('"Europe/Berlin"', '"America"', "zone", "America is not the name of a time zone"),
    ("2027-01-01", '\n"2027-01-01"', '"2027-01-01"', "`hours.holidays.1`"),
    ("first = 9.50", "first = -9.50", "price_per_user", "`plans.small.price_per_user.first` must be 0 or more"),
    ("first = 9.50", "first = 9.505", "price_per_user", "decimal places"),
    ("first = 9.50", "first = nan", "price_per_user", "must be a number"),
    ("first = 9.50, ", "", "price_per_user", "`plans.small.price_per_user.first` is missing"),
    ("minutes = 600\n", "minutes = 0\n", "minutes = 0", "must be 1 or more"),
    ("minutes = 600\n", "minutes = true\n", "minutes = true", "whole number"),
    ('days = 30', 'days = "30"', 'days = "30"', "whole number"),
    ("critical = { minutes = 15", "urgent = { minutes = 15", "by_priority = { urgent", "urgent is not one of"),
    ("[plans.small.response]\nby_priority", "x = 1 #", "[plans.small]", "the plan small has no response target"),
    ("minutes = 600\n", 'minutes = 600\n[plans.odd]\nname = "Odd"\n[plans.x]\n', "[plans.odd]", "odd has no response"),
    ("[plans.small.response]\nby_priority", 'response = "unknown" #', "response = ", 'by_priority, or "not published"'),
    ("[plans.small.response]\nby_priority", "response = {} #", "response = ", 'by_priority, or "not published"'),
    ("effective = 2026-06-01", "effective = 2026-05-30", "effective = 2026-05-30", "30 days after they are published"),
    ("effective = 2026-06-01", "effective = 2026-06-01T00:00:00", "effective = 2026-06-01T", "must be a date"),
    ('version = "1"', 'version = "2"', 'version = "2"\npublished = 2025', "there are two versions 2"),
    ('tweak = { verdict = "excluded"', 'tweak = { verdict = "refused"', "tweak", "tweak.verdict` must be one of"),
    ("tweak = {", "gadget = {", "gadget", "`coverage.gadget` must be one of"),
    ('"excluded", clauses = ["A2"]', '"excluded"', "tweak", "a verdict needs the clauses it rests on"),
    ("up_to_minutes = 20\n", "", "[plans.big.coverage.tweak]", "`up_to_minutes` and `beyond` belong together"),
    ('"time_and_materials", clauses = ["A1"]', '"time_and_materials"', "beyond", "a verdict needs the clauses"),
    ("weather = [", "colour = [", 'colour = ["A2"', "`colour` is answered under [facts]"),
    ('rule = "nominated"', 'rule = "anybody"', "rule", "contacts.rule` must be one of 'nominated' or 'one_contact'"),
    ("[contacts]", "[contact]", "[contact]", "`contact` is no key of a catalogue"),
    ('name = "Big"', 'name = ""', 'name = ""', "`plans.big.name`"),
    ('id = "acme"', 'id = "Acme Inc/"', "id = ", "`id`"),
    ('A1 = "Red."', "A1 = 1", "A1 = 1", "`clauses.A1`"),
    ('name = "Big"', 'name = "Big"\nprice_of_licences = { percent = 5, clauses = ["A1"] }\n'
     'price_per_user = { first = 1, additional = 1, clauses = ["A1"] }', "price_of_licences", "big has two prices"),
    (PER_USER, "price_of_licences = { percent = 0", "price_of", "more than 0"),
    (PER_USER, "price_of_licences = { percent = 100.1", "price_of", "100 or less"),
    ('name = "Big"', "name = 3", "name = 3", "`plans.big.name` must be text in quotes"),
    ('rule = "nominated"', 'rule = "nominated"\ndeputy = 1', "deputy", "`contacts.deputy` must be true or false"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "at", "says"), WRONG)
def test_each_mistake_is_told_with_its_line(old, new, at, says):
    assert old in ACME
    text = ACME.replace(old, new, 1)
    with pytest.raises(Mistakes) as raised:
        parse(text, "acme.toml")
    line = text[: text.index(at)].count("\n") + 1
    told = [mistake.says.casefold() for mistake in raised.value.mistakes if mistake.line == line]
    assert any(says.casefold() in one for one in told), str(raised.value)


def test_all_mistakes_are_told_at_once_in_the_order_of_their_lines():
    text = ACME
    for old, new in [
        ('title = "Acme Care"', 'titel = "Acme Care"'),
        ("Europe/Berlin", "Europe/Berlim"),
        ('"13:00", "17:30"', '"11:00", "17:30"'),
        ("effective = 2026-06-01", "effective = 2026-05-02"),
        ('tweak = { verdict = "excluded", clauses = ["A2"] }', 'tweak = { verdict = "excluded", clauses = ["A7"] }'),
        ("weather = [", "colour = ["),
        ("first = 9.50", "first = -1"),
        ("[plans.small.response]\nby_priority", "#"),
        ('extends = "small"', 'extends = "huge"'),
        ("minutes = 15", "minutes = -15"),
        ("up_to_minutes = 20\n", ""),
    ]:
        text = text.replace(old, new, 1)
    with pytest.raises(Mistakes) as raised:
        parse(text, "acme.toml")
    wanted = ["`title` is missing", "`titel`", "Europe/Berlim", "overlap", "30 days", "A7", "colour", "target", "first"]
    wanted += ["huge", "minutes` must", "up_to_minutes"]
    says = [mistake.says for mistake in raised.value.mistakes]
    assert [next((word for word in wanted if word in one), one) for one in says] == wanted
    lines = [mistake.line for mistake in raised.value.mistakes]
    assert lines == sorted(lines)
    assert (
        str(raised.value).splitlines()[2]
        == "acme.toml:7: `hours.zone` is wrong: Europe/Berlim is not the name of a time zone."
    )


def test_a_circle_of_plans_is_told_for_each_of_them():
    text = ACME.replace('name = "Small"', 'name = "Small"\nextends = "big"')
    with pytest.raises(Mistakes) as raised:
        parse(text)
    says = [mistake.says for mistake in raised.value.mistakes]
    assert says == [
        "The plan small extends itself: small -> big -> small.",
        "The plan big extends itself: big -> small -> big.",
    ]


def test_a_target_without_hours_to_count_it_in_is_a_mistake():
    start, end = ACME.index("[hours]"), ACME.index("[terms_notice]")
    text = ACME[:start] + ACME[end:]
    with pytest.raises(Mistakes) as raised:
        parse(text)
    assert [mistake.line for mistake in raised.value.mistakes] == [
        text[: text.index(header)].count("\n") + 1 for header in ("[plans.small.response]", "[plans.big.response]")
    ]


def test_a_catalogue_without_times_is_one_that_says_so():
    start, end = ACME.index("[hours]"), ACME.index("[terms_notice]")
    text = ACME[:start] + ACME[end:]
    for plan in ("small", "big"):
        start, end = (
            text.index(f"[plans.{plan}.response]"),
            text.index("[plans.big" if plan == "small" else "[plans.big.c"),
        )
        text = text[:start] + 'response = "not published"\n' + text[end:]
    acme = parse(text)
    assert all(plan.target("critical") is None for plan in acme.plans.values())


@pytest.mark.parametrize("text", ["", "plans = 1", 'plans = {a = 1}\nclauses = 3\nterms = "x"\ndesk = []\nfacts = [1]'])
def test_a_text_that_is_no_catalogue_at_all_is_only_told_so(text):
    with pytest.raises(Mistakes):
        parse(text)


def test_the_mistakes_of_all_files_in_a_folder_are_told_together(tmp_path):
    (tmp_path / "a.toml").write_text("a = \n")
    (tmp_path / "b.toml").write_bytes(b"# ok\n# \xff\n")
    (tmp_path / "c.toml").write_text("\ufeff" + ACME, encoding="utf-8")
    (tmp_path / "d.toml").write_text(ACME, encoding="utf-8")
    with pytest.raises(Mistakes) as raised:
        load_folder(tmp_path)
    told = [(Path(mistake.file).name, mistake.line) for mistake in raised.value.mistakes]
    assert told == [("a.toml", 1), ("b.toml", 2), ("d.toml", 1)]
    assert "two files" in raised.value.mistakes[-1].says


def test_an_empty_folder_is_a_mistake(tmp_path):
    with pytest.raises(Mistakes, match="no catalogue"):
        load_folder(tmp_path)


def test_one_file_is_one_provider():
    assert list(load(FOLDER / "terrasoft.toml").plans) == list(TERRASOFT.plans)
