"""What a unit of work did that is worth counting: told to whoever had it done, once it is committed."""

from typing import NamedTuple


class Noted(NamedTuple):
    """Bounded words alone: no case, no person, nothing that anybody wrote."""

    what: str
    """again: the act was done before. act: which verb was understood. moved: a verb is in a history. refused: why.
    broke: nobody expected it. warned: a step of the ladder. dead: a letter, by its channel."""
    which: str = ""
    late: float = 0.0
    """Seconds."""
