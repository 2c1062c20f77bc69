"""What is said about who somebody is in which channel, and about people who leave."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.messages import CaseNumber, Code, Count, Message, Moment, Quoted
from bot.text.values import named
from bot.wording import Choice, Row, Sentence, Table, message, say, several
from rules.people import Actor
from rules.refusals import CantGoOn, LinkedAlready, NoProposal, NotBound, Refusal, StillHolds

if TYPE_CHECKING:
    from bot.desk.leaving import Held, Left
    from bot.desk.linking import Code as OneTime
    from bot.desk.linking import Proposal
    from store.tables import LinkedIdentity, Person

    Linked = tuple[LinkedIdentity, Person]

SHOWN = 20


def linked(reader: Actor) -> Message:
    """In the channel in which they are known from now on."""
    said = say("You are linked: here too I know you as {who}.", who=named(reader))
    return message(reader, said, (Choice(say("Help"), "help"),))


def linked_elsewhere(channel: str, name: str, reader: Actor) -> Message:
    told = "{name} in {channel} is linked to you from now on, by a code that was made for you."
    said = say(told, name=Quoted(name), channel=Quoted(channel))
    return message(reader, said, say("If that was not you, tell your desk at once.", style="alert"))


def code_made(code: "OneTime", reader: Actor) -> Message:
    """Shown this time and never again."""
    head = say("A code for {who}, until {at}:", who=Quoted(code.person.name), at=Moment(code.until))
    how = "They write it to me themselves, in Slack or in Teams; then it is used up. Any earlier code is void."
    return message(reader, head, say("{line}", line=Code(f"link {code.words}")), say(how))


def identities(rows: "Sequence[Linked]", reader: Actor) -> Message:
    if not rows:
        return message(reader, say("Nobody is linked."))
    return message(reader, tuple(Row(_identity(one, person)) for one, person in rows))


def _identity(one: "LinkedIdentity", person: "Person") -> Sentence:
    name = Code(f"{one.channel}:{one.tenant}/{one.user}")
    about: dict[str, Any] = {"name": name, "who": Quoted(person.email or person.name), "how": Quoted(one.how)}
    return Sentence("{name} is {who}, by {how} since {at}", {**about, "at": Moment(one.at, year=True)})


def unlinked(name: str, person: "Person", reader: Actor) -> Message:
    return message(reader, say("{name} is {who} no more.", name=Code(name), who=Quoted(person.name)))


def proposals(waiting: Sequence["Proposal"], reader: Actor) -> Message:
    """Nobody of these is linked before somebody says so."""
    if not waiting:
        return message(reader, say("No links wait to be approved."))
    head = say("Links to approve: {all}", style="heading", all=Count(len(waiting)))
    shown = waiting[:SHOWN]
    rows = tuple(Row(_proposed(each), Choice(say("Approve"), f"links approve {each.row.id}")) for each in shown)
    names = " ".join(str(each.row.id) for each in shown)
    every = say("Approve all") if len(shown) == len(waiting) else say("Approve these")
    how = say("{line} says that somebody is not who it seems.", line=Code(f"links reject {shown[0].row.id}"))
    return message(reader, head, rows, (Choice(every, f"links approve {names}", "primary"),), how)


def _proposed(each: "Proposal") -> Sentence:
    row, person = each.row, each.person
    user = Code(f"{row.channel}:{row.tenant}/{row.user}")
    about: dict[str, Any] = {"number": Code(str(row.id)), "name": Quoted(row.name), "user": user}
    told = "{number}: {name} ({user}) is {who}, {email}"
    return Sentence(told, {**about, "who": Quoted(person.name), "email": Quoted(person.email or "")})


def decided(done: Sequence["Proposal"], approved: bool, reader: Actor) -> Message:
    if approved:
        said = several("{n} link approved: {who}.", "{n} links approved: {who}.", len(done), who=_who(done))
    else:
        said = several("{n} link rejected: {who}.", "{n} links rejected: {who}.", len(done), who=_who(done))
    return message(reader, said)


def linked_by_roster(channel: str, reader: Actor) -> Message:
    said = say("From now on I know you in {channel} too.", channel=Quoted(channel))
    return message(reader, said)


def _who(done: Sequence["Proposal"]) -> Quoted:
    return Quoted(", ".join(each.person.name for each in done))


def left(done: "Left", reader: Actor) -> Message:
    who = Quoted(done.person.name)
    said = say("{who} has left: nothing is sent to them, and whatever they write comes from a stranger.", who=who)
    if done.other is None:
        return message(reader, said)
    on = say("What they held goes on with {other}.", other=Quoted(done.other.name))
    return message(reader, said, on, _table(done.held))


def gone(at: datetime, reader: Actor) -> Message:
    return message(reader, say("They left {at}.", at=Moment(at, year=True)))


def why_not(refusal: Refusal) -> Sentence | None:
    """The sentence of a refusal about people; None where it is about something else."""
    about: dict[str, Any] = dict(refusal.about)
    match refusal:
        case LinkedAlready():
            told = "That is {who} already. Who runs the server can remove that link: {line}"
            return say(told, who=Quoted(about["who"]), line=Code("supporthub link remove"))
        case NotBound():
            told = "{tenant} belongs to no account, and the desk has no room there: nobody is linked there by a list."
            return say(told, tenant=Code(f"{about['channel']} {about['tenant']}"))
        case NoProposal():
            return say(
                "{name} is no link that waits. {line} lists them.", name=Quoted(about["name"]), line=Code("links")
            )
        case StillHolds():
            who = str(about["who"])
            told = "{who} still holds what stands below. Say who goes on with it: {line}"
            return say(told, who=Quoted(who), line=Code(f"leave {who} to WHO"))
        case CantGoOn():
            names = {"who": Quoted(about["who"]), "other": Quoted(about["other"])}
            return Sentence(_UNFIT[about["why"]], names)
    return None


_UNFIT = {
    "company": "{other} and {who} are not of the same company, so {other} can't go on with what {who} holds.",
    "ask": "{other} may not ask for their company, so {other} can't go on with what {who} holds. Nominate them before.",
    "concierge": "{who} is a concierge, and {other} can't be: that takes a concierge, a lead or an administrator.",
    "coach": "{who} is a coach, and {other} is none.",
}


def held_by(refusal: Refusal) -> Table | None:
    """What it is about, below its sentence."""
    about: dict[str, Any] = refusal.about
    return _table(about["held"]) if isinstance(refusal, StillHolds) else None


def _table(held: "Held") -> Table | None:
    rows: list[tuple[str, Sentence]] = [("Cases", _cases(held.cases))] if held.cases else []
    if held.accounts:
        rows.append(("Accounts", _listed(held.accounts)))
    if held.rotas:
        rows.append(("Rotas", _listed(held.rotas)))
    if held.stands_in_for:
        rows.append(("Stands in for", _listed(held.stands_in_for)))
    if held.contact_person:
        rows.append(("Consultations", say("in charge of them for the company")))
    return Table(tuple(rows)) if rows else None


def _listed(names: Sequence[str]) -> Sentence:
    return say("{names}", names=Quoted(", ".join(names)))


def _cases(numbers: Sequence[int]) -> Sentence:
    shown = {f"c{n}": CaseNumber(number) for n, number in enumerate(numbers[:SHOWN])}
    left = len(numbers) - SHOWN
    more = say(" and {n} more", n=Count(left)) if left > 0 else say("")
    return say("{cases}{more}", cases=Sentence(", ".join(f"{{{name}}}" for name in shown), shown), more=more)
