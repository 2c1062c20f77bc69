"""What the two providers publish, as ``supporthub explain`` tells it: tables of their pages' sentences, by clause."""

from decimal import Decimal

import pytest

from tests.app.test_explain import asked

WEBSAN, TERRASOFT = (
    ("websan/base", "websan/success", "websan/winning"),
    ("terrasoft/basic", "terrasoft/standard", "terrasoft/premium"),
)
FRIDAY_EVENING = "2026-01-16T22:00:00Z"  # 17:00 in New York


@pytest.mark.parametrize(
    ("plan", "received", "due", "local"),
    [
        ("websan/base", FRIDAY_EVENING, "2026-01-19T20:00:00Z", "2026-01-19T15:00:00-05:00"),
        ("websan/success", FRIDAY_EVENING, "2026-01-19T16:00:00Z", "2026-01-19T11:00:00-05:00"),
        ("websan/winning", FRIDAY_EVENING, "2026-01-19T14:00:00Z", "2026-01-19T09:00:00-05:00"),
        ("websan/winning", "2026-01-16T21:00:00Z", "2026-01-16T23:00:00Z", "2026-01-16T18:00:00-05:00"),
        ("websan/success", "2026-01-17T09:00:00Z", "2026-01-19T17:00:00Z", "2026-01-19T12:00:00-05:00"),
        ("websan/success", "2026-03-06T21:00:00Z", "2026-03-09T14:00:00Z", "2026-03-09T10:00:00-04:00"),
        ("websan/success", "2026-10-30T20:00:00Z", "2026-11-02T15:00:00Z", "2026-11-02T10:00:00-05:00"),
        ("websan/base", "2026-01-19T08:00:00-05:00", "2026-01-19T21:00:00Z", "2026-01-19T16:00:00-05:00"),
        ("websan/base", "2026-01-19T13:00:30", "2026-01-19T21:00:30Z", "2026-01-19T16:00:30-05:00"),
    ],
)
def test_due_times_run_in_business_hours_only_w46_w47(plan, received, due, local):
    answer = asked("due", plan=plan, received=received)
    assert (answer["due"], answer["local"]) == (due, local)
    assert {"W46", "W47"} <= set(answer["clauses"])


@pytest.mark.parametrize(("plan", "minutes"), list(zip(WEBSAN, (480, 240, 120), strict=True)))
@pytest.mark.parametrize("priority", [None, "critical", "high", "normal", "low", "whatever"])
def test_every_priority_has_its_plans_target_w46(plan, minutes, priority):
    answer = asked("due", plan=plan, received=FRIDAY_EVENING, priority=priority)
    assert answer["target_minutes"] == minutes
    assert answer["warnings"]["100"] == answer["due"]
    assert list(answer["warnings"]) == ["50", "75", "100"]


def test_the_desks_zone_and_holidays_can_be_given():
    there = {"plan": "websan/winning", "received": "2026-01-16T17:00:00Z", "timezone": "Europe/London"}
    assert asked("due", **there)["due"] == "2026-01-19T09:00:00Z"
    assert asked("due", **there, holidays=["2026-01-19"])["local"] == "2026-01-20T09:00:00+00:00"
    assert asked(
        "elapsed",
        plan="websan/base",
        **{"from": there["received"], "to": "2026-01-19T09:00:00Z"},
        timezone="Europe/London",
    ) == {"minutes": 120}


def test_why_goes_window_by_window_and_tells_what_is_assumed():
    why = asked("due", plan="websan/success", received=FRIDAY_EVENING)["why"]
    assert "Fri 16 Jan 17:00 to 18:00 ET: 60 min, 180 min left." in why
    assert why[-1] == "Due Mon 19 Jan 2026 11:00 ET."
    assert "The page names no holidays: we count none." in why
    given = asked("due", plan="websan/success", received=FRIDAY_EVENING, holidays=[])["why"]
    assert "Holidays: none." in given
    assert not any("we count" in step for step in given)


@pytest.mark.parametrize("plan", TERRASOFT)
def test_terrasoft_publishes_no_target_so_none_is_computed_t7(plan):
    assert asked("due", plan=plan, received=FRIDAY_EVENING, priority="critical") == {"target": "not published"}
    assert asked("elapsed", plan=plan, **{"from": FRIDAY_EVENING, "to": FRIDAY_EVENING}) == {"minutes": "not published"}
    assert asked("entitlements", plan=plan)["targets"] == [{"target": "not published", "clauses": ["T7"]}]


def test_elapsed_is_whole_minutes_of_business():
    def minutes(since, to):
        return asked("elapsed", plan="websan/base", **{"from": since, "to": to})["minutes"]

    assert minutes("2026-01-16T22:00:00Z", "2026-01-19T14:00:59Z") == 120
    assert minutes("2026-01-17T00:00:00Z", "2026-01-18T00:00:00Z") == 0
    assert minutes("2026-01-19T15:00:00Z", "2026-01-19T14:00:00Z") == 0


@pytest.mark.parametrize(
    ("plan", "users", "total", "clause"),
    [
        ("websan/base", 1, "225.00", "W10"),
        ("websan/base", 2, "285.00", "W10"),
        ("websan/success", 12, "1434.00", "W16"),
        ("websan/winning", 25, "2604.00", "W20"),
    ],
)
def test_a_price_by_users(plan, users, total, clause):
    assert asked("price", plan=plan, users=users) == {"total": total, "per": "month", "clauses": [clause]}


@pytest.mark.parametrize("users", [0, -1, 1.5, 1.0, "3", True, None, 10**12])
def test_no_price_for_what_counts_no_users(users):
    assert "error" in asked("price", plan="websan/base", users=users)


@pytest.mark.parametrize(
    ("plan", "total", "price"),
    [
        ("terrasoft/basic", "40000.00", "4000.00"),
        ("terrasoft/standard", 40000, "8000.00"),
        ("terrasoft/premium", 40000.5, "20000.25"),
        ("terrasoft/basic", "0.05", "0.01"),
        ("terrasoft/premium", "0.01", "0.01"),
    ],
)
def test_a_share_of_the_licences_half_up_to_the_cent_t13(plan, total, price):
    answer = asked("price", plan=plan, licence_total=total, licences=5)
    assert (answer["total"], answer["per"]) == (price, "contract")
    assert {"T13", "T17"} <= set(answer["clauses"])
    assert Decimal(answer["total"]) == Decimal(price)


@pytest.mark.parametrize("total", ["-1", "NaN", "1e3", "40,000", "", True, None, [1]])
def test_no_price_of_what_is_no_amount(total):
    assert "error" in asked("price", plan="terrasoft/basic", licence_total=total, licences=5)


def test_premium_with_four_licences_is_refused_t9():
    answer = asked("price", plan="terrasoft/premium", licence_total="40000", licences=4)
    assert answer == {"error": "Premium needs 5 licences or more; there are 4. (T9)", "clauses": ["T9"]}
    reasons = asked("contract", plan="terrasoft/premium", licences=4, months=12)["reasons"]
    assert [reason["clauses"] for reason in reasons] == [["T9"]]


@pytest.mark.parametrize(
    ("contract", "clauses"),
    [
        ({"licences": 5, "months": 12}, []),
        ({"months": 11}, ["T14"]),
        ({"owned": ["CRM", "XRM"], "covered": ["Terrasoft XRM", "terrasoft crm"]}, []),
        ({"owned": ["CRM", "XRM"], "covered": ["CRM"]}, ["T14"]),
        ({"owned": ["Word"], "covered": ["Word"]}, ["T2"]),
        ({"licences": 1, "months": 1, "owned": ["CRM"], "covered": []}, ["T9", "T14", "T14"]),
    ],
)
def test_what_stands_against_a_contract(contract, clauses):
    answer = asked("contract", plan="terrasoft/premium", **contract)
    assert answer["ok"] == (not clauses)
    assert [clause for reason in answer["reasons"] for clause in reason["clauses"]] == clauses


@pytest.mark.parametrize(
    ("licences", "remaining", "added", "period", "days"),
    [(10, 100, 5, 365, 88), (10, 100, 0, 365, 0), (10, 365, 5, 100, 0), (1, 0, 1, 1, 0), (1, 0, 1, 2, 1)],
)
def test_an_extension_is_whole_days_and_never_takes_any_t16(licences, remaining, added, period, days):
    answer = asked("extension", licences=licences, remaining_days=remaining, added=added, new_period_days=period)
    assert answer == {"extension_days": days, "estimate": True, "clauses": ["T16"]}


def test_an_extension_of_nothing_is_refused():
    assert "error" in asked("extension", licences=0, remaining_days=1, added=1, new_period_days=365)
    assert "error" in asked("extension", licences=1, remaining_days=-1, added=1, new_period_days=365)
    assert "error" in asked("extension", licences=1, remaining_days=1, added=1.5, new_period_days=365)


def test_notice_and_new_terms_count_days_of_the_calendar_w36_w48():
    answer = asked("notice", provider="websan", received="2028-02-01")
    assert answer["earliest_end"] == "2028-03-02"
    assert answer["clauses"] == ["W48", "W44", "W49"]
    assert asked("terms", published="2025-12-29") == {"earliest_effective": "2026-01-05"}
    assert asked("terms", published="2025-12-29", provider="terrasoft") == {"earliest_effective": "not published"}
    assert asked("notice", provider="terrasoft", received="2026-01-31")["earliest_end"] == "not published"
    assert "error" in asked("notice", provider="websan", received="2026-02-30")
    assert "error" in asked("notice", provider="websan", received="9999-12-31")


@pytest.mark.parametrize(
    ("given", "breached", "kind"),
    [
        ({}, True, "on_reprioritisation"),
        ({"was_breached": False}, True, "on_reprioritisation"),
        ({"was_breached": True}, True, "missed"),
        ({"new_minutes": 480}, False, None),
        ({"new_minutes": 480, "was_breached": True}, True, "missed"),
        ({"changed": "2026-01-19T16:00:00Z"}, False, None),
    ],
)
def test_a_changed_target_counts_what_had_elapsed_r7(given, breached, kind):
    line = {
        "received": "2026-01-19T14:00:00Z",
        "old_minutes": 480,
        "new_minutes": 120,
        "changed": "2026-01-19T17:00:00Z",
    }
    answer = asked("recompute", **{**line, **given})
    assert (answer["breached"], answer["breach_kind"]) == (breached, kind)


FACTS = {  # what the answer says, by clause; None: the page is silent
    ("websan", "response_time"): ("8 hours on Base, 4 on Success and 2 on Winning", "W46"),
    ("websan", "support_hours"): ("8 am to 6 pm ET", "W47"),
    ("websan", "hours"): ("8 am to 6 pm ET", "W47"),
    ("websan", "phone"): ("+1-866-493-2726", "W1"),
    ("websan", "escalation_address"): ("support@websan.com", "W53"),
    ("websan", "Closing rule"): ("when you say that it is", "W59"),
    ("websan", "refunds"): ("not paid back", "W49"),
    ("websan", "privacy_policy"): ("https://www.websan.com/privacy-policy", "W31"),
    ("websan", "work_ownership"): ("unconditional, perpetual", "W39"),
    ("websan", "holidays"): (None, "W47"),
    ("websan", "resolution_time"): (None, "W46"),
    ("websan", "weekend_cover"): (None, "W47"),
    ("websan", "supported_browsers"): (None, "W34"),
    ("websan", "attachment_limit"): (None, None),
    ("websan", "attachment_size"): (None, None),
    ("websan", "currency"): (None, "W10"),
    ("websan", "priorities"): (None, "W45"),
    ("websan", "csat"): (None, None),
    ("websan", "auto_close"): (None, "W59"),
    ("websan", "the meaning of life"): (None, None),
    ("terrasoft", "response_time"): (None, "T7"),
    ("terrasoft", "support_hours"): (None, "T18"),
    ("terrasoft", "phone"): (None, "T18"),
    ("terrasoft", "escalation_address"): (None, "T18"),
    ("terrasoft", "closing_rule"): (None, "T18"),
    ("terrasoft", "currency"): (None, "T13"),
    ("terrasoft", "prices"): ("Basic 10%, Standard 20%, Premium 50%", "T13"),
    ("terrasoft", "contact_rule"): ("one only", "T10"),
}


@pytest.mark.parametrize(("question", "expected"), FACTS.items())
def test_facts_have_their_clause_and_silence_is_an_answer(question, expected):
    says, clause = expected
    answer = asked("fact", provider=question[0], question=question[1])
    assert answer["clause"] == clause
    assert answer["answer"] == "not published" if says is None else says in answer["answer"]


@pytest.mark.parametrize(
    ("plan", "kind", "minutes", "verdict", "clause"),
    [
        ("websan/base", "break_fix", 300, "covered", "W7"),
        ("websan/winning", "tweak", 60, "covered", "W19"),
        ("websan/winning", "tweak", 61, "mini_project_tm", "W24"),
        ("websan/success", "tweak", 20, "not_in_plan_offer_tm_or_upgrade", "W19"),
        ("websan/base", "client_caused_break_fix", None, "covered_but_may_be_charged", "W38"),
        ("websan/base", "ssrs_report", None, "excluded_tm", "W32"),
        ("websan/base", "hardware", None, "excluded", "W34"),
        ("websan/base", "architecture_change", None, "plan_separately", "W25"),
        ("websan/base", "out_of_scope_change", 60, "time_and_materials", "W23"),
        ("terrasoft/basic", "ssrs_report", None, "covered", "T3"),
        ("terrasoft/basic", "custom_plugin", None, "covered", "T3"),
        ("terrasoft/basic", "hardware", None, "excluded", "T12"),
        ("terrasoft/basic", "training", None, "unknown", None),
    ],
)
def test_coverage_is_a_provisional_verdict_with_its_clause(plan, kind, minutes, verdict, clause):
    answer = asked("coverage", plan=plan, kind=kind, minutes=minutes)
    assert (answer["verdict"], answer["final"], next(iter(answer["clauses"]), None)) == (verdict, False, clause)
    assert "A person will confirm it." in answer["sentence"]


def test_coverage_of_somebodys_own_words():
    answer = asked("coverage", plan="websan/base", text="The plug-in that you wrote for us throws an error")
    assert (answer["kind"], answer["verdict"]) == ("custom_plugin", "excluded")
    assert asked("coverage", plan="websan/base", text="hello")["verdict"] == "unknown"


@pytest.mark.parametrize(
    "wrong", [{}, {"kind": "magic"}, {"kind": "tweak", "minutes": -1}, {"kind": "tweak", "minutes": 1.5}, {"text": ""}]
)
def test_coverage_of_nothing_is_refused(wrong):
    assert "error" in asked("coverage", plan="websan/winning", **wrong)


@pytest.mark.parametrize(
    ("plan", "features", "price", "minutes", "contacts", "excluded"),
    [
        (
            "websan/base",
            {"W6", "W7", "W8"},
            "W10",
            480,
            "W27",
            {"W19", "W23", "W32", "W34", "W35", "W25", "W22", "W14", "W3"},
        ),
        (
            "websan/success",
            {"W6", "W7", "W8", "W13", "W14"},
            "W16",
            240,
            "W27",
            {"W19", "W23", "W32", "W34", "W35", "W25", "W22"},
        ),
        (
            "websan/winning",
            {"W6", "W7", "W8", "W13", "W14", "W17", "W19"},
            "W20",
            120,
            "W27",
            {"W23", "W32", "W34", "W35", "W25", "W22"},
        ),
        ("terrasoft/premium", {"T3", "T4", "T5", "T11"}, "T13", None, "T10", {"T12"}),
    ],
)
def test_entitlements_cite_a_clause_for_each(plan, features, price, minutes, contacts, excluded):
    answer = asked("entitlements", plan=plan)
    assert cited(answer["features"]) == features
    assert answer["prices"][0]["clauses"][0] == price
    assert answer["targets"][0].get("minutes") == minutes
    assert answer["contacts"]["clauses"] == [contacts]
    assert cited(answer["exclusions"]) == excluded


def test_entitlements_tell_who_answers_and_what_is_asked_of_the_customer():
    base, premium = asked("entitlements", plan="websan/base"), asked("entitlements", plan="terrasoft/premium")
    assert next(it for it in base["covered"] if it["kind"] == "how_do_i")["answered_by"] == "knowledge"
    assert cited(base["conditions"]) == {"W11", "W43"}
    assert cited(premium["conditions"]) == {"T8", "T9", "T14", "T15"}


def cited(entries):
    return {clause for entry in entries for clause in entry["clauses"]}
