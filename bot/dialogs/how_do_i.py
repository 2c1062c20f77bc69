"""A customer asks how something is done: articles first, then whoever their plan gives them (W8, W14)."""

from collections.abc import Mapping
from typing import Any

from bot import desk, text
from bot.dialogs.dialog import Begin, Dialog
from bot.forms import Mistake, Question, hidden
from bot.messages import Message
from bot.spoken import answer
from bot.turn import Turn
from rules.lifecycle import Verb
from store.tables import Enquiry

YES, NONE, OPEN = "yes", "none", "case"
HELPED, NOT_HELPED, NOTHING_FOUND = "helped", "not helped", "nothing found"
NOT_SAID = "not said"
"""Of what was shown to them, and they went on to something else, or to nothing."""
CANDIDATES = 3
LONGEST_KEPT = 2_000  # characters of a question
_MEANT = {"y": YES, "yes": YES, "yes it did": YES, "it did": YES, "no": NONE, "none": NONE, "nope": NONE}


class HowDoI(Dialog):
    name = "how_do_i"
    verb = Verb.ASK
    gives_way = True

    helped: str

    question: str = hidden()
    found: list[dict[str, Any]] = hidden()
    """What the search brought, before the transaction: version, title, heading, snippet, link, video; best first."""
    answered: bool = hidden()
    shown: int = hidden()
    """Which of them stands there."""
    person: bool = hidden()
    """Whether their plan has people answer such questions."""
    kept: int | None = hidden()
    """The question as it is kept from the first article on, whatever becomes of the dialog."""

    @classmethod
    def next(cls, answers: Mapping[str, Any]) -> Question | None:
        if "helped" in answers or not answers.get("found"):
            return None
        others = (str(n) for n in range(1, len(answers["found"]) + 1) if n != answers.get("shown"))
        return Question("helped", (YES, *others, _otherwise(answers)), required=True, longest=None)

    @classmethod
    def read(cls, question: str, raw: str) -> Any:
        given = answer(raw).strip().rstrip(".!").lower()
        meant = _MEANT.get(given)
        if meant is None and given in {OPEN, *(str(n) for n in range(1, CANDIDATES + 1))}:
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
            shown = {**answers, "shown": 1, "person": _person_for(desk.entitlement(turn))}
            return {**shown, "kept": _keep(turn, answers["question"], NOT_SAID, found[0]).id}
        if wanted.isdigit() and 0 < int(wanted) <= len(found):
            turn.say(text.article(found, int(wanted), True, turn.actor))
            _keep(turn, answers["question"], NOT_SAID, found[int(wanted) - 1], answers.get("kept"))
            return {**{k: v for k, v in answers.items() if k != "helped"}, "shown": int(wanted)}
        return answers

    def finish(self, turn: Turn) -> Message | Begin:
        """Helped, or on to what the plan gives: a person, or the offer of one; nobody is refused the question (W8)."""
        looked_at = self.found[self.shown - 1] if self.found else None
        outcome = HELPED if self.helped == YES else (NOT_HELPED if self.found else NOTHING_FOUND)
        _keep(turn, self.question, outcome, looked_at, self.kept)
        if self.helped == YES:
            return text.helped(turn.actor)
        mine = desk.entitlement(turn)
        if _person_for(mine):
            return Begin("open_case", {"problem": self.question, **dict.fromkeys(desk.ENRICHING)})
        return text.no_person_for_that(mine, self.question, desk.provider_of(turn), turn.actor)

    @classmethod
    def dropped(cls, turn: Turn, answers: Mapping[str, Any]) -> Message:
        return text.dropped(turn.actor)


def _keep(
    turn: Turn, question: str, outcome: str, looked_at: Mapping[str, Any] | None, kept: int | None = None
) -> Enquiry:
    """What they read and whether it helped, for whoever writes articles."""
    assert turn.actor.account is not None, "only customers ask"
    row = turn.work.find(Enquiry, id=kept) if kept else None
    if row is None:
        row = Enquiry(at=turn.now, account_id=turn.actor.account, person_id=turn.actor.id, question="", outcome=outcome)
    row.question, row.outcome = question[:LONGEST_KEPT], outcome
    row.article_id = looked_at.get("version") if looked_at else None
    turn.work.add(row)
    return row


def _otherwise(answers: Mapping[str, Any]) -> str:
    """A button promises no case where the plan has none for a question."""
    return OPEN if answers.get("person") else NONE


def _person_for(mine: desk.Entitlement | None) -> bool:
    return mine is not None and mine.plan.how_do_i.by == "person"
