"""What each plan covers, by kind and by a person's own words; nothing of it final."""

import dataclasses
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogues import FOLDER
from rules.catalogue import Fact, Kind, NotPublished, Picks, Verdict, load_folder
from rules.coverage import Coverage, coverage, coverage_of_text, limit
from rules.coverage_guess import classify

CATALOGUES = load_folder(FOLDER)
WEBSAN, TERRASOFT = CATALOGUES.provider("websan"), CATALOGUES.provider("terrasoft")
PLANS = tuple(CATALOGUES.plans.values())
CHARGE = re.compile(r"charg|paid|pay|cost|price|fee|bill|material|T&M|quote|estimate|hour|minute|\$|\d{2}", re.I)

V = Verdict
ALIKE = {  # on Base, Success and Winning
    "break_fix": (V.COVERED, ("W7",)),
    "client_caused_break_fix": (V.COVERED_BUT_MAY_BE_CHARGED, ("W38", "W7")),
    "out_of_scope_change": (V.TIME_AND_MATERIALS, ("W23",)),
    "ssrs_report": (V.EXCLUDED_TM, ("W32",)),
    "power_bi": (V.EXCLUDED_TM, ("W32",)),
    "hardware": (V.EXCLUDED, ("W34",)),
    "unsupported_browser": (V.EXCLUDED, ("W34",)),
    "custom_plugin": (V.EXCLUDED, ("W35",)),
    "architecture_change": (V.PLAN_SEPARATELY, ("W25",)),
    "process_advice": (V.PLAN_SEPARATELY, ("W25",)),
    "project": (V.PLAN_SEPARATELY, ("W22",)),
}
TERRASOFTS = {
    "break_fix": (V.COVERED, ("T3", "T4")),
    "how_do_i": (V.COVERED, ("T3",)),
    "consulting": (V.COVERED, ("T3",)),
    "ssrs_report": (V.COVERED, ("T3",)),
    "power_bi": (V.COVERED, ("T3",)),
    "custom_plugin": (V.COVERED, ("T3",)),
    "hardware": (V.EXCLUDED, ("T12",)),
    "unsupported_browser": (V.EXCLUDED, ("T12",)),
    "process_advice": (V.EXCLUDED, ("T12",)),
    "tweak": (V.UNKNOWN, ("T3",)),
    "architecture_change": (V.UNKNOWN, ("T3",)),
    "out_of_scope_change": (V.UNKNOWN, ()),
    "client_caused_break_fix": (V.UNKNOWN, ()),
    "project": (V.UNKNOWN, ()),
    "training": (V.UNKNOWN, ()),
}


@pytest.mark.parametrize("plan", WEBSAN.plans.values(), ids=lambda plan: plan.id)
@pytest.mark.parametrize(("kind", "expected"), ALIKE.items())
def test_websans_plans_agree_on_most_kinds(plan, kind, expected):
    found = coverage(plan, Kind(kind))
    assert (found.kind, found.verdict, found.clauses, found.by) == (kind, *expected, "person")


@pytest.mark.parametrize("plan", TERRASOFT.plans.values(), ids=lambda plan: plan.id)
@pytest.mark.parametrize(("kind", "expected"), TERRASOFTS.items())
def test_terrasoft_advises_on_its_five_areas_and_on_nothing_else_t3_t12(plan, kind, expected):
    found = coverage(plan, Kind(kind))
    assert (found.verdict, found.clauses) == expected


def test_every_kind_has_a_ruling_on_every_plan():
    assert set(TERRASOFTS) == set(Kind)
    assert set(ALIKE) | {"tweak", "how_do_i", "training", "consulting"} == set(Kind)
    assert all(set(plan.coverage) == set(Kind) for plan in PLANS)


@pytest.mark.parametrize(
    ("plan", "minutes", "verdict", "clauses"),
    [
        ("winning", 20, V.COVERED, ("W19",)),
        ("winning", 60, V.COVERED, ("W19",)),
        ("winning", 61, V.MINI_PROJECT_TM, ("W24", "W19")),
        ("winning", None, V.COVERED, ("W19",)),
        ("success", 20, V.NOT_IN_PLAN, ("W19", "W23")),
        ("success", 61, V.NOT_IN_PLAN, ("W24", "W19", "W23")),
        ("success", None, V.NOT_IN_PLAN, ("W19", "W23")),
        ("base", 60, V.NOT_IN_PLAN, ("W19", "W23")),
    ],
)
def test_a_tweak_is_winnings_alone_and_an_hour_long_at_most_w19_w23_w24(plan, minutes, verdict, clauses):
    found = coverage(CATALOGUES.plan(f"websan/{plan}"), Kind.TWEAK, minutes)
    assert (found.verdict, found.clauses) == (verdict, clauses)


def test_a_tweak_without_an_estimate_is_told_its_limit_w19():
    assert "up to 60 minutes" in coverage(CATALOGUES.plan("websan/winning"), Kind.TWEAK).sentence
    assert "60 minutes" not in coverage(CATALOGUES.plan("websan/success"), Kind.TWEAK).sentence


@pytest.mark.parametrize(
    ("minutes", "verdict", "clauses"),
    [
        (None, V.TIME_AND_MATERIALS, ("W23",)),
        (60, V.TIME_AND_MATERIALS, ("W23",)),
        (61, V.MINI_PROJECT_TM, ("W24", "W23")),
    ],
)
@pytest.mark.parametrize("plan", ["base", "winning"])
def test_a_change_of_more_than_an_hour_is_a_mini_project_w24(plan, minutes, verdict, clauses):
    found = coverage(CATALOGUES.plan(f"websan/{plan}"), Kind.OUT_OF_SCOPE_CHANGE, minutes)
    assert (found.verdict, found.clauses) == (verdict, clauses)


@given(st.sampled_from(PLANS), st.none() | st.integers(0, 10**6))
def test_a_repair_stays_covered_however_long_it_takes_and_nobody_speaks_of_money_w7_w24(plan, minutes):
    for found in (coverage(plan, Kind.BREAK_FIX, minutes), coverage_of_text(plan, "The form is broken", minutes)):
        assert found.verdict == V.COVERED
        assert "W24" not in found.clauses
        assert not CHARGE.search(found.sentence)


def test_base_answers_how_to_from_articles_and_offers_consulting_elsewhere_w3_w8_w14():
    base, success = CATALOGUES.plan("websan/base"), CATALOGUES.plan("websan/success")
    for plan, kind, *expected in [
        (base, Kind.HOW_DO_I, V.COVERED, ("W8", "W14"), "knowledge"),
        (base, Kind.TRAINING, V.COVERED, ("W8", "W3"), "knowledge"),
        (base, Kind.CONSULTING, V.NOT_IN_PLAN, ("W14", "W3"), "person"),
        (success, Kind.HOW_DO_I, V.COVERED, ("W14",), "person"),
        (success, Kind.TRAINING, V.COVERED, ("W3", "W14"), "person"),
        (success, Kind.CONSULTING, V.COVERED, ("W3", "W14"), "person"),
    ]:
        found = coverage(plan, kind)
        assert [found.verdict, found.clauses, found.by] == expected


def test_a_contract_can_add_what_terrasoft_leaves_out_t12():
    plan = CATALOGUES.plan("terrasoft/basic")
    assert coverage(plan, Kind.HARDWARE, allowed={Kind.HARDWARE}).verdict == V.COVERED
    assert coverage(plan, Kind.HARDWARE, allowed={Kind.PROCESS_ADVICE}).verdict == V.EXCLUDED
    assert coverage_of_text(plan, "my laptop is broken", allowed={Kind.HARDWARE}).clauses == ("T12",)


def test_no_contract_adds_what_websan_leaves_out_w32():
    assert coverage(CATALOGUES.plan("websan/base"), Kind.POWER_BI, allowed=set(Kind)).verdict == V.EXCLUDED_TM


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.id)
@pytest.mark.parametrize("kind", [*Kind, None])
def test_every_verdict_is_provisional_and_says_so_with_its_clauses_w37(plan, kind):
    for minutes in (None, 61):
        found = coverage(plan, kind, minutes)
        assert found.final is False
        assert found.sentence.endswith("A person will confirm it.")
        assert all(
            f"({id})" in found.sentence and plan.provider.clauses[id].says in found.sentence for id in found.clauses
        )
        assert found.clauses or found.verdict == V.UNKNOWN


def test_nobody_can_make_a_verdict_final_w37():
    found = coverage(PLANS[0], Kind.HARDWARE)
    with pytest.raises(TypeError):
        Coverage(Kind.HARDWARE, V.EXCLUDED, (), "No.", final=True)  # type: ignore[call-arg]
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.final = True  # type: ignore[misc, assignment]


def test_what_is_not_known_is_unknown():
    found = coverage(PLANS[0], None)
    assert (found.kind, found.verdict, found.clauses) == (None, V.UNKNOWN, ())


# From a person's words to a kind.

SAID = {
    "The quote form is broken": "break_fix",
    "quote form broken": "break_fix",
    "I get an error when saving a quote": "break_fix",
    "Outlook sync stopped working this morning": "break_fix",
    "Nobody can log in, Dynamics is down!!": "break_fix",
    "I can\u2019t create a new account": "break_fix",
    "the business process flow is stuck": "break_fix",
    "In Firefox the quote form doesn't load": "break_fix",  # which browsers are supported is not published (W34)
    "The form fails on my laptop": "break_fix",
    "The Outlook plugin crashes": "break_fix",
    "I updated the contact and got an error": "break_fix",
    # Ordinary views, charts, dashboards and exports are no excluded reports (W32).
    "The pipeline chart on my dashboard shows wrong numbers": "break_fix",
    "Export to Excel fails": "break_fix",
    "The active accounts view is empty": "break_fix",
    "Can you rename the dashboard on the sales tab": "tweak",
    "Not a Power BI report, just an ordinary view that doesn't load": "break_fix",
    "There's no Power BI involved, the quote form is broken": "break_fix",
    "Power BI works fine but the quote form is broken": "break_fix",
    "We can't open the Power BI report": "power_bi",
    "POWERBI tiles do not refresh": "power_bi",
    "The SSRS invoice report shows wrong totals": "ssrs_report",
    "SSRS and Power BI both fail": "ssrs_report",
    "My report is wrong": None,
    "How do I run a report?": None,
    "We want to report a fault": None,
    "We want to report an error on the quote form": "break_fix",
    "PBI tiles are blank": "power_bi",
    "My laptop won't start": "hardware",
    "Keyboard broken": "hardware",
    "The keyboard shortcut is broken": "break_fix",
    "The printer works fine but the quote form is broken": "break_fix",
    "Microsoft 365 has an outage": "hardware",
    "Is Azure down?": "hardware",
    "The Microsoft sync is slow": "break_fix",
    "Please replace our printer": "hardware",
    "Azure is down": "hardware",
    "Form looks odd in Internet Explorer 11": "unsupported_browser",
    "It says this browser is not supported": "unsupported_browser",
    "Our custom plug-in throws an exception": "custom_plugin",
    "the plugins fail after the upgrade": "custom_plugin",
    "A custom workflow assembly fails": "custom_plugin",
    "The custom field fails": "break_fix",
    "We can't update the record, it fails since the upgrade": "break_fix",
    "Can you change the custom code in the form?": "custom_plugin",
    "Please adjust the plug-in for the Power BI report": None,
    "We changed the approval workflow and now quotes fail": "client_caused_break_fix",
    "How do I close a case in Dynamics": "how_do_i",
    "How do I create a new view?": "how_do_i",
    "how to export contacts to excel?": "how_do_i",
    "How do I fix the error on the form?": None,
    'Please rename the "Region" field on the account form': "tweak",
    "Could you hide two columns in the opportunity view": "tweak",
    "Please build us a new integration with SAP": "out_of_scope_change",
    "We want a new entity for vehicles": "out_of_scope_change",
    "Please integrate Dynamics with Mailchimp": "out_of_scope_change",
    "Could you make the phone field mandatory?": "tweak",
    "Phase 2 of our project: can you plan it?": "project",
    "Please redesign our data model": "architecture_change",
    "Merge our two CRM instances": "architecture_change",
    "Merge our two contacts": None,
    "How should we organise our sales process?": None,
    "Nobody can open a case": "break_fix",
    "Dynamics is very slow today": "break_fix",
    "The approval workflow does not fire": "break_fix",
    "Can you advise us on our sales process?": "process_advice",
    "We need training for the new users": "training",
    "Can you train our sales team?": "training",
    "I'd like a consultation about licences": "consulting",
    "hello": None,
    "thanks, works now": None,
    "unsere Berichte gehen nicht": None,
    "powerbible ssrsx hardwareless pluginesque": None,
    "": None,
}


@pytest.mark.parametrize(("text", "kind"), SAID.items())
def test_words_name_a_kind_only_beyond_doubt(text, kind):
    assert classify(text, WEBSAN) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The sales report in Terrasoft CRM is empty", "ssrs_report"),
        ("How do we build reports?", "ssrs_report"),
        ("I want to report a fault", None),
        ("Can you report the fault", None),
        ("Users report that nothing happens", "break_fix"),
        ("There is something to report", None),
        ("Not a report: the form is broken", "break_fix"),
        ("Our plug-in fails", "custom_plugin"),
        ("Our script fails", "custom_plugin"),
        ("Third party integration with SAP", "consulting"),
        ("Help us with the version update", "consulting"),
        ("The form is broken since the version update", "consulting"),
        ("Please set up the local-area network", "hardware"),
        ("Terrasoft Training", None),
        ("Terrasoft Press crashes", "break_fix"),
        ("We need training for our users", "training"),
    ],
)
def test_terrasofts_customers_have_words_of_their_own_t2_t3_t12(text, kind):
    assert classify(text, TERRASOFT) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("In Firefox the quote form doesn't load", "unsupported_browser"),
        ("In Firefox and in Chrome the quote form doesn't load", "break_fix"),
        ("Internet Explorer shows a blank page", "unsupported_browser"),
        ("In an edge case the form is broken", "break_fix"),
        ("The quote form is broken", "break_fix"),
    ],
)
def test_a_browser_is_unsupported_once_the_operator_lists_others_w34(text, kind):
    listed = dataclasses.replace(WEBSAN, browsers=Picks(("Microsoft Edge", "Chrome"), ("W34",)))
    assert classify(text, listed) == kind
    assert listed.fact("supported_browsers") == Fact("supported_browsers", "Microsoft Edge, Chrome", ("W34",))
    assert isinstance(WEBSAN.fact("supported_browsers"), NotPublished)


def test_where_microsoft_may_be_down_its_own_page_is_named_w34():
    plan = CATALOGUES.plan("websan/base")
    page = "Whether Microsoft's services are down, it says itself: https://status.cloud.microsoft (W34)."
    assert page in coverage_of_text(plan, "Azure is down").sentence
    assert page not in coverage_of_text(plan, "My laptop is broken").sentence
    assert page not in coverage_of_text(CATALOGUES.plan("terrasoft/basic"), "Azure is down").sentence


def test_an_update_is_split_into_what_is_included_and_what_is_not_t11():
    plan = CATALOGUES.plan("terrasoft/basic")
    for text in ("Please carry out the version update", "Could you upgrade our CRM to the latest version?"):
        found = coverage_of_text(plan, text)
        assert (found.kind, found.verdict, found.clauses) == (Kind.CONSULTING, V.EXCLUDED, ("T11", "T3"))
    assert coverage_of_text(plan, "Please advise on the version update").verdict == V.COVERED
    assert coverage_of_text(plan, "The form is broken since the update").verdict == V.COVERED
    assert coverage_of_text(CATALOGUES.plan("websan/base"), text).verdict == V.UNKNOWN
    assert found.sentence.startswith("Only a part of this looks covered.")
    assert "The licences for it: covered. Advice on it: covered. Carrying it out: not covered." in found.sentence


def test_the_minutes_on_which_a_change_turns_are_its_plans_own_w23_t7():
    assert [limit(plan) for plan in PLANS] == [60 if plan.provider is WEBSAN else None for plan in PLANS]


def test_only_a_covered_tweak_is_tied_to_business_hours_w19():
    plan = CATALOGUES.plan("websan/winning")
    assert coverage(plan, Kind.TWEAK, 60).in_hours
    assert not coverage(plan, Kind.TWEAK, 61).in_hours
    assert not coverage(plan, Kind.BREAK_FIX).in_hours


def test_a_provider_without_a_list_of_products_is_read_the_same():
    assert classify("The form is broken", dataclasses.replace(WEBSAN, products=None)) == Kind.BREAK_FIX


def test_a_report_and_a_plug_in_are_left_out_by_one_and_covered_by_the_other_t3_w32_w35():
    websan, terrasoft = CATALOGUES.plan("websan/winning"), CATALOGUES.plan("terrasoft/basic")
    for text, excluded in [("The Power BI report is empty", "W32"), ("Our plug-in fails", "W35")]:
        assert coverage_of_text(websan, text).clauses == (excluded,)
        assert coverage_of_text(terrasoft, text).verdict == V.COVERED
        assert coverage_of_text(terrasoft, text).clauses == ("T3",)


def test_an_estimate_counts_beside_the_words_w24():
    plan, text = CATALOGUES.plan("websan/winning"), "Please rename the Region field"
    assert [coverage_of_text(plan, text, minutes).verdict for minutes in (60, 61)] == [V.COVERED, V.MINI_PROJECT_TM]


def test_a_sentence_about_ordinary_things_is_never_excluded_w32():
    things = ["view", "chart", "dashboard", "Excel export", "form", "advanced find", "export to Excel"]
    wrong = ["The {} is broken", "{} shows wrong totals", "How do I change a {}?", "my {} looks odd", "{}"]
    for plan in PLANS:
        found = {coverage_of_text(plan, one.format(thing)).verdict for thing in things for one in wrong}
        assert found <= {V.COVERED, V.UNKNOWN}


@pytest.mark.parametrize("unit", ["no error ", "not a power bi ", "report a ", "my laptop has ", "we ", "\ufdfa", "a-"])
def test_the_longest_message_is_still_looked_at_quickly(unit):
    assert classify(unit * 100_000, TERRASOFT) in (None, Kind.SSRS_REPORT)
