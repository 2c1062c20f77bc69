"""How the steps of the ladder are called, and how what was owed for each stands."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.messages import Count, Percent, Quoted
from bot.wording import Row, Sentence, say

if TYPE_CHECKING:
    from bot.desk.proof import Proof


def warnings(proofs: Sequence["Proof"]) -> tuple[Row, ...]:
    return tuple(Row(_proof(each)) for each in proofs)


def step(name: str) -> Sentence:
    """``75``, ``100+1``, ``slot-2``, ``slot-2+1`` as they are recorded."""
    begins, _, rung = name.partition("+")
    what = say("the missed appointment")
    if begins == "on_reprioritisation":
        what = say("past by the new priority")
    if begins == "on_plan_change":
        what = say("past by the new contract")
    if begins.isdigit():
        what = say("{share} of the response time", share=Percent(int(begins)))
    return say("{what}, step {rung} after it", what=what, rung=Count(int(rung))) if rung.isdigit() else what


def _proof(each: "Proof") -> Sentence:
    at = step(each.step) if each.step else say("reported as critical")
    about = {
        "step": say("{at}, of the next answer", at=at) if each.clock == "next" else at,
        "who": Quoted(each.whom) if each.whom else say("the desk"),
        "channel": Quoted(each.channel),
        "stands": say(_STANDS[each.state], reason=Quoted(each.reason)),
        "seen_to": say("; acknowledged by {by}", by=Quoted(each.acknowledged)) if each.acknowledged else say(""),
    }
    if each.instead:
        return Sentence("{step}: instead to {who} ({channel}): {stands}{seen_to}", about)
    return Sentence("{step}: to {who} ({channel}): {stands}{seen_to}", about)


_STANDS = {
    "waiting": "to be sent",
    "sent": "sent",
    "seen": "sent and seen",
    "dead": "not delivered, {reason}",
    "withdrawn": "withdrawn before it left",
}
