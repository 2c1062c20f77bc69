"""The use cases of the desk: what can be done to a case. Every one finds it (and is allowed to), then records."""

from bot.desk.closing import confirm, force_close, not_solved, reopen, resolve, solved, withdraw
from bot.desk.doors import CaseRef, find, record
from bot.desk.looking import company, history, queue, see
from bot.desk.opening import ENRICHING, complete, enrich, open_case
from bot.desk.views import CaseView, view
from bot.desk.working import acknowledge, ask_person, assign, call, escalate, note, reply, say, take, wait

__all__ = [
    "ENRICHING",
    "CaseRef",
    "CaseView",
    "acknowledge",
    "ask_person",
    "assign",
    "call",
    "company",
    "complete",
    "confirm",
    "enrich",
    "escalate",
    "find",
    "force_close",
    "history",
    "not_solved",
    "note",
    "open_case",
    "queue",
    "record",
    "reopen",
    "reply",
    "resolve",
    "say",
    "see",
    "solved",
    "take",
    "view",
    "wait",
    "withdraw",
]
