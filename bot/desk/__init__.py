"""The use cases of the desk: what can be done to a case. Every one finds it (and is allowed to), then records."""

from bot.desk.agreeing import accept, asks_rating, client_caused, comment, cover, decline, quote, rate, what_is_meant
from bot.desk.appointments import agree, schedule, turn_down
from bot.desk.arranging import open_for_contact, split, transfer
from bot.desk.clauses import cited
from bot.desk.closing import (
    code_delivered,
    confirm,
    force_close,
    not_solved,
    relate_to_closed,
    reopen,
    resolve,
    solved,
    withdraw,
)
from bot.desk.confirming import confirm_all, to_confirm
from bot.desk.covering import asks_effort, not_that, preview, reckon, request, turning, undecided
from bot.desk.doors import CaseRef, find, record
from bot.desk.drafting import draft_article
from bot.desk.duty import any_hour, come_back, go_away, who_is_on_call
from bot.desk.editing import change, remove_files, take_back
from bot.desk.eligibility import confirm_eligibility
from bot.desk.entitlements import Entitlement, Offer, entitlement, fact, offers, provider_of
from bot.desk.following import follow, unfollow
from bot.desk.grouping import link_cases, unlink_cases
from bot.desk.handing_over import asked, hand_over, not_needed
from bot.desk.language import choose_language, choose_zone
from bot.desk.leaving import leave, whois
from bot.desk.linking import invite
from bot.desk.looking import company, company_at_risk, history, see
from bot.desk.merging import merge
from bot.desk.moving import movable, move, others
from bot.desk.naming import appoint_deputy, change_contact_person, nominate
from bot.desk.opening import ENRICHING, complete, eligible, enrich, ineligible, open_case
from bot.desk.prioritising import accept_priority, decline_priority, prioritise
from bot.desk.queueing import Queue, queue
from bot.desk.views import CaseView, pictured, view
from bot.desk.waiting import Edit
from bot.desk.working import acknowledge, ask_person, assign, call, escalate, note, reply, say, take, wait

__all__ = [
    "ENRICHING",
    "CaseRef",
    "CaseView",
    "Edit",
    "Entitlement",
    "Offer",
    "Queue",
    "accept",
    "accept_priority",
    "acknowledge",
    "agree",
    "any_hour",
    "appoint_deputy",
    "ask_person",
    "asked",
    "asks_effort",
    "asks_rating",
    "assign",
    "call",
    "change",
    "change_contact_person",
    "choose_language",
    "choose_zone",
    "cited",
    "client_caused",
    "code_delivered",
    "come_back",
    "comment",
    "company",
    "company_at_risk",
    "complete",
    "confirm",
    "confirm_all",
    "confirm_eligibility",
    "cover",
    "decline",
    "decline_priority",
    "draft_article",
    "eligible",
    "enrich",
    "entitlement",
    "escalate",
    "fact",
    "find",
    "follow",
    "force_close",
    "go_away",
    "hand_over",
    "history",
    "ineligible",
    "invite",
    "leave",
    "link_cases",
    "merge",
    "movable",
    "move",
    "nominate",
    "not_needed",
    "not_solved",
    "not_that",
    "note",
    "offers",
    "open_case",
    "open_for_contact",
    "others",
    "pictured",
    "preview",
    "prioritise",
    "provider_of",
    "queue",
    "quote",
    "rate",
    "reckon",
    "record",
    "relate_to_closed",
    "remove_files",
    "reopen",
    "reply",
    "request",
    "resolve",
    "say",
    "schedule",
    "see",
    "solved",
    "split",
    "take",
    "take_back",
    "to_confirm",
    "transfer",
    "turn_down",
    "turning",
    "undecided",
    "unfollow",
    "unlink_cases",
    "view",
    "wait",
    "what_is_meant",
    "who_is_on_call",
    "whois",
    "withdraw",
]
