"""What WebSan's catalogue carries, row by row."""

from decimal import Decimal

import pytest

from rules.business_time import Calendar
from rules.catalogue import (
    Contacts,
    Currency,
    Kind,
    Mailbox,
    Notice,
    NotPublished,
    Page,
    PerUser,
    Phone,
    Picks,
    Target,
    TermsNotice,
    Verdict,
)
from tests.rules.shipped import BASE, SUCCESS, TERRASOFT, WEBSAN, WINNING, answer, cited, features, tweak_minutes


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
    assert [tweak_minutes(plan) for plan in (BASE, SUCCESS, WINNING)] == [None, None, 60]
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
