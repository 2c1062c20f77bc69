"""The kinds of request and the verdicts about them that every catalogue speaks in."""

from enum import StrEnum


class Kind(StrEnum):
    """What a request asks for."""

    BREAK_FIX = "break_fix"
    CLIENT_CAUSED_BREAK_FIX = "client_caused_break_fix"
    HOW_DO_I = "how_do_i"
    TWEAK = "tweak"
    OUT_OF_SCOPE_CHANGE = "out_of_scope_change"
    SSRS_REPORT = "ssrs_report"
    POWER_BI = "power_bi"
    HARDWARE = "hardware"
    UNSUPPORTED_BROWSER = "unsupported_browser"
    CUSTOM_PLUGIN = "custom_plugin"
    ARCHITECTURE_CHANGE = "architecture_change"
    PROCESS_ADVICE = "process_advice"
    PROJECT = "project"
    TRAINING = "training"
    CONSULTING = "consulting"


class Verdict(StrEnum):
    """How a request stands to a plan, until a person confirms it."""

    COVERED = "covered"
    COVERED_BUT_MAY_BE_CHARGED = "covered_but_may_be_charged"
    TIME_AND_MATERIALS = "time_and_materials"
    MINI_PROJECT_TM = "mini_project_tm"
    EXCLUDED = "excluded"
    EXCLUDED_TM = "excluded_tm"
    PLAN_SEPARATELY = "plan_separately"
    NOT_IN_PLAN = "not_in_plan_offer_tm_or_upgrade"
    UNKNOWN = "unknown"


INCLUDED = frozenset({Verdict.COVERED, Verdict.COVERED_BUT_MAY_BE_CHARGED})
UNDECIDED = frozenset({Verdict.UNKNOWN})
"""Everything else is an exclusion, of one sort or another."""
