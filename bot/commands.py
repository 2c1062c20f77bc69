"""Every line understood: what it does, for whom, and how it is written. Buttons say the same lines."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot import desk, spoken, text
from bot.desk import CaseRef, dead
from bot.desk.inviting import dated
from bot.languages import languages
from bot.messages import Message
from bot.turn import Turn
from rules.lifecycle import RULES, Verb, permit
from rules.people import Role
from rules.refusals import Misunderstood
from store.tables import Case

Wants = Literal["no", "may", "must"]
Does = Callable[[Turn, CaseRef | None, str], Message]


@dataclass(frozen=True)
class Command:
    verb: Verb
    does: Does
    case: Wants = "must"
    """Whether the line names a case."""
    words: Wants = "no"
    """Whether people's own words follow."""
    called: str = "TEXT"
    """What they are called where its use is shown."""


@dataclass(frozen=True)
class Line:
    """A line as it was understood; ``whole``: so clearly that it is obeyed in the middle of a dialog too."""

    name: str
    case: CaseRef | None
    words: str
    whole: bool
    missing: bool = False
    """Whether the words that it needs are still to be asked for."""


WHEN = "WHEN"


def _on_case(act: Callable[[Turn, CaseRef], Case]) -> Does:
    return lambda turn, ref, _: text.done(desk.view(turn, act(turn, _given(ref))), turn.actor)


def _with_words(act: Callable[[Turn, CaseRef, str], Case]) -> Does:
    return lambda turn, ref, words: text.done(desk.view(turn, act(turn, _given(ref), words)), turn.actor)


def _given(ref: CaseRef | None) -> CaseRef:
    assert ref is not None, "parse asks for the case"
    return ref


def _status(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    if ref is None:
        return text.cases(desk.company(turn), turn.actor) if not turn.actor.staff else _queue(turn, ref, "")
    return text.card(desk.see(turn, ref), turn.actor)


def _show(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    return text.history(*desk.history(turn, _given(ref)), turn.actor)


def _queue(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    return text.queue(desk.queue(turn, words), turn.actor)


def _at_risk(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    return text.short_of_time(desk.company_at_risk(turn), turn.actor)


def _cases(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    return text.cases(desk.company(turn), turn.actor)


def _say(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    return text.added(desk.view(turn, desk.say(turn, _given(ref), words)), turn.actor)


def _add(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    """Where one conversation holds all their matters: to the only open case, as long as they do not say otherwise."""
    case = desk.say(turn, _given(ref), words)
    return text.added(desk.view(turn, case), turn.actor, turn.work.last_said(case.id, turn.actor.id))


def _move(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    """``move 1042 57``: where to? ``move 1042 57 1043``, ``move 1042 57 new``: there."""
    case, event, to = desk.movable(turn, _given(ref), words)
    if not to:
        return text.where_to(desk.view(turn, case), event.id, desk.others(turn, case), turn.actor)
    return text.moved(desk.view(turn, desk.move(turn, case, event, to)), turn.actor)


def _solved(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    return text.works_now(desk.view(turn, desk.solved(turn, _given(ref))), turn.actor)


def _confirm(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    return text.thanks(desk.view(turn, desk.confirm(turn, _given(ref))), turn.actor)


def _escalate(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    return text.escalated(desk.view(turn, desk.escalate(turn, _given(ref), words)), turn.actor)


A_PERSON = "A person, please"


def _person(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    """Ends the questions; who has no case gets one, since a person answers cases."""
    if ref is None:
        return text.opened(desk.view(turn, desk.open_case(turn, words or A_PERSON)), turn.actor)
    return text.asked_person(desk.view(turn, desk.ask_person(turn, ref)), turn.actor)


def _help(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    return text.help_(desk.provider_of(turn), turn.actor)


def _hello(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    return text.greeting(turn.actor)


def _thanks(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    return text.welcome(turn.actor)


def _ask(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    """Only reached by whoever may not ask: customers' questions begin the dialog with what the search found."""
    permit(turn.actor, Verb.ASK)
    return text.help_(desk.provider_of(turn), turn.actor)


def _ack(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    return text.acknowledged(desk.view(turn, desk.acknowledge(turn, _given(ref))), turn.actor)


def _resolve(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    """Asks first: a sign is put on a card more easily than a sentence is written."""
    permit(turn.actor, Verb.RESOLVE)
    return text.shall_i_resolve(desk.see(turn, _given(ref)), turn.actor)


def _note(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    return text.noted(desk.view(turn, desk.note(turn, _given(ref), words)), turn.actor)


def _why(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    return text.why(desk.see(turn, _given(ref)), turn.actor)


def _merge(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    return text.merged(desk.view(turn, desk.merge(turn, _given(ref), words)), turn.actor)


def _draft_article(turn: Turn, ref: CaseRef | None, _: str) -> Message:
    case, draft = desk.draft_article(turn, _given(ref))
    return text.drafted(desk.view(turn, case), draft.slug, turn.actor)


def _open_for(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    return text.opened_for(desk.view(turn, desk.open_for_contact(turn, words)), turn.actor)


def _split(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    return text.opened_for(desk.view(turn, desk.split(turn, _given(ref), words)), turn.actor)


def _whois(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    person = desk.whois(turn, words)
    return text.whois(person, turn.work.account(person.account_id) if person.account_id else None, turn.actor)


def _nominate(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    person = desk.nominate(turn, words)
    return text.whois(person, turn.work.account(person.account_id or 0), turn.actor)


def _dead(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    line, work = dead.read(turn, words), turn.work
    if line.replay:
        return text.replayed(dead.replay(work, [line.name], turn.time.machine, turn.actor.id), turn.actor)
    if line.name:
        return text.dead_letter(dead.opened(work, line.name), turn.actor)
    return text.dead_letters(dead.page(work, line.page), turn.actor)


def _schedule(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    return text.proposed(desk.view(turn, desk.schedule(turn, _given(ref), words)), turn.actor)


def _accept(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    """A quote, or the time of an appointment."""
    if desk.about_a_time(turn, _given(ref), "accept", words):
        seen = desk.view(turn, desk.agree(turn, _given(ref), words))
        return dated(text.agreed(seen, turn.actor), seen, turn.actor)
    return text.done(desk.view(turn, desk.accept(turn, _given(ref), words)), turn.actor)


def _decline(turn: Turn, ref: CaseRef | None, words: str) -> Message:
    if desk.about_a_time(turn, _given(ref), "decline", words):
        seen = desk.view(turn, desk.turn_down(turn, _given(ref), words))
        return dated(text.turned_down(seen, turn.actor), seen, turn.actor)
    return text.done(desk.view(turn, desk.decline(turn, _given(ref), words)), turn.actor)


def _away(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    return text.went_away(*desk.go_away(turn, words), turn.actor)


def _back(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    return text.came_back(desk.come_back(turn), turn.actor)


def _on_call(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    return text.on_call(desk.who_is_on_call(turn), turn.actor)


def _any_hour(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    return text.any_hour(desk.any_hour(turn, words), turn.actor)


def _language(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    return text.language_chosen(desk.choose_language(turn, words))


def _plan(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    permit(turn.actor, Verb.PLAN)
    return text.entitlement(desk.entitlement(turn), desk.provider_of(turn), turn.actor)


def _price(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    permit(turn.actor, Verb.PLAN)
    return text.prices(desk.offers(turn, words), turn.actor)


def _fact(turn: Turn, _ref: CaseRef | None, question: str) -> Message:
    return text.fact(desk.fact(turn, question), desk.provider_of(turn), turn.actor)


def _termination(turn: Turn, _ref: CaseRef | None, _words: str) -> Message:
    """Explained, drafted, never accepted here (W48, W49)."""
    permit(turn.actor, Verb.PLAN)
    return text.termination(desk.provider_of(turn), turn.now, turn.actor)


# Where a line means one thing to customers and another to staff, both stand here and the role decides.
COMMANDS: dict[str, tuple[Command, ...]] = {
    "status": (Command(Verb.SEE, _status, case="may"),),
    "show": (Command(Verb.SEE, _show),),
    "why": (Command(Verb.SEE, _why),),
    "cases": (Command(Verb.COMPANY, _cases, case="no"),),
    "at-risk": (Command(Verb.COMPANY, _at_risk, case="no"),),
    "queue": (Command(Verb.QUEUE, _queue, case="no", words="may"),),
    "take": (Command(Verb.TAKE, _on_case(desk.take)),),
    "assign": (Command(Verb.ASSIGN, _with_words(desk.assign), words="must"),),
    "ack": (Command(Verb.ACKNOWLEDGE, _ack),),
    "away": (Command(Verb.AWAY, _away, case="no", words="must", called="UNTIL [STAND-IN]"),),
    "back": (Command(Verb.BACK, _back, case="no"),),
    "on-call": (Command(Verb.ON_CALL, _on_call, case="no"),),
    "any-hour": (Command(Verb.ANY_HOUR, _any_hour, case="no", words="must", called="on | off"),),
    "language": (Command(Verb.LANGUAGE, _language, case="no", words="must", called=" | ".join(languages())),),
    "reply": (
        Command(Verb.REPLY, _with_words(desk.reply), words="must"),
        Command(Verb.SAY, _say, words="must"),
    ),
    "add": (Command(Verb.SAY, _add, words="must"),),
    "move": (Command(Verb.MOVE, _move, words="must"),),
    "note": (Command(Verb.NOTE, _note, words="must"),),
    "call": (Command(Verb.CALL, _with_words(desk.call), words="must"),),
    "wait": (Command(Verb.WAIT, _with_words(desk.wait), words="must"),),
    "priority": (Command(Verb.PRIORITISE, _with_words(desk.prioritise), words="must"),),
    "cover": (Command(Verb.COVER, _with_words(desk.cover), words="must"),),
    "client-caused": (Command(Verb.CLIENT_CAUSED, _with_words(desk.client_caused), words="must"),),
    "quote": (Command(Verb.QUOTE, _with_words(desk.quote), words="must"),),
    "schedule": (Command(Verb.SCHEDULE, _schedule, words="must", called=WHEN),),
    "accept": (Command(Verb.ACCEPT, _accept, words="may"), Command(Verb.AGREE, _accept, words="may")),
    "decline": (Command(Verb.DECLINE, _decline, words="may"), Command(Verb.TURN_DOWN, _decline, words="may")),
    "close": (Command(Verb.RESOLVE, _with_words(desk.resolve), words="may"),),
    "resolve": (Command(Verb.RESOLVE, _resolve),),
    "force-close": (Command(Verb.FORCE_CLOSE, _with_words(desk.force_close), words="must"),),
    "merge": (Command(Verb.MERGE, _merge, words="must"),),
    "split": (Command(Verb.SPLIT, _split, words="must"),),
    "draft-article": (Command(Verb.DRAFT_ARTICLE, _draft_article),),
    "transfer": (Command(Verb.TRANSFER, _with_words(desk.transfer), words="must"),),
    "open-for": (Command(Verb.OPEN_FOR, _open_for, case="no", words="must"),),
    "whois": (Command(Verb.WHOIS, _whois, case="no", words="must"),),
    "nominate": (Command(Verb.NOMINATE, _nominate, case="no", words="must"),),
    "dead": (Command(Verb.DEAD, _dead, case="no", words="may", called="17 [replay]"),),
    "solved": (Command(Verb.SOLVED, _solved),),
    "confirm": (Command(Verb.CONFIRM, _confirm),),
    "not-solved": (Command(Verb.NOT_SOLVED, _with_words(desk.not_solved), words="may"),),
    "rate": (Command(Verb.RATE, _with_words(desk.rate), words="must"),),
    "withdraw": (Command(Verb.WITHDRAW, _on_case(desk.withdraw)),),
    "reopen": (Command(Verb.REOPEN, _with_words(desk.reopen), words="may"),),
    "escalate": (Command(Verb.ESCALATE, _escalate, words="may"),),
    "person": (Command(Verb.PERSON, _person, case="may", words="may"),),
    "ask": (Command(Verb.ASK, _ask, case="no", words="must"),),
    "plan": (Command(Verb.PLAN, _plan, case="no"),),
    "price": (Command(Verb.PLAN, _price, case="no", words="may"),),
    "fact": (Command(Verb.HELP, _fact, case="no", words="must"),),
    "termination": (Command(Verb.PLAN, _termination, case="no"),),
    "help": (Command(Verb.HELP, _help, case="no"),),
    "hello": (Command(Verb.HELP, _hello, case="no"),),
    "thanks": (Command(Verb.HELP, _thanks, case="no"),),
}

_LINE = re.compile(r"(?P<mark>/case\b|/support\b|[/!])?\s*(?P<name>[a-z][a-z-]*)\b[:,]?\s*(?P<rest>.*)", re.I | re.S)
_CASE = re.compile(r"(?:case\s+)?#?(?P<number>\d{1,9})\b(?![-/.:]\d)(?:\s+r(?P<seen>\d{1,9})\b)?[:,]?\s*", re.I)


def command(name: str, role: Role) -> Command:
    """The one meant for this role; where none is, the first, whose rule then says no."""
    meant = COMMANDS[name]
    return next((one for one in meant if role in RULES[one.verb].by), meant[0])


def parse(
    line: str, role: Role, current: int | None = None, only: int | None = None, pressed: bool = False
) -> Line | None:
    """What a line asks for; None where it is no command but people's own words.

    ``current`` is the case of the thread or quoted message, ``only`` the single one that could be meant. Raises
    Misunderstood where it begins as a command (a mark, a button, a verb with a case number) and does not go on as one.
    """
    found = _LINE.fullmatch(spoken.line(line).strip())
    if found is None:
        return None
    marked, name = pressed or bool(found["mark"]), found["name"].lower()
    if name not in COMMANDS:
        if marked and (found["mark"] or "").lower() != "/support":
            raise Misunderstood(usage="help")
        return None
    wanted, rest = command(name, role), found["rest"].strip()
    number = _CASE.match(rest) if wanted.case != "no" else None
    if number and (not marked or wanted.called == WHEN) and len(number["number"]) < SHORTEST and "#" not in number[0]:
        number = None  # "Call 2 of the service fails" speaks of no case, "/schedule 26 January" of a day
    words = rest[number.end() :].strip() if number else rest
    if not marked and not number and not _bare(wanted, words) and not _spoken(name, wanted, words, role):
        return None
    case = _ref(number, current or only)
    missing = wanted.words == "must" and not words
    if (wanted.case == "must" and case is None) or (missing and not case) or _too_much(wanted.words, words):
        if not marked and words:
            return None  # somebody talking: "Status 5000 error when saving"
        raise Misunderstood(usage=usage(name, wanted))
    return Line(name, case, words, marked or number is not None or name in WHOLE, missing)


def usage(name: str, wanted: Command) -> str:
    case = {"no": "", "may": " [1042]", "must": " 1042"}[wanted.case]
    return name + case + {"no": "", "may": f" [{wanted.called}]", "must": f" {wanted.called}"}[wanted.words]


def _bare(wanted: Command, words: str) -> bool:
    """Without mark and number only the verb alone is a command; anything longer is somebody talking."""
    return words.rstrip(" .!").lower() in ("", "please")


def _spoken(name: str, wanted: Command, words: str, role: Role) -> bool:
    """Lines that name no case and need no mark, as long as they go on as nobody's report would."""
    return role in RULES[wanted.verb].by and name in SPOKEN and bool(SPOKEN[name].fullmatch(words.strip().rstrip(".!")))


WHOLE = {"language"}  # what cannot answer a question of ours
SHORTEST = 4  # digits of a case number
_ANY = re.compile(r".+", re.S)
SPOKEN = {
    "ask": _ANY,
    "queue": re.compile(r"(at[ -]risk|unassigned|waiting|mine|all|\S{1,40})", re.I),
    "price": re.compile(r"([a-z]{1,20}\b)?(\s*\$?[\d,.]+){0,2}", re.I),
    "open-for": _ANY,
    "away": re.compile(r".{1,80}"),
    "any-hour": re.compile(r"on|off", re.I),
    "language": re.compile(r"[a-z]{2}(-[a-z]{2,4})?", re.I),
    "whois": _ANY,
    "nominate": _ANY,
    "dead": re.compile(r"page \d{1,4}|\d[\d.]*( replay)?", re.I),
}


def _ref(number: "re.Match[str] | None", otherwise: int | None) -> CaseRef | None:
    if number:
        return CaseRef(int(number["number"]), int(number["seen"]) if number["seen"] else None)
    return CaseRef(otherwise) if otherwise else None


def _too_much(wants: Wants, words: str) -> bool:
    return wants == "no" and words.rstrip(" .!").lower() not in ("", "please")
