"""A customer asks how something is done: articles first, then whoever their plan gives them (W8, W14)."""

from collections.abc import Mapping
from typing import Any

from bot import desk, text
from bot.dialogs.dialog import Begin, Dialog
from bot.forms import Mistake, Question, hidden
from bot.messages import Message
from bot.turn import Turn
from rules.lifecycle import Verb

YES, NONE = "yes", "none"
CANDIDATES = 3
_SAID = {"y": YES, "yes": YES, "yes thanks": YES, "it did": YES, "no": NONE, "none": NONE, "nope": NONE}


class HowDoI(Dialog):
    name = "how_do_i"
    verb = Verb.ASK
    gives_way = True

    helped: str

    question: str = hidden()
    found: list[dict[str, Any]] = hidden()
    """What the search brought, before the transaction: id, title, heading, snippet, link, video; best first."""
    answered: bool = hidden()
    shown: int = hidden()
    """Which of them stands there."""

    @classmethod
    def next(cls, answers: Mapping[str, Any]) -> Question | None:
        if "helped" in answers or not answers.get("found"):
            return None
        others = (str(n) for n in range(1, len(answers["found"]) + 1) if n != answers.get("shown"))
        return Question("helped", (YES, *others, NONE), required=True, longest=None)

    @classmethod
    def read(cls, question: str, raw: str) -> Any:
        given = raw.strip().rstrip(".!").lower()
        meant = {"y": YES, "yes": YES, "yes it did": YES, "it did": YES, "no": NONE, "none": NONE, "nope": NONE}.get(
            given
        )
        if meant is None and given in {str(n) for n in range(1, CANDIDATES + 1)}:
            meant = given
        if meant is None:
            raise Mistake("enum")
        return meant

    @classmethod
    def progress(cls, turn: Turn, answers: dict[str, Any]) -> dict[str, Any]:
        """Shows the best article, and any other that is asked for."""
        found, wanted = answers["found"], answers.get("helped", "")
        if not found:  # nobody is asked whether nothing helped
            return {**answers, "helped": NONE, "shown": 0}
        if "shown" not in answers and found:
            turn.say(text.article(found, 1, answers["answered"], turn.actor))
            return {**answers, "shown": 1}
        if wanted.isdigit() and 0 < int(wanted) <= len(found):
            turn.say(text.article(found, int(wanted), True, turn.actor))
            return {**{k: v for k, v in answers.items() if k != "helped"}, "shown": int(wanted)}
        return answers

    def finish(self, turn: Turn) -> Message | Begin:
        """Helped, or on to what the plan gives: a person, or the offer of one; nobody is refused the question (W8)."""
        outcome = "helped" if self.helped == YES else ("not helped" if self.found else "nothing found")
        turn.work.audit(
            at=turn.now, person_id=turn.actor.id, what="how do I", about=self.question[:200], outcome=outcome
        )
        if self.helped == YES:
            return text.helped(turn.actor)
        mine = desk.entitlement(turn)
        if mine is not None and mine.plan.how_do_i.by == "person":
            return Begin("open_case", {"problem": self.question, **dict.fromkeys(desk.ENRICHING)})
        return text.no_person_for_that(mine, self.question, desk.provider_of(turn), turn.actor)

    @classmethod
    def dropped(cls, turn: Turn, answers: Mapping[str, Any]) -> Message:
        return text.dropped(turn.actor)
