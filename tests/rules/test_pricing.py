"""What plans cost, what contracts must fulfil, and the dates and days that follow from them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogues import FOLDER
from rules.catalogue import NotPublished, load_folder
from rules.contracts import Effective, End, Estimate, check_contract, check_purchase, extension, notice, terms_effective
from rules.pricing import Price, Refused, Why, price

CATALOGUES = load_folder(FOLDER)
WEBSAN, TERRASOFT = CATALOGUES.provider("websan"), CATALOGUES.provider("terrasoft")
PREMIUM = CATALOGUES.plan("terrasoft/premium")


@pytest.mark.parametrize(
    ("plan", "users", "total", "clause"),
    [
        ("base", 1, "225.00", "W10"),
        ("base", 2, "285.00", "W10"),
        ("success", 1, "774.00", "W16"),
        ("success", 12, "1434.00", "W16"),
        ("winning", 25, "2604.00", "W20"),
        ("winning", 1_000_000_000, "60000001104.00", "W20"),
    ],
)
def test_a_month_costs_the_first_user_and_each_further_one(plan, users, total, clause):
    assert price(CATALOGUES.plan(f"websan/{plan}"), users) == Price(Decimal(total), "month", (clause,))


@pytest.mark.parametrize("users", [0, -1, None, True, 2.0, "3", 1_000_000_001])
def test_users_are_counted_in_whole_numbers_from_one_w10(users):
    refused = price(CATALOGUES.plan("websan/base"), users)
    assert isinstance(refused, Refused)
    assert (refused.why, refused.clauses) == (Why.USERS, ("W10",))


@pytest.mark.parametrize(("plan", "total"), [("basic", "4000.00"), ("standard", "8000.00"), ("premium", "20000.00")])
def test_a_plan_costs_its_share_of_the_licences_t13(plan, total):
    found = price(CATALOGUES.plan(f"terrasoft/{plan}"), licence_total=Decimal("40000"), licences=6)
    assert isinstance(found, Price)
    assert (found.total, found.per, found.condition) == (Decimal(total), "contract", None)
    assert found.clauses[:2] == ("T13", "T17")


@pytest.mark.parametrize(("total", "cents"), [("0.05", "0.01"), ("0.04", "0.00"), ("33.35", "3.34"), ("33.25", "3.33")])
def test_half_a_cent_is_rounded_up_t13(total, cents):
    found = price(CATALOGUES.plan("terrasoft/basic"), licence_total=Decimal(total))
    assert isinstance(found, Price)
    assert str(found.total) == cents


def test_premium_with_four_licences_is_refused_t9():
    refused = price(PREMIUM, licence_total=Decimal(40_000), licences=4)
    assert refused == Refused(Why.TOO_FEW_LICENCES, "Premium needs 5 licences or more; there are 4.", ("T9",))
    assert isinstance(price(PREMIUM, licence_total=Decimal(40_000), licences=5), Price)


def test_premium_without_a_number_of_licences_has_a_condition_t9():
    found = price(PREMIUM, licence_total=Decimal(40_000))
    assert isinstance(found, Price)
    assert (found.total, found.condition) == (Decimal(20_000), "Premium needs 5 licences or more.")
    assert "T9" in found.clauses


@pytest.mark.parametrize("total", [None, "-0.01", "NaN", "Infinity", "1e13"])
def test_licences_cost_an_amount_t13(total):
    refused = price(PREMIUM, licence_total=None if total is None else Decimal(total), licences=6)
    assert isinstance(refused, Refused)
    assert (refused.why, refused.clauses[0]) == (Why.LICENCE_TOTAL, "T13")


@pytest.mark.parametrize("licences", [0, -3, True, 2.5])
def test_licences_are_counted_in_whole_numbers_from_one(licences):
    refused = price(CATALOGUES.plan("terrasoft/basic"), licence_total=Decimal(100), licences=licences)
    assert isinstance(refused, Refused)
    assert refused.why == Why.LICENCES


def test_the_wrong_measure_gives_no_price():
    by_users, by_total = price(PREMIUM, 6), price(CATALOGUES.plan("websan/base"), licence_total=Decimal(100))
    assert isinstance(by_users, Refused)
    assert isinstance(by_total, Refused)


# T16: N owned with R days left, M added for P days; licence-days are kept.


@pytest.mark.parametrize(
    ("licences", "remaining", "added", "period", "days"),
    [
        (10, 165, 10, 365, 100),
        (6, 100, 0, 365, 0),
        (6, 365, 3, 365, 0),
        (6, 400, 3, 365, 0),
        (10, 100, 5, 365, 88),
        (1, 0, 1_000, 365, 364),
    ],
)
def test_added_licences_lengthen_the_contract_and_never_shorten_it_t16(licences, remaining, added, period, days):
    found = extension(TERRASOFT, licences, remaining, added, period)
    assert found == Estimate(days, ("T16",))
    assert found.estimate is True


COUNT = st.integers(0, 5_000)


@given(st.integers(1, 5_000), COUNT, COUNT, COUNT)
def test_no_licence_day_is_lost_beyond_the_day_begun_t16(owned, remaining, added, period):
    found = extension(TERRASOFT, owned, remaining, added, period)
    assert isinstance(found, Estimate)
    bought, run = owned * remaining + added * period, (owned + added) * (remaining + found.days)
    assert type(found.days) is int
    assert found.days == 0 or 0 <= bought - run < owned + added
    if found.days == 0:
        assert bought - run < owned + added


@pytest.mark.parametrize("numbers", [(0, 1, 1, 1), (1, -1, 1, 1), (1, 1, -1, 1), (1, 1, 1, -1), (1, 1.5, 1, 1)])
def test_an_extension_counts_whole_days_and_licences_t16(numbers):
    refused = extension(TERRASOFT, *numbers)
    assert isinstance(refused, Refused)
    assert (refused.why, refused.clauses) == (Why.DAYS, ("T16",))


def test_where_no_extension_is_published_none_is_estimated():
    assert extension(WEBSAN, 1, 1, 1, 1) == NotPublished("extension")


@pytest.mark.parametrize(
    ("received", "end"), [("2026-01-01", "2026-01-31"), ("2026-01-31", "2026-03-02"), ("2028-01-31", "2028-03-01")]
)
def test_notice_ends_the_contract_thirty_days_of_the_calendar_later_w48_w49(received, end):
    refund = "A month begun and paid for is not paid back in part."
    clauses = ("W48", "W44", "W49")
    found = notice(WEBSAN, date.fromisoformat(received))
    assert found == End(date.fromisoformat(end), "support@websan.com", refund, clauses)


def test_terrasoft_publishes_no_notice_t18():
    assert notice(TERRASOFT, date(2026, 1, 1)) == NotPublished("notice", ("T18",))


def test_new_terms_hold_a_week_after_they_are_published_w36():
    assert terms_effective(WEBSAN, date(2026, 2, 25)) == Effective(date(2026, 3, 4), ("W36",))
    assert terms_effective(TERRASOFT, date(2026, 2, 25)) == NotPublished("terms_change")


def whys(check):
    return [(reason.why, reason.clauses) for reason in check.reasons]


@pytest.mark.parametrize(
    ("asked", "reasons"),
    [
        ({}, []),
        ({"licences": 5, "months": 12}, []),
        ({"licences": 4}, [(Why.TOO_FEW_LICENCES, ("T9",))]),
        ({"licences": 0}, [(Why.LICENCES, ())]),
        ({"months": 11}, [(Why.TOO_SHORT, ("T14",))]),
        ({"owned": ["Terrasoft CRM", "Press"], "covered": ["terrasoft press", "CRM"]}, []),
        ({"owned": ["CRM", "Press"], "covered": ["CRM"]}, [(Why.NOT_ALL_PRODUCTS, ("T14",))]),
        ({"owned": ["CRM"], "covered": ["CRM", "Press"]}, [(Why.NOT_ALL_PRODUCTS, ("T14",))]),
        ({"owned": ["CRM"], "covered": []}, [(Why.NOT_ALL_PRODUCTS, ("T14",))]),
        ({"owned": ["Excel"]}, [(Why.UNKNOWN_PRODUCT, ("T2",))]),
        ({"latest_versions": False}, [(Why.OLD_VERSIONS, ("T15",))]),
        ({"latest_versions": True}, []),
        (
            {"licences": 4, "months": 6, "owned": ["CRM", "Press"], "covered": ["CRM"]},
            [(Why.TOO_FEW_LICENCES, ("T9",)), (Why.TOO_SHORT, ("T14",)), (Why.NOT_ALL_PRODUCTS, ("T14",))],
        ),
    ],
)
def test_a_premium_contract_is_told_everything_that_stands_against_it_t9_t14(asked, reasons):
    check = check_contract(PREMIUM, **asked)
    assert whys(check) == reasons
    assert check.ok == (not reasons)


def test_the_products_left_out_are_named_t14():
    owned = ["XRM", "CRM", "Tourism", "HIS Medicine", "Press", "Loyalty"]
    (reason,) = check_contract(PREMIUM, owned=owned, covered=["CRM"]).reasons
    left_out = "HIS Medicine, Terrasoft Loyalty, Terrasoft Press, Terrasoft Tourism, Terrasoft XRM"
    assert reason.says.endswith(f"here it differs for {left_out}.")


def test_four_licences_are_enough_for_standard_t9():
    assert check_contract(CATALOGUES.plan("terrasoft/standard"), licences=4, months=12).ok


def test_websan_asks_for_no_least_number_of_months_or_licences():
    plan = CATALOGUES.plan("websan/base")
    assert check_contract(plan, licences=1, months=1, owned=["CRM", "Sales"], covered=["CRM"], latest_versions=False).ok
    assert whys(check_contract(plan, months=0)) == [(Why.TOO_SHORT, ())]


def test_licences_are_not_bought_without_support_t8():
    assert whys(check_purchase(TERRASOFT, None)) == [(Why.NO_SUPPORT, ("T8",))]
    assert check_purchase(TERRASOFT, PREMIUM).ok
    assert check_purchase(WEBSAN, None).ok
