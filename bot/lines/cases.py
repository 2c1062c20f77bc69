"""What is said of a case: how it stands, and what each side does to it."""

from bot import desk, text
from bot.attachments import listed
from bot.desk import CaseRef
from bot.desk.agreeing import last_confirmed
from bot.desk.assigning import by_turn
from bot.lines import given
from bot.messages import Message
from bot.turn import Turn
from rules.lifecycle import Verb, permit
from rules.refusals import Misunderstood


def status(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    if ref is None:
        return text.cases(desk.company(turn), turn.actor) if not turn.actor.staff else queue(turn, ref, "")
    return text.card(desk.see(turn, ref), turn.actor)


def show(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    found = desk.history(turn, given(ref))
    return text.with_list(text.history(*found, turn.actor), listed(turn, found[0].case.id), turn.actor)


def queue(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    return text.queue(desk.queue(turn, words), turn.actor)


def at_risk(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    return text.short_of_time(desk.company_at_risk(turn), turn.actor)


def cases(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    return text.cases(desk.company(turn), turn.actor)


def say(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    return text.added(desk.view(turn, desk.say(turn, given(ref), words)), turn.actor)


def add(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    """Where one conversation holds all their matters: to the only open case, as long as they do not say otherwise."""
    case = desk.say(turn, given(ref), words)
    return text.added(desk.view(turn, case), turn.actor, turn.work.last_said(case.id, turn.actor.id))


def move(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    """``move 1042 57``: where to? ``move 1042 57 1043``, ``move 1042 57 new``: there."""
    case, event, to = desk.movable(turn, given(ref), words)
    if not to:
        return text.where_to(desk.view(turn, case), event.id, desk.others(turn, case), turn.actor)
    return text.moved(desk.view(turn, desk.move(turn, case, event, to)), turn.actor)


def solved(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    return text.works_now(desk.view(turn, desk.solved(turn, given(ref))), turn.actor)


def confirm(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    case = desk.confirm(turn, given(ref))
    return text.thanks(desk.view(turn, case), turn.actor, desk.asks_rating(turn, case))


def confirm_all(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    """The list first; what its button says names each as it was listed."""
    if words.rstrip(" .!").lower() in ("", "please"):
        return text.to_confirm(desk.to_confirm(turn), turn.actor)
    return text.confirmed_all(desk.confirm_all(turn, words), turn.actor)


def rate(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    number = ref.number if ref else last_confirmed(turn)
    if number is None:
        raise Misunderstood(usage="rate 1042 5")
    return text.rated(desk.view(turn, desk.rate(turn, CaseRef(number), words)), " " in words.strip(), turn.actor)


def comment(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    return text.rated(desk.view(turn, desk.comment(turn, given(ref), words)), True, turn.actor)


def reopen(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    """Too late for that, it is a new case."""
    case = desk.reopen(turn, given(ref), words)
    anew = case.cycle == 1  # what was reopened is in its second at least
    return (text.opened if anew else text.done)(desk.view(turn, case), turn.actor)


def assign(turn: Turn, ref: CaseRef | None, who: str) -> Message:
    seen = desk.view(turn, desk.assign(turn, given(ref), who))
    return (text.given_in_turn if by_turn(who) else text.done)(seen, turn.actor)


def transfer(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    case, new = desk.transfer(turn, given(ref), words)
    return text.transferred(desk.view(turn, case), new, turn.actor)


def escalate(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    return text.escalated(desk.view(turn, desk.escalate(turn, given(ref), words)), turn.actor)


A_PERSON = "A person, please"


def person(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    """Ends the questions; who has no case gets one, since a person answers cases."""
    if ref is None:
        return text.opened(desk.view(turn, desk.open_case(turn, words or A_PERSON, person=True)), turn.actor)
    return text.asked_person(desk.view(turn, desk.ask_person(turn, ref)), turn.actor)


def ack(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    return text.acknowledged(desk.view(turn, desk.acknowledge(turn, given(ref))), turn.actor)


def close(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    return text.resolved(desk.view(turn, desk.resolve(turn, given(ref), words)), turn.actor)


def resolve(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    """Asks first: a sign is put on a card more easily than a sentence is written."""
    permit(turn.actor, Verb.RESOLVE)
    return text.shall_i_resolve(desk.see(turn, given(ref)), turn.actor)


def note(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    return text.noted(desk.view(turn, desk.note(turn, given(ref), words)), turn.actor)


def merge(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    return text.merged(desk.view(turn, desk.merge(turn, given(ref), words)), turn.actor)


def link(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    case, other = desk.link_cases(turn, given(ref), words)
    return text.related(case.id, other.id, turn.actor)


def unlink(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    case, other = desk.unlink_cases(turn, given(ref), words)
    return text.unrelated(case.id, other.id, turn.actor)


def draft_article(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    case, draft = desk.draft_article(turn, given(ref))
    return text.drafted(desk.view(turn, case), draft.slug, turn.actor)


def open_for(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    return text.opened_for(desk.view(turn, desk.open_for_contact(turn, words)), turn.actor)


def split(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    return text.opened_for(desk.view(turn, desk.split(turn, given(ref), words)), turn.actor)
