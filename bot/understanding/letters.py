"""What a letter wants: a case from its words, and one of very few lines, where its author is beyond doubt."""

import re
from dataclasses import replace

from bot.desk import CaseRef
from bot.incoming import Written
from bot.understanding.intents import Do, Ignore, Intent, Letter, Lost, Scene
from bot.understanding.thanks import thanked, works
from rules.refusals import Misunderstood

# Nothing that costs or ends anything unseen: closing names the very resolution that was read in the mail, an answer to
# an appointment its very time.
_LINE = re.compile(
    r"(?:(?P<confirm>confirm)\s+#?(?P<solved>\d{4,9})\s+r(?P<seen>\d{1,9})\s*\.?"
    r"|(?P<time>accept|decline)\s+#?(?P<dated>\d{4,9})\s+(?P<slot>slot-\d{1,9}(?:\s+agreed)?)\s*\.?"
    r"|(?P<other>not-solved|reopen)\s+#?(?P<case>\d{4,9})\b[:,.]?\s*(?P<words>.*))",
    re.IGNORECASE,
)


def letter(written: Written, scene: Scene) -> Intent:
    """Nothing else in it is read as a command: people write mails about commands, too."""
    words, actor = written.text.strip(), scene.actor
    if actor is None:
        return Ignore()
    if actor.staff:  # never to the customer: a forged mail must not speak for the desk
        if scene.case is None:
            return Lost(Misunderstood(usage="note 1042 TEXT"))
        return Do("note", CaseRef(scene.case), words)
    if scene.over and (thanked(words) or works(words)):
        return Ignore()  # never reopens anything (R8)
    whole = Letter(words, written.subject.strip(), scene.case, written.id, priority=written.priority)
    return _with_line(whole) if written.proven and not written.bare else whole


def _with_line(whole: Letter) -> Letter:
    first, _, rest = whole.words.partition("\n")
    found, rest = _LINE.fullmatch(first.strip()), rest.strip()
    if found is None:
        return whole
    if found["confirm"]:
        line = Do("confirm", CaseRef(int(found["solved"]), int(found["seen"])))
        return replace(whole, line=line, case=int(found["solved"]), rest="" if thanked(rest) else rest)
    if found["time"]:
        line = Do(found["time"].lower(), CaseRef(int(found["dated"])), found["slot"].lower())
        return replace(whole, line=line, case=int(found["dated"]), rest="" if thanked(rest) else rest)
    words = "\n".join(filter(None, (found["words"].strip(), rest)))
    return replace(whole, line=Do(found["other"].lower(), CaseRef(int(found["case"])), words))
