"""What a plan includes and costs, and a contract over its life."""

from bot import desk, text
from bot.desk import CaseRef, upgrading
from bot.desk import contracts as life
from bot.desk.eligibility import today
from bot.messages import Message
from bot.turn import Turn
from rules.lifecycle import Verb, permit
from rules.refusals import Misunderstood


def plan(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    permit(turn.actor, Verb.PLAN)
    return text.entitlement(life.standing(turn), desk.provider_of(turn), turn.actor)


def contract(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    """``plan northwind``, for the desk."""
    if not words:
        return plan(turn, _ref, words)
    found = life.contract_of(turn, words)
    return text.entitlement(found, found.mine.plan.provider, turn.actor)


def price(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    permit(turn.actor, Verb.PLAN)
    return text.prices(desk.offers(turn, words), turn.actor)


def licences(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    """``licences +2``: an estimate where support comes for licences; where it comes for users, their price."""
    permit(turn.actor, Verb.LICENCES)
    mine = desk.entitlement(turn)
    if words.endswith(" ask"):
        return text.opened(desk.view(turn, upgrading.ask_for_licences(turn, words.removesuffix(" ask"))), turn.actor)
    if life.last_provider(turn).extension is None:
        return price(turn, ref, words if words.startswith("+") else f"+{words}")
    return text.more_licences(life.more_licences(turn, words), mine.plan if mine else None, turn.actor)


def fact(turn: Turn, _ref: CaseRef | None, question: str) -> Message:
    mine = desk.entitlement(turn)
    told = text.fact(desk.fact(turn, question), desk.provider_of(turn), turn.actor, mine.contract if mine else None)
    if question != "site_visit" or turn.actor.staff:
        return told
    return text.screen_share(told, turn.work.live_cases_opened_by(turn.actor.id), turn.actor)


def termination(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    """Explained, drafted, never accepted here (W48, W49)."""
    permit(turn.actor, Verb.PLAN)
    provider, account = desk.provider_of(turn), turn.actor.account
    company = turn.work.account(account).name if account else ""
    return text.termination(life.standing(turn), provider, today(provider, turn.now), turn.actor, company)


def upgrade(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    if words.lower().startswith("from "):
        if ref is None:
            raise Misunderstood(usage=upgrading.FROM)
        seen, new, day = upgrading.apply_upgrade(turn, ref, words)
        return text.upgrade_applied(seen, new, day, turn.actor)
    return text.upgrade_proposed(upgrading.upgrade(turn, ref, words), turn.actor)


def wish(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    permit(turn.actor, Verb.WISH)
    if desk.entitlement(turn) is None:
        return text.entitlement(None, desk.provider_of(turn), turn.actor)
    seen = upgrading.wish(turn, words)
    if seen is None:
        return text.which_plan(desk.provider_of(turn), words, turn.actor)
    return text.upgrade_wished(seen, turn.actor)


def notice(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    return text.noticed(life.notice(turn, words), turn.actor)


def terminate(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    found, reason = life.terminate(turn, words)
    return text.terminated(found, turn.actor, reason, turn.actor)
