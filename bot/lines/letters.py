"""What could not be delivered."""

from bot import text
from bot.desk import CaseRef
from bot.desk import dead as letters
from bot.messages import Message
from bot.turn import Turn


def dead(turn: Turn, _ref: CaseRef | None, words: str) -> Message:
    line, work = letters.read(turn, words), turn.work
    if line.replay:
        return text.replayed(letters.replay(work, [line.name], turn.time.machine, turn.actor.id), turn.actor)
    if line.name:
        return text.dead_letter(letters.opened(work, line.name), turn.actor)
    return text.dead_letters(letters.page(work, line.page), turn.actor)
