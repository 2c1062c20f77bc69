"""Every sentence that the bot says on its own account, form labels and refusals included. It decides nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.forms import SKIP, FormField, Mistake, Question, ShowForm
from bot.messages import CaseNumber, Clause, Code, Count, Duration, Link, Message, Moment, Printed, Quote, Quoted
from bot.messages import Person as Named
from bot.wording import Choice, Part, Row, Sentence, Table, label, message, say
from rules.lifecycle import OVER, Status, Verb, offered
from rules.people import STAFF, Actor, Role
from rules.refusals import (
    AlreadyTaken,
    CaseMoved,
    Misunderstood,
    NeedsSentence,
    NoSuchCase,
    NotForYou,
    NothingOpen,
    NotNow,
    NotYours,
    QuestionClosed,
    Refusal,
    TooLate,
)

if TYPE_CHECKING:
    from bot.desk.views import CaseView
    from rules.catalogue import Hours, Provider

# Words for values --------------------------------------------------------------------------------------------------

STATUS = {
    Status.NEW: "new",
    Status.OPEN: "being worked on",
    Status.WAITING: "waiting for the customer",
    Status.AWAITING: "solved, awaiting the customer's confirmation",
    Status.CLOSED: "closed, confirmed by the customer",
    Status.UNCONFIRMED: "closed without confirmation",
    Status.WITHDRAWN: "withdrawn",
}
ROLES = {
    Role.CUSTOMER: "customer",
    Role.AGENT: "support desk",
    Role.CONCIERGE: "concierge",
    Role.COACH: "coach",
    Role.LEAD: "team lead",
    Role.ADMIN: "administrator",
}
PRIORITIES = {"critical": "Critical", "high": "High", "normal": "Normal", "low": "Low"}
ELIGIBILITY = {
    "eligible": "eligible",
    "no_contract": "no contract covers the day it was received: a person checks",
    "not_licensed": "the sender holds no licensed seat: a person checks",
    "not_nominated": "opened by somebody who is not a nominated user: a person checks",
}


def _named(actor: Actor) -> Named:
    return Named(actor.name, ROLES.get(actor.role, ""))


def _number(view: "CaseView") -> CaseNumber:
    return CaseNumber(view.case.id)


# Opening -----------------------------------------------------------------------------------------------------------


def opened(view: "CaseView", reader: Actor) -> Message:
    """ID, plan and expected response with its zone, in full once a case (W55, R15)."""
    return message(
        reader,
        say("Thank you, {name}. This is case {case}.", name=Quoted(view.opener.name), case=_number(view)),
        Table((("Plan", _plan(view)), ("Expected response", _expected(view)))),
        _hours(view.provider.hours) if view.case.due_at else None,
        _check(view),
    )


def _plan(view: "CaseView") -> Sentence | Printed:
    return Printed(view.plan.name) if view.plan else say("none found for today; a person checks")


def _expected(view: "CaseView") -> Sentence:
    case = view.case
    if case.due_at is None or case.target_minutes is None:
        return say("no response time is published for this plan")
    target = view.plan.target() if view.plan else None
    return say(
        "by {due}, {target} ({clauses})",
        due=_moment(view, case.due_at),
        target=Duration(case.target_minutes, business=True),
        clauses=_clauses(target.clauses if target else ()),
    )


def _moment(view: "CaseView", at: datetime) -> Moment:
    """First in the provider's zone, where promises are made, then in the reader's."""
    hours = view.provider.hours
    return Moment(at, hours.zone, hours.label) if hours else Moment(at)


def _hours(hours: "Hours | None") -> Sentence | None:
    """What the due time assumes (W47)."""
    if hours is None:
        return None
    assumed = Printed(" ".join(hours.assumptions))
    week, clauses = Printed(_week(hours)), _clauses(hours.clauses)
    counted = "Counted in business hours, {hours} ({clauses}). {assumed}"
    return say(counted, style="small", hours=week, clauses=clauses, assumed=assumed)


def _week(hours: "Hours") -> str:
    """"Mon-Fri 8:00-18:00 ET": days with the same windows are named together."""
    groups: list[tuple[list[str], str]] = []
    for day, windows in hours.week.items():
        spelt = " and ".join(f"{a // 60}:{a % 60:02}–{b // 60}:{b % 60:02}" for a, b in windows)
        if groups and groups[-1][1] == spelt:
            groups[-1][0].append(day)
        elif spelt:
            groups.append(([day], spelt))
    named = (f"{days[0].title()}–{days[-1].title()}" if days[1:] else days[0].title() for days, _ in groups)
    return ", ".join(f"{name} {spelt}" for name, (_, spelt) in zip(named, groups, strict=True)) + f" {hours.label}"


def _clauses(ids: Sequence[str]) -> Sentence:
    names = {f"c{n}": Clause(id) for n, id in enumerate(ids)}
    return Sentence(", ".join(f"{{{name}}}" for name in names), dict(names))


def _check(view: "CaseView") -> Sentence | None:
    match view.case.eligibility:
        case "no_contract":
            return say("I found no contract that covers today. A person checks that; your case is safe meanwhile.")
        case "not_licensed":
            return say("I have no licensed seat in your name. A person checks that; your case is safe meanwhile.")
    return None


def completed(view: "CaseView", reader: Actor) -> Message:
    return message(reader, say("Thank you. That is all on case {case}; the desk has it.", case=_number(view)))


def questions_dropped(case: int | None, reader: Actor) -> Message:
    if case is None:
        return dropped(reader)
    kept = say("No more questions. Case {case} is open all the same.", case=CaseNumber(case))
    return message(reader, kept, (Choice(say("Withdraw it"), f"withdraw {case}", "danger"),))


def dropped(reader: Actor) -> Message:
    return message(reader, say("Dropped. Nothing was changed."))


def added(view: "CaseView", reader: Actor) -> Message:
    """The customer's words are on the case; where it waits for their confirmation, that is asked again."""
    said = say("Added to case {case}.", case=_number(view))
    again = say("It counts as solved until you say otherwise.") if view.case.status is Status.AWAITING else None
    return message(reader, said, again, _choices(view, reader) if again else None)


# A case ------------------------------------------------------------------------------------------------------------


def card(view: "CaseView", reader: Actor) -> Message:
    """How a case stands, with what this reader can do."""
    return message(reader, *_card(view, reader))


def _card(view: "CaseView", reader: Actor) -> tuple[Part | None, ...]:
    case = view.case
    unfinished = case.incomplete and case.over_at is None
    return (
        say("{case}: {subject}", style="heading", case=_number(view), subject=Quoted(case.subject)),
        Table((*(_desk_rows(view) if reader.staff else ()), *_rows_of(view))),
        say("Not all questions are answered.", style="small") if unfinished else None,
        _choices(view, reader),
    )


def _desk_rows(view: "CaseView") -> tuple[tuple[str, Any], ...]:
    opener = Named(view.opener.name, ROLES[Role.CUSTOMER])
    return (
        ("Customer", say("{who}, {account}", who=opener, account=Quoted(view.account.name))),
        ("Eligibility", say(ELIGIBILITY[view.case.eligibility])),
    )


def _rows_of(view: "CaseView") -> list[tuple[str, Any]]:
    case = view.case
    first = "Expected response" if case.responded_at is None else "First response"
    rows: list[tuple[str, Any]] = [("Status", say(STATUS[case.status])), ("With", _with(view)), ("Plan", _plan(view))]
    rows.append((first, _response(view)))
    if case.priority:
        rows.append(("Priority proposed", say(PRIORITIES[case.priority])))
    written = (("Details", case.details), ("Changed before", case.changed), ("Closed because", case.force_reason))
    return rows + [(name, Quoted(value)) for name, value in written if value]


def _with(view: "CaseView") -> Sentence | Named:
    if view.assignee is None:
        return say("nobody yet")
    return Named(view.assignee.name, ROLES[view.assignee.role])


def _response(view: "CaseView") -> Sentence:
    case = view.case
    if case.responded_at is not None:
        at = _moment(view, case.responded_at)
        if case.response_met is None:
            return say("{at}; no response time is published", at=at)
        return say("in time, {at}", at=at) if case.response_met else say("late, {at}", at=at)
    return _expected(view)


def history(view: "CaseView", events: Sequence[Any], reader: Actor) -> Message:
    at = [_moment(view, event.at) for event in events]
    rows = tuple(
        Row(say("{at}: {who} {did}{words}", at=when, who=Quoted(event.by_name), did=_did(event.verb), words=_words(event)))
        for when, event in zip(at, events, strict=True)
    )
    return message(reader, *_card(view, reader), say("What happened", style="heading"), rows)


def _words(event: Any) -> Sentence:
    return say(": {words}", words=Quoted(event.words)) if event.words else say("")


def cases(views: Sequence["CaseView"], reader: Actor) -> Message:
    if not views:
        return message(reader, say("Your company has no cases. Write what is going wrong and I open one."))
    return message(reader, say("Your company's cases", style="heading"), _rows(views, reader))


def queue(views: Sequence["CaseView"], reader: Actor) -> Message:
    if not views:
        return message(reader, say("The queue is empty."))
    head = say("{count} in the queue, soonest due first", style="heading", count=Count(len(views)))
    return message(reader, head, _rows(views, reader))


def _rows(views: Sequence["CaseView"], reader: Actor) -> tuple[Row, ...]:
    return tuple(
        Row(
            say(
                "{case} {subject}, {status}, {who}",
                case=_number(view),
                subject=Quoted(view.case.subject),
                status=say(STATUS[view.case.status]),
                who=_with(view),
            ),
            Choice(say("Show"), f"status {view.case.id}"),
        )
        for view in views
    )


# News --------------------------------------------------------------------------------------------------------------

_DID = {
    Verb.OPEN: "opened",
    Verb.ENRICH: "added to",
    Verb.COMPLETE: "answered the questions on",
    Verb.SAY: "wrote on",
    Verb.PERSON: "asks for a person on",
    Verb.TAKE: "is working on",
    Verb.REPLY: "answered on",
    Verb.CALL: "logged a call on",
    Verb.NOTE: "noted on",
    Verb.WAIT: "needs something from you for",
    Verb.RESOLVE: "says this is solved:",
    Verb.SOLVED: "says it works now:",
    Verb.CONFIRM: "confirmed and so closed",
    Verb.NOT_SOLVED: "says it is not solved:",
    Verb.FORCE_CLOSE: "closed without confirmation",
    Verb.WITHDRAW: "withdrew",
    Verb.REOPEN: "reopened",
    Verb.ESCALATE: "escalates",
}


def _did(verb: Verb) -> Sentence:
    return say(_DID[verb])


def news(view: "CaseView", verb: Verb, by: Actor, words: str, reader: Actor) -> Message:
    """What somebody did to a case, told to somebody else. People's words stand as a quotation of their own."""
    did = "needs something from the customer for" if verb is Verb.WAIT and reader.staff else _DID[verb]
    said = say("{who} " + did + " {case}.", who=_named(by), case=_number(view))
    quote = Quote(_named(by), words, internal=verb is Verb.NOTE) if words else None
    ask = None
    if verb is Verb.RESOLVE and not reader.staff:
        ask = say("Is it solved for you? It closes only when you say so.")
    if verb is Verb.ESCALATE:
        ask = say("The desk is also reached at {phone} and {email}.", **_reach(view.provider))
    return message(reader, said, quote, ask, _choices(view, reader))


def done(view: "CaseView", reader: Actor) -> Message:
    """To whoever did it."""
    said = say("Done. Case {case} is {status}.", case=_number(view), status=say(STATUS[view.case.status]))
    return message(reader, said, _choices(view, reader) if view.case.status is Status.AWAITING else None)


def thanks(view: "CaseView", reader: Actor) -> Message:
    """The customer confirmed."""
    said = say("Thank you. Case {case} is closed. If it comes back, reopen it.", case=_number(view))
    return message(reader, said, _choices(view, reader))


def works_now(view: "CaseView", reader: Actor) -> Message:
    """The customer says so; one more press makes it final (W59)."""
    return message(reader, say("Good. Shall I close case {case}?", case=_number(view)), _choices(view, reader))


def escalated(view: "CaseView", reader: Actor) -> Message:
    reach = _reach(view.provider)
    said = say("Case {case} is escalated: the desk is told, and {email} has it in writing.", case=_number(view), email=reach["email"])
    return message(reader, said, say("By telephone: {phone}", phone=reach["phone"]))


def asked_person(view: "CaseView", reader: Actor) -> Message:
    return message(reader, say("No more questions. A person takes case {case} from here.", case=_number(view)))


def _reach(provider: "Provider") -> dict[str, Any]:
    """Telephone and address (W1, W53), or that none is published."""
    phone, email = provider.phone, provider.escalation or provider.email
    return {
        "phone": Link(f"{phone.printed}, {phone.tel}", phone.link) if phone else say("no published number"),
        "email": Link(email.address, f"mailto:{email.address}") if email else say("no published address"),
    }


# Buttons: ``r2`` only where the reader agrees to what they saw.
_BUTTONS: dict[Verb, tuple[str, str, Any]] = {
    Verb.TAKE: ("Take", "take {0.id}", "primary"),
    Verb.CONFIRM: ("Yes, close it", "confirm {0.id} r{0.resolutions}", "primary"),
    Verb.NOT_SOLVED: ("No, not solved", "not-solved {0.id} r{0.resolutions}", "normal"),
    Verb.REOPEN: ("Reopen", "reopen {0.id}", "normal"),
}


def _choices(view: "CaseView", reader: Actor) -> tuple[Choice, ...]:
    case = view.case
    made = []
    for verb in offered(reader, case.status, case.opened_by):
        taken = verb is Verb.TAKE and case.assignee_id is not None
        if verb in _BUTTONS and not taken and not (verb is Verb.REOPEN and case.status not in OVER):
            words, line, style = _BUTTONS[verb]
            made.append(Choice(say(words), line.format(case), style))
    return tuple(made)


# Questions ---------------------------------------------------------------------------------------------------------

_TITLES = {"open_case": "Open a case", "which_case": "Where does this belong?"}
_LABELS = {
    ("open_case", "problem"): "What is going wrong?",
    ("open_case", "details"): "What exactly happens, and where do you see it?",
    ("open_case", "priority"): "How bad is it? You propose, the desk agrees it with you.",
    ("open_case", "changed"): "Did anything change just before, such as an update, a workflow or a setting?",
    ("which_case", "case"): "You have an open case. Where does this belong?",
}


def question(dialog: str, draft: int, asked: Question, reader: Actor, mistake: Mistake | None = None) -> Message:
    options = tuple(
        Choice(_option(dialog, value), f"answer {draft} {asked.name} {value}")
        for value in (*asked.choices, *(() if asked.required else (SKIP,)))
    )
    wrong = _mistake(dialog, mistake, asked) if mistake else None
    return message(reader, wrong, say(_LABELS[dialog, asked.name]), options)


def form(
    dialog: str,
    questions: Sequence[Question],
    answers: Mapping[str, Any],
    mistakes: Mapping[str, Mistake] | None = None,
    draft: int | None = None,
) -> ShowForm:
    fields = tuple(
        FormField(
            asked.name,
            _LABELS[dialog, asked.name],
            tuple((value, label(_option(dialog, value))) for value in asked.choices),
            asked.required,
            asked.longest,
            str(answers.get(asked.name) or ""),
            label(_mistake(dialog, mistakes[asked.name], asked)) if mistakes and asked.name in mistakes else "",
        )
        for asked in questions
    )
    return ShowForm(dialog, _TITLES[dialog], "Send", fields, draft)


def _option(dialog: str, value: str) -> Sentence:
    if value == SKIP:
        return say("Skip")
    if dialog == "which_case":
        return say("New case") if value == "new" else say("Add to {case}", case=CaseNumber(int(value)))
    return say(PRIORITIES[value])


def _mistake(dialog: str, mistake: Mistake, asked: Question) -> Sentence:
    match mistake.wrong:
        case "string_too_short":
            return say("Please write a little more.")
        case "string_too_long":
            longest = Count(int(str(mistake.limits["max_length"])))
            return say("That is too long: at most {longest} characters.", longest=longest)
        case "missing" | "enum" | "which_case":
            return say("Please choose one of the answers.")
    return say("I can't take that as an answer here.")


# Answers to whoever asks -------------------------------------------------------------------------------------------


def refused(refusal: Refusal, reader: Actor, view: "CaseView | None" = None) -> Message:
    """No, why, and how the case stands now."""
    shown = _card(view, reader) if view and isinstance(refusal, CaseMoved | NotNow | AlreadyTaken) else ()
    return message(reader, _why(refusal), *shown)


def _why(refusal: Refusal) -> Sentence:
    about: dict[str, Any] = refusal.about
    case = {"case": CaseNumber(refusal.case)} if refusal.case else {}
    match refusal:
        case NoSuchCase():
            return say("There is no case {case}.", case=CaseNumber(about["number"]))
        case NotForYou(about={"verb": Verb.OPEN}):
            return say("Only customers open cases here.")
        case NotForYou():
            return say("That is not yours to do. {help} shows what you can ask me.", help=Code("help"))
        case NotYours():
            return say("Only who opened case {case} or a nominated user of your company can do that.", **case)
        case NotNow():
            return say("Case {case} is {status}, so that can't be done now.", **case, status=say(STATUS[about["status"]]))
        case AlreadyTaken():
            return say("{who} already works on case {case}.", **case, who=Quoted(about["by"]))
        case CaseMoved():
            return say("Case {case} has changed since you were asked. This is how it stands now.", **case)
        case QuestionClosed():
            return say("That question is no longer open.")
        case NeedsSentence():
            line = Code(f"close {refusal.case} what was done")
            return say("Nobody has answered case {case} yet. Say what was done: {line}", **case, line=line)
        case TooLate():
            return say("Case {case} was closed more than {days} days ago. Write what is wrong and I open a new one.",
                       **case, days=Count(about["days"]))  # fmt: skip
        case NothingOpen():
            return say("I am not asking anything just now.")
        case Misunderstood():
            return say("I didn't follow that. It goes like this: {usage}", usage=Code(str(about["usage"])))
    return say("I can't do that.")


_HELP = {
    True: (
        ("queue", "what is in hand, soonest due first"),
        ("show 1042", "one case with its history"),
        ("take 1042", "work on it"),
        ("reply 1042 TEXT", "write to the customer"),
        ("note 1042 TEXT", "write to the desk only"),
        ("call 1042 TEXT", "log a telephone call; the customer sees it"),
        ("wait 1042 TEXT", "ask the customer for something"),
        ("close 1042 TEXT", "call it solved and ask the customer to confirm"),
        ("force-close 1042 REASON", "close without confirmation"),
        ("reopen 1042 TEXT", "work on it again"),
    ),
    False: (
        ("open TEXT", "open a case; or just write what is going wrong"),
        ("cases", "your company's cases"),
        ("status 1042", "how one case stands"),
        ("reply 1042 TEXT", "add something to it"),
        ("solved 1042", "it works now"),
        ("confirm 1042", "yes, close it"),
        ("not-solved 1042 TEXT", "no, go on"),
        ("reopen 1042 TEXT", "it is back"),
        ("withdraw 1042", "no longer needed"),
        ("escalate 1042 TEXT", "ask for more attention"),
        ("person", "no more questions: a person, please"),
    ),
}


def help_(provider: "Provider", reader: Actor) -> Message:
    rows = tuple(Row(say("{line}: {does}", line=Code(line), does=say(does))) for line, does in _HELP[reader.role in STAFF])
    reach = None if reader.staff else say("The desk is also reached at {phone} and {email}.", **_reach(provider))
    page = None if reader.staff else provider.privacy
    policy = say("Privacy policy: {link}", style="small", link=Link(page.url, page.url)) if page else None
    return message(reader, say("What you can say", style="heading"), rows, reach, policy)


def stranger(provider: "Provider", reader: Actor) -> Message:
    """Somebody whom nobody has linked: never a dead end (W5)."""
    known = say("I don't know you yet, so I can't open cases for you. Ask your administrator to link you.")
    return message(reader, known, say("The desk is also reached at {phone} and {email}.", **_reach(provider)))


def welcome(reader: Actor) -> Message:
    return message(reader, say("You're welcome."))


def greeting(reader: Actor) -> Message:
    told = say("Hello {name}. Write what is going wrong and I open a case at once.", name=Quoted(reader.name))
    desk = say("Hello {name}.", name=Quoted(reader.name))
    return message(reader, desk if reader.staff else told, (Choice(say("Help"), "help"),))


def broke(reference: str, reader: Actor) -> Message:
    said = say("Something broke on our side and nothing was changed. Please try again, or quote {ref}.", ref=Code(reference))
    return message(reader, said)


def undeliverable(reason: str, to: str, words: str, reader: Actor) -> Message:
    """A dead letter, told to the desk: what was not delivered, to whom and why."""
    said = say("Not delivered to {to}: {reason}.", style="alert", to=Quoted(to), reason=Quoted(reason))
    return message(reader, said, Quote(Named("supporthub", ""), words, internal=True))
