"""What can be asked of a catalogue, and that any third one can be written."""

from datetime import date
from decimal import Decimal

import pytest

from rules.business_time import Calendar
from rules.catalogue import Currency, Fact, Kind, NotPublished, PerUser, Target, UnknownPlan, parse
from tests.rules.shipped import ACME, BASE, CATALOGUES, TERRASOFT, WEBSAN, features, tweak_minutes

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
    assert (tweak_minutes(small), tweak_minutes(big)) == (None, 20)


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
