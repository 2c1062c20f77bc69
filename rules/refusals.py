"""The ways to say no. What a refusal is about is data; its sentence stands in bot/text.py like all others."""


class Refusal(Exception):
    """The act is undone and its asker told why; the inbox keeps the key, so that a redelivery is not a second try."""

    def __init__(self, *, case: int | None = None, **about: object) -> None:
        self.case, self.about = case, about
        super().__init__(type(self).__name__, case, about)


class NoSuchCase(Refusal):
    """``number`` does not exist, or belongs to another company: both read alike (C1)."""


class NotForYou(Refusal):
    """This role may never do ``verb`` (C4)."""


class NotYours(Refusal):
    """Only who opened the case or a nominated user of the account may (W27, W59)."""


class NotNow(Refusal):
    """The case's ``status`` does not allow ``verb``."""


class AlreadyTaken(Refusal):
    """Somebody (``by``) works on it."""


class NobodyLikeThat(Refusal):
    """``who`` names nobody of the desk, or ``several`` of them."""


class NoSuchChoice(Refusal):
    """``given`` is none of ``choices``."""


class CantMerge(Refusal):
    """Into itself, or across companies (R9)."""


class CaseMoved(Refusal):
    """It changed since the asker saw it: an agreement counts only for what was seen."""


class NoSuchTime(Refusal):
    """What was said is no time that can be read."""


class PastTime(Refusal):
    """An appointment lies ahead."""


class WhichTime(Refusal):
    """What was said names several times equally well: each of ``lines`` comes with one of them (as Slot writes
    itself), to be shown as clocks in ``zone`` do."""


class OwnProposal(Refusal):
    """Only the side that did not propose the time answers it."""


class InACircle(Refusal):
    """``who`` is to stand in, and waits for whoever asks to stand in for them."""


class QuestionClosed(Refusal):
    """That question is no longer open."""


class NeedsSentence(Refusal):
    """No human has answered in this cycle yet: closing needs a sentence for the customer (R2)."""


class TooLate(Refusal):
    """Closed longer ago than the ``days`` in which a customer may reopen (R8)."""


class NoDeadLetter(Refusal):
    """``name`` is none: it never was, it arrived, or it is on its way."""


class WentElsewhere(Refusal):
    """``name`` need not be sent again: its words went ``to`` another address."""


class NothingOpen(Refusal):
    """A dialog's word (back, skip, cancel) outside any dialog."""


class Misunderstood(Refusal):
    """A line that begins like a command and does not fit it; ``usage`` shows how it goes."""
