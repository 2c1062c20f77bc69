"""What people hear about a case: the receipt, the news of others' doing, and the answer to their own."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.messages import CaseNumber, Code, Duration, Link, Message, Percent, Printed, Quote, Quoted
from bot.text.agreements import agreed_on, asked_of, reason, shall_it_close, told_besides, undone
from bot.text.cards import TIMED, choices, choices_on_warning, gauge, reminded
from bot.text.coverage import looks, ways_on, ways_on_from_ruling
from bot.text.handing_over import checked, declined, own_word, waits, with_plans
from bot.text.values import (
    appointment,
    cited,
    clauses,
    expected,
    hours,
    moment,
    named,
    number,
    outline,
    outside,
    plan,
    priority,
    reach,
    reached_at,
    status,
    with_,
    within,
)
from bot.wording import Choice, Sentence, Table, label, message, say
from rules.appointments import CALLED_OFF
from rules.catalogue import NotPublished
from rules.lifecycle import OVER, Status, Verb
from rules.people import Actor, Role

if TYPE_CHECKING:
    from bot.desk.views import CaseView
    from rules.sla import Step
    from store.tables import Person

LAST = 100  # percent
CRITICAL = "critical"


def opened(view: "CaseView", reader: Actor, waits_for: Sequence["Person"] = ()) -> Message:
    """ID, plan and expected response with its zone, in full once a case (W55, R15).

    Who has no contract also reads what there is, and where a person is reached (W5).
    """
    receipt = message(
        reader,
        say("Thank you, {name}. This is case {case}.", name=Quoted(view.opener.name), case=number(view)),
        Table((("Plan", plan(view)), ("Expected response", expected(view)))),
        hours(view.provider.hours) if view.case.due_at else None,
        checked(view),
        *waits(view, waits_for),
        looks(view),
        _by_telephone(view),
        ways_on(view, reader),
    )
    return receipt if view.plan else with_plans(receipt, view, reader)


def at_once(view: "CaseView", reader: Actor) -> Message:
    """The case that they opened before is critical: the desk has just been told."""
    told = say("The desk is told at once that case {case} is critical.", case=number(view))
    return message(reader, told, _by_telephone(view))


def _by_telephone(view: "CaseView") -> Table | None:
    """Of a case proposed critical: what else can be done at once, and what is known of the hours in between (R10)."""
    if view.case.priority != CRITICAL:
        return None
    cover = view.provider.fact("weekend_cover")
    known = say("not published") if isinstance(cover, NotPublished) else Printed(cover.answer)
    cited = say("{known} ({clauses})", known=known, clauses=clauses(cover.clauses)) if cover.clauses else known
    return Table((("Phone", reach(view.provider)["phone"]), ("Weekend cover", cited)))


def completed(view: "CaseView", reader: Actor, waits_for: Sequence["Person"] = ()) -> Message:
    if waits_for:
        names = Quoted(", ".join(person.name for person in waits_for))
        told = "Thank you. That is all on case {case}; it waits for the word of {names}."
        return message(reader, say(told, case=number(view), names=names))
    return message(reader, say("Thank you. That is all on case {case}; the desk has it.", case=number(view)))


def questions_dropped(case: int | None, reader: Actor) -> Message:
    if case is None:
        return dropped(reader)
    kept = say("No more questions. Case {case} is open all the same.", case=CaseNumber(case))
    return message(reader, kept, (Choice(say("Withdraw it"), f"withdraw {case}", "danger"),))


def dropped(reader: Actor) -> Message:
    return message(reader, say("Dropped. Nothing was changed."))


def added(view: "CaseView", reader: Actor, event: int | None = None) -> Message:
    """The customer's words are on the case; where it waits for their confirmation, that is asked again.

    ``event`` names them where nobody said that they belong there: they can be moved.
    """
    said = say("Added to case {case}.", case=number(view))
    again = say("It counts as solved until you say otherwise.") if view.case.status is Status.AWAITING else None
    moves = (Choice(say("Move"), f"move {view.case.id} {event}"),) if event else ()
    return message(reader, said, again, (*(choices(view, reader) if again else ()), *moves))


def where_to(view: "CaseView", event: int, others: Sequence[int], reader: Actor) -> Message:
    asked = say("Where does it belong, if not to case {case}?", case=number(view))
    line = f"move {view.case.id} {event}"
    there = tuple(Choice(say("Case {case}", case=CaseNumber(n)), f"{line} {n}") for n in others)
    return message(reader, asked, (*there, Choice(say("New case"), f"{line} new")))


def moved(view: "CaseView", reader: Actor) -> Message:
    return message(reader, say("Moved to case {case}.", case=number(view)), choices(view, reader))


def moved_away(view: "CaseView", to: int, by: Actor, reader: Actor) -> Message:
    """In the place of the desk's copy."""
    said = say("{who} moved what stood here to case {to}.", who=named(by), to=CaseNumber(to))
    return message(reader, said)


def news(view: "CaseView", verb: Verb, by: Actor, words: str, reader: Actor) -> Message:
    """What somebody did to a case, told to somebody else. People's words stand as a quotation of their own."""
    template = _DESK_NEWS.get(verb, _NEWS[verb]) if reader.staff else _NEWS[verb]
    template = (own_word(view, reader) if verb is Verb.RELEASE else None) or template
    case = view.case
    about: dict[str, Any] = {"who": named(by), "case": number(view), "whom": with_(view)}
    template, more = agreed_on(view, verb, words) or (template, {})
    about |= more
    about |= {"into": CaseNumber(case.merged_into or 0), "minutes": Duration(case.quote_minutes or 0)}
    about |= {"level": priority(view)} if view.case.priority else {}
    said = Sentence(template, {**about, "opener": Quoted(view.opener.name), "slot": appointment(view)})
    if verb is Verb.ASSIGN and by.role is Role.CLOCK:
        said = Sentence("{case} went to {whom}, in turn.", about)
    elif verb is Verb.ASSIGN and view.assignee is not None and view.assignee.id == by.id:
        said = Sentence("{who} took {case}.", about)
    quoted = reason(verb, words) if verb not in _WORDLESS | TIMED else ""
    quote = Quote(named(by), quoted, internal=verb is Verb.NOTE) if quoted else None
    then = _calendar(view, reader) if verb in _DATED else _then(view, verb, reader)
    besides, asked = told_besides(view, verb, words), asked_of(view, verb, reader)
    buttons = (*(ways_on_from_ruling(view, reader) if verb is Verb.COVER else ()), *choices(view, reader))
    return message(reader, said, quote, besides, then, asked, buttons)


def _then(view: "CaseView", verb: Verb, reader: Actor) -> Sentence | None:
    if verb is Verb.RESOLVE and not reader.staff:
        return shall_it_close(view)
    if verb in (Verb.PRIORITISE, Verb.SOONER) and case_due(view):
        return say("Expected response {due}.", due=expected(view))
    if verb is Verb.CLIENT_CAUSED:
        return say("Nothing is charged for that without your word{clause}.", clause=cited(view, "client_caused"))
    if verb is Verb.QUOTE and not reader.staff:
        clause = cited(view, "client_caused" if view.case.client_caused else "mini_project")
        return say("Work starts when you accept{clause}. The hourly rate is not published.", clause=clause)
    if verb is Verb.OPEN_FOR and not reader.staff and not view.by_offer:
        return say("Expected response {due}.", due=expected(view))
    if verb is Verb.SCHEDULE and reader.staff:
        return outside(view)
    if verb is Verb.INELIGIBLE:
        told = "Each case is checked for that{clause}. The desk is also reached at {phone} and {email}."
        return say(told, clause=cited(view, "eligibility"), **reach(view.provider))
    if verb is Verb.NOT_NEEDED:
        return declined(view)
    if verb is Verb.ESCALATE and not reader.staff:
        return reached_at(view.provider)
    return None


def case_due(view: "CaseView") -> bool:
    return view.case.due_at is not None and view.case.owed


def merged(view: "CaseView", reader: Actor) -> Message:
    return message(reader, say("Done. It goes on as case {case}, which was received first.", case=number(view)))


def opened_for(view: "CaseView", reader: Actor) -> Message:
    who, at = Quoted(view.opener.name), view.case.received_at
    before = say("Received {at}.", at=moment(view, at)) if at <= view.now - timedelta(minutes=1) else None
    return message(reader, say("Done. Case {case} is open for {who}.", case=number(view), who=who), before)


def warned(view: "CaseView", step: "Step", reader: Actor) -> Message:
    """Before or after a promise is broken: whose, which plan, how urgent, how much time (C5)."""
    if step.share < LAST:
        head = say("{case} has used {share} of its response time.", case=number(view), share=Percent(step.share))
    else:
        head = say("{case} is past its response time and nobody has answered.", style="alert", case=number(view))
    return message(reader, head, gauge(view), Table(outline(view)), choices_on_warning(view, reader))


def unanswered(view: "CaseView", step: "Step", reader: Actor) -> Message:
    """Their latest words wait for an answer: the desk's own measure, promised to nobody (R3)."""
    if step.share < LAST:
        head = say("The customer waits for the next answer on {case}.", case=number(view))
    else:
        head = say("The customer has waited long for the next answer on {case}.", style="alert", case=number(view))
    rows = tuple(row for row in outline(view) if row[0] != "Expected response")
    return message(reader, head, Table(rows), choices_on_warning(view, reader))


def missed(view: "CaseView", step: "Step", reader: Actor) -> Message:
    """An agreed time passed and nobody logged a contact (R13)."""
    said = "The appointment for {case} has passed and nobody has logged a contact: {slot}."
    head = say(said, style="alert", case=number(view), slot=appointment(view))
    logs = say("{line} logs one.", style="small", line=Code(f"call {view.case.id} TEXT"))
    return message(reader, head, Table(outline(view)), logs, choices_on_warning(view, reader))


def breached(view: "CaseView", reader: Actor) -> Message:
    """Another priority, and so another promise, which was past when it was made (R7)."""
    told = "With its new priority {case} is past its response time and nobody has answered."
    head = say(told, style="alert", case=number(view))
    return message(reader, head, gauge(view), Table(outline(view)), choices_on_warning(view, reader))


def overtaken(view: "CaseView", reader: Actor) -> Message:
    """The new contract's time was over when it began: no time to promise, and one notice to each side (R7)."""
    if reader.staff:
        told = "By its new contract {case} is past its response time and nobody has answered."
        head = say(told, style="alert", case=number(view))
        return message(reader, head, gauge(view), Table(outline(view)), choices_on_warning(view, reader))
    told = "By your new contract {case} was to be answered before now. The desk has been told."
    return message(reader, say(told, case=number(view)))


def critical(view: "CaseView", reader: Actor) -> Message:
    head = say("{case} was reported as critical.", style="alert", case=number(view))
    return message(reader, head, Table(outline(view)), choices_on_warning(view, reader))


_WORDLESS = {Verb.ASSIGN, Verb.PASS_ON, Verb.MERGE, Verb.ACCEPT, Verb.DECLINE, Verb.NOT_THAT}
_WORDLESS |= {Verb.ACCEPT_PRIORITY, Verb.DECLINE_PRIORITY, Verb.JOIN}
_WORDLESS |= {Verb.CARRY_OVER, Verb.UPGRADE, Verb.ACCEPT_UPGRADE, Verb.DECLINE_UPGRADE, Verb.APPLY, Verb.SOONER}
_NEWS = {
    Verb.OPEN: "{who} opened {case}.",
    Verb.COMPLETE: "{who} answered the questions on {case}.",
    Verb.SAY: "{who} wrote on {case}.",
    Verb.MOVE: "{who} moved words of theirs from {case} to another case.",
    Verb.PERSON: "{who} asks for a person on {case}.",
    Verb.TAKE: "{who} is working on {case}.",
    Verb.ASSIGN: "{who} gave {case} to {whom}.",
    Verb.REPLY: "{who} answered on {case}.",
    Verb.CALL: "{who} logged a call on {case}.",
    Verb.NOTE: "{who} noted on {case}.",
    Verb.WAIT: "{who} needs something from you for {case}.",
    Verb.RESOLVE: "{who} says {case} is solved.",
    Verb.SOLVED: "{who} says {case} works now.",
    Verb.CONFIRM: "{who} confirmed and so closed {case}.",
    Verb.NOT_SOLVED: "{who} says {case} is not solved.",
    Verb.FORCE_CLOSE: "{who} closed {case} without confirmation.",
    Verb.WITHDRAW: "{who} withdrew {case}.",
    Verb.REOPEN: "{who} reopened {case}.",
    Verb.ELIGIBLE: "{who} checked {case}: it is eligible for support.",
    Verb.INELIGIBLE: "{who} checked {case}: it is not eligible for support.",
    Verb.HAND_OVER: "{who} handed {case} over to the desk.",
    Verb.NOT_NEEDED: "{who} says that {case} is not needed, so it is withdrawn.",
    Verb.RELEASE: "{case} is with the desk now, without the word of who asks for your company.",
    Verb.PRIORITISE: "{who} set the priority of {case} to {after}.",
    Verb.COVER: "{who} judged {case}: {verdict}{clause}.{reasons}",
    Verb.NOT_THAT: "{who} asks a person to judge whether {case} is covered.",
    Verb.ESTIMATE: "{who} asks for an estimate on {case}.",
    Verb.ENQUIRE: "{who} asks for {case} to be planned with a consultant.",
    Verb.CLIENT_CAUSED: "{who} thinks that a change on the customer's side caused {case}.",
    Verb.QUOTE: "{who} quotes {minutes} of work on time and materials for {case}.",
    Verb.ACCEPT: "{who} accepted the quote on {case}.",
    Verb.DECLINE: "{who} declined the quote on {case}.",
    Verb.UPGRADE: "{who} proposes a change of the contract on {case}.",
    Verb.ACCEPT_UPGRADE: "{who} accepted the change of the contract on {case}.",
    Verb.DECLINE_UPGRADE: "{who} declined the change of the contract on {case}.",
    Verb.APPLY: "{who} entered the change of the contract, as agreed on {case}.",
    Verb.SOONER: "With the new contract {case} is answered sooner.",
    Verb.ACCEPT_PRIORITY: "{who} accepted the priority of {case}: {level}.",
    Verb.DECLINE_PRIORITY: "{who} declined the priority of {case}: {level}.",
    Verb.SCHEDULE: "{who} proposes an appointment for {case}: {slot}.",
    Verb.AGREE: "{who} accepted the appointment for {case}: {slot}.",
    Verb.TURN_DOWN: "{who} declined the appointment for {case}: {slot}.",
    Verb.CALL_OFF: "{who} called off the appointment for {case}: {slot}.",
    Verb.LINK_CASES: "{who} noted that {case} has to do with another case.",
    Verb.UNLINK_CASES: "{who} noted that {case} has nothing to do with another case.",
    Verb.GROUP: "{who} changed the incident of {case}.",
    Verb.MERGE: "{who} merged {case}; it goes on as {into}.",
    Verb.CARRY_OVER: "{who} merged {other} into {case}. What holds from there:",
    Verb.JOIN: "{who} merged {other} into {case}, which is open again.",
    Verb.SPLIT: "{who} split {case}.",
    Verb.TRANSFER: "{who} moved {case} to another queue.",
    Verb.OPEN_FOR: "{who} opened {case} for {opener}.",
    Verb.PASS_ON: "{opener} goes on with {case}.",
    Verb.IMPORT: "{who} imported {case} from another desk.",
    Verb.RATE: "{who} rated {case}.",
    Verb.ESCALATE: "{who} escalates {case}.",
    Verb.ACKNOWLEDGE: "{who} sees to {case}.",
}
_DATED = frozenset({Verb.AGREE, Verb.CARRY_OVER})
_DESK_NEWS = {
    Verb.WAIT: "{who} needs something from the customer for {case}.",
    Verb.HAND_OVER: "{opener} opened {case}, and {who} handed it over.",
    Verb.RELEASE: "{opener} opened {case}; nobody who asks for the company has said so.",
}


def done(view: "CaseView", reader: Actor) -> Message:
    """To whoever did it."""
    told = "Done. Case {case}: {status}." if undone(view) else "Done. Case {case} is {status}."
    said = say(told, case=number(view), status=status(view))
    return message(reader, said, choices(view, reader) if view.case.status is Status.AWAITING else None)


def proposed(view: "CaseView", reader: Actor) -> Message:
    """The absolute time, since "tomorrow" was theirs and is read here (W29)."""
    by_desk = "You propose an appointment for case {case}: {slot}. It counts once the customer accepts it."
    by_customer = "You propose an appointment for case {case}: {slot}. It counts once the desk accepts it."
    said = say(by_desk if reader.staff else by_customer, case=number(view), slot=appointment(view))
    return message(reader, said, outside(view), _instead(view))


def _instead(view: "CaseView") -> tuple[Choice, ...]:
    """The nearest time within business hours, one press away."""
    nearest = within(view)
    if nearest is None:
        return ()
    offer = say("Propose {at} instead", at=moment(view, nearest.at))
    return (Choice(offer, f"schedule {view.case.id} {nearest}"),)


def agreed(view: "CaseView", reader: Actor) -> Message:
    said = say("Agreed, for case {case}: {slot}.", case=number(view), slot=appointment(view))
    return message(reader, said, _calendar(view, reader))


def reminder(view: "CaseView", reader: Actor) -> Message:
    """Of an agreed time, to either side (W52)."""
    said = say("A reminder: the appointment for {case} is {slot}.", case=number(view), slot=appointment(view))
    return message(reader, said, _subject(view, reader), reminded(view, reader))


def _subject(view: "CaseView", reader: Actor) -> Table | None:
    rows = tuple(row for row in outline(view) if row[0] in ("Subject", "Customer"))
    return Table(rows) if reader.staff else None


def _calendar(view: "CaseView", reader: Actor) -> Sentence | None:
    """For both sides, where this server can be reached by a browser."""
    url = view.calendar_link
    return say("{link}", link=Link(label(say("Add to calendar"), reader.language), url)) if url else None


def entry(view: "CaseView", reader: Actor) -> str:
    """What a calendar calls an agreed time. No words of the customer's: calendars are shared."""
    called = say("{provider}: appointment for case {case}", provider=Printed(view.provider.name), case=number(view))
    return label(called, reader.language)


def turned_down(view: "CaseView", reader: Actor) -> Message:
    called_off = view.case.slot_state == CALLED_OFF
    said = say(
        "Called off, for case {case}: {slot}." if called_off else "Declined, for case {case}: {slot}.",
        case=number(view),
        slot=appointment(view),
    )
    return message(reader, said, (Choice(say("Another time"), f"schedule {view.case.id}"),))


def shall_i_resolve(view: "CaseView", reader: Actor) -> Message:
    asked = say("Is case {case} solved? The customer is asked to confirm.", case=number(view))
    yes = Choice(say("Yes, ask the customer"), f"close {view.case.id}", "primary")
    return message(reader, asked, (yes, Choice(say("Write to them"), f"reply {view.case.id}")))


def noted(view: "CaseView", reader: Actor) -> Message:
    """Said each time, since the other way round it could not be taken back."""
    line = Code(f"reply {view.case.id} TEXT")
    seen = say("The customer does not see it; {line} writes to them.", style="small", line=line)
    return message(reader, say("Noted on case {case}.", case=number(view)), seen)


def acknowledged(view: "CaseView", reader: Actor) -> Message:
    said = say("You see to case {case}. Its warnings wait; its clock does not.", case=number(view))
    return message(reader, said, choices_on_warning(view, reader, but=Verb.ACKNOWLEDGE))


def escalated(view: "CaseView", reader: Actor) -> Message:
    reached = reach(view.provider)
    told = say("Case {case} is escalated: the desk and its lead are told.", case=number(view))
    again = choices(view, reader) if view.case.status in OVER else None
    if view.provider.escalation is None:
        return message(reader, told, again)
    written = say("{email} has it in writing. By telephone: {phone}", email=reached["email"], phone=reached["phone"])
    return message(reader, told, written, again)


def asked_person(view: "CaseView", reader: Actor) -> Message:
    return message(reader, say("No more questions. A person takes case {case} from here.", case=number(view)))
