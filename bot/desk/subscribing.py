"""Other systems hear of an account's cases as its people may: what happened, as data, each event once to each."""

from bot.messages import CaseNumber, Code, Count, Message, Moment, Person, Quoted
from bot.turn import Turn
from bot.wording import data
from rules.lifecycle import OVER, Status, Verb
from rules.people import Role
from store.links import fingerprint
from store.tables import Case

V = Verb
KINDS = {
    V.OPEN: "case.opened",
    V.OPEN_FOR: "case.opened",
    V.SAY: "case.said",
    V.REPLY: "case.replied",
    V.CALL: "case.replied",
    V.WAIT: "case.replied",
    V.QUOTE: "case.replied",
    V.PRIORITISE: "case.priority",
    V.ACCEPT_PRIORITY: "case.priority",
    V.DECLINE_PRIORITY: "case.priority",
    V.RESOLVE: "case.resolved",
    V.SOLVED: "case.resolved",
    V.REOPEN: "case.reopened",
    V.NOT_SOLVED: "case.reopened",
}
TOLD_QUIETLY = {V.EDIT, V.DELETE, V.ENRICH, V.MOVE, V.UPGRADE, V.APPLY}
"""Nobody is written to about these; whoever reads the case sees them."""


def tell_systems(turn: Turn, case: Case, verb: Verb, words: str, event: int, before: Status) -> None:
    """Of an event that customers may know of."""
    for hook in turn.work.subscribed(case.account_id):
        id_ = f"msg_{fingerprint(hook.sealed, str(event))[:32]}"  # tells nothing of how much else happens here
        said = happened(turn, case, verb, words, id_, before)
        turn.owe(hook.conversation_id, said, case.id, key=f"webhook {hook.id} {event}")


def kind(verb: Verb, before: Status, after: Status) -> str:
    if after in OVER and before != after:
        return "case.closed"
    return KINDS.get(verb) or ("case.status" if before != after else "case.updated")


def happened(turn: Turn, case: Case, verb: Verb, words: str, id_: str, before: Status) -> Message:
    """By the names under which it leaves."""
    side = "customer" if turn.actor.role is Role.CUSTOMER else "desk"
    return data(
        ("id", Code(id_)),
        ("type", Code(kind(verb, before, case.status))),
        ("timestamp", Moment(turn.now)),
        ("data.case", CaseNumber(case.id)),
        ("data.account", Code(turn.work.account(case.account_id).slug)),
        ("data.subject", Quoted(case.subject)),
        ("data.did", Code(verb)),
        ("data.by", Person(turn.actor.name, side)),
        ("data.words", Quoted(words) if words else None),
        ("data.status", Code(case.status)),
        ("data.status_before", Code(before)),
        ("data.priority", Code(case.priority) if case.priority else None),
        ("data.resolution", Count(case.resolutions) if case.resolutions else None),
        ("data.received_at", Moment(case.received_at)),
        ("data.expected_response_at", Moment(case.due_at) if case.due_at else None),
        ("data.responded_at", Moment(case.responded_at) if case.responded_at else None),
    )
