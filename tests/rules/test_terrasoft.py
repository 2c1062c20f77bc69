"""What Terrasoft's catalogue carries, row by row."""

from decimal import Decimal

import pytest

from rules.catalogue import AtLeast, Contacts, Extension, Kind, NotPublished, OfLicences, Ruling, Verdict
from tests.rules.shipped import BASE, CATALOGUES, TERRASOFT, answer, cited, features

BASIC, STANDARD, PREMIUM = (CATALOGUES.plan(f"terrasoft/{name}") for name in ("basic", "standard", "premium"))


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
