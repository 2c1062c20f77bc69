"""The use cases of the desk: what can be done to a case. Every one finds it (and is allowed to), then records."""

from bot.desk.agreeing import accept, client_caused, cover, decline, prioritise, quote, rate
from bot.desk.appointments import about_a_time, agree, schedule, turn_down
from bot.desk.arranging import merge, nominate, open_for_contact, split, transfer, whois
from bot.desk.closing import confirm, force_close, not_solved, reopen, resolve, solved, withdraw
from bot.desk.doors import CaseRef, find, record
from bot.desk.drafting import draft_article
from bot.desk.duty import any_hour, come_back, go_away, who_is_on_call
from bot.desk.entitlements import Entitlement, Offer, entitlement, fact, offers, provider_of
from bot.desk.language import choose_language
from bot.desk.looking import company, company_at_risk, history, queue, see
from bot.desk.moving import movable, move, others
from bot.desk.opening import ENRICHING, complete, enrich, open_case
from bot.desk.views import CaseView, view
from bot.desk.working import acknowledge, ask_person, assign, call, escalate, note, reply, say, take, wait

__all__ = [
    "ENRICHING",
    "CaseRef",
    "CaseView",
    "Entitlement",
    "Offer",
    "about_a_time",
    "accept",
    "acknowledge",
    "agree",
    "any_hour",
    "ask_person",
    "assign",
    "call",
    "choose_language",
    "client_caused",
    "come_back",
    "company",
    "company_at_risk",
    "complete",
    "confirm",
    "cover",
    "decline",
    "draft_article",
    "enrich",
    "entitlement",
    "escalate",
    "fact",
    "find",
    "force_close",
    "go_away",
    "history",
    "merge",
    "movable",
    "move",
    "nominate",
    "not_solved",
    "note",
    "offers",
    "open_case",
    "open_for_contact",
    "others",
    "prioritise",
    "provider_of",
    "queue",
    "quote",
    "rate",
    "record",
    "reopen",
    "reply",
    "resolve",
    "say",
    "schedule",
    "see",
    "solved",
    "split",
    "take",
    "transfer",
    "turn_down",
    "view",
    "wait",
    "who_is_on_call",
    "whois",
    "withdraw",
]
