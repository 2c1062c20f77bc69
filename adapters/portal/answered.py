"""What an act was answered, as the page after it shows it: with the words that did nothing, to be said better."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from adapters.portal.log import Entry
from bot.messages import Buttons, Message, Quote, from_json

UNDO = "undo "


@dataclass(frozen=True)
class Answered:
    message: Message
    line: str = ""
    words: str = ""
    """What was said and did nothing."""
    _placed: list[str] = field(default_factory=list)

    def again(self, line: str) -> str:
        """What the form of that line begins with."""
        if not self.words or line != self.line:
            return ""
        self._placed.append(line)
        return self.words

    @property
    def left(self) -> str:
        """The words, where neither a form of the page nor the answer has them."""
        return "" if self._placed or _quoted(self.message) else self.words

    @property
    def verb(self) -> str:
        return self.line.partition(" ")[0]

    def shows(self, message: Message) -> bool:
        """Whether all that can be done about that one can be done here."""
        return bool(offered(message)) and offered(message) <= offered(self.message)


def answered(entry: Mapping[str, object]) -> Answered | None:
    kept, said = entry.get("message"), entry.get("typed")
    if not isinstance(kept, dict):
        return None
    message = from_json(kept)
    if isinstance(said, dict) and (message.refused or entry.get("undone")):
        return Answered(message, str(said["line"]), str(said["words"]))
    return Answered(message)


def typed(found: Message, line: str, words: str, before: Iterable[Entry]) -> Mapping[str, object]:
    """What is kept with an answer: what they wrote, as long as it may have to be written again. Where they take it back
    it stands with the answer of ``before`` that offered that."""
    if words and (found.refused or any(each.startswith(UNDO) for each in offered(found))):
        return {"typed": {"line": line, "words": words}}
    taken_back = _quoted(found) if line.startswith(UNDO) else []
    if not taken_back:
        return {}
    theirs = (entry.entry for entry in before if "typed" in entry.entry)
    said = next((each["typed"] for each in theirs if line in offered(_message(each))), None)
    return {"typed": said or {"line": f"reply {line.split()[1]}", "words": taken_back[-1]}, "undone": True}


def offered(message: Message | None) -> set[str]:
    """What its buttons say."""
    parts = message.parts if message else ()
    return {each.line for part in parts if isinstance(part, Buttons) for each in part.buttons}


def _message(entry: Mapping[str, object]) -> Message | None:
    kept = entry.get("message")
    return from_json(kept) if isinstance(kept, dict) else None


def _quoted(message: Message) -> list[str]:
    return [part.words for part in message.parts if isinstance(part, Quote)]
