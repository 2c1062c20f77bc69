"""The ways to say no. What a refusal is about is data; its sentence stands in bot/text/ like all others."""


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


class NotTheirs(Refusal):
    """Only those whose word it waits for, ``names``, may give it (W27, T10)."""


class NotLicensed(Refusal):
    """``who`` holds no licensed seat, and nominated users are among those who do, by ``clauses`` (W27)."""


class NoContactRule(Refusal):
    """The terms of ``who``'s company know no contact person (T10)."""


class InChargeAlready(Refusal):
    """``who`` is the contact person, for whom a deputy would stand in (T10)."""


class OneselfLeaves(Refusal):
    """Somebody else says that one has left."""


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


class CantMergeYet(Refusal):
    """``what`` of the two, this case and the ``other``, can't both hold for one: rules.agreements.What, or coverage."""


class CaseMoved(Refusal):
    """It changed since the asker saw it: an agreement counts only for what was seen."""


class NoSuchTime(Refusal):
    """What was said is no time that can be read."""


class NotReceivedThen(Refusal):
    """Nothing was received at a time that is still to come, nor is it taken back by more than ``days``."""


class PastTime(Refusal):
    """An appointment lies ahead."""


class OutsideHours(Refusal):
    """By ``clauses`` such work is done in business hours, and ``slot`` is not within them (W19)."""


class NoSuchClause(Refusal):
    """``name`` is no clause of the terms that hold for whoever asks."""


class WhichTime(Refusal):
    """What was said names several times equally well: each of ``lines`` comes with one of them (as Slot writes
    itself), to be shown as clocks in ``zone`` do."""


class OwnProposal(Refusal):
    """Only the side that did not propose the time answers it."""


class NeedsWord(Refusal):
    """Work that the customer pays for is not theirs yet: it ``lacks`` a quote, or their answer to it, by ``clauses``
    (W24)."""


class ItIsCovered(Refusal):
    """It is covered by ``clauses``, or looks so until it is ``judged``: nothing is quoted for that (W7, W24)."""


class WhichOne(Refusal):
    """Several ``waiting`` things, each a rules.agreements.What with its number, are answered by the same ``line``."""


class NothingWaits(Refusal):
    """Nothing on the case waits for an answer of whoever gives one."""


class InACircle(Refusal):
    """``who`` is to stand in, and waits for whoever asks to stand in for them."""


class QuestionClosed(Refusal):
    """That question is no longer open."""


class NeedsSentence(Refusal):
    """No human has answered in this cycle yet: closing needs a sentence for the customer (R2)."""


class TooLate(Refusal):
    """Closed longer ago than the ``days`` in which a customer may reopen (R8)."""


class EditIsNoLine(Refusal):
    """Something outward was edited into what is no longer the same ``line``: it could cross without being meant to."""


class EditChangesNothing(Refusal):
    """What was edited did something that words alone do not change."""


class NoSavedReply(Refusal):
    """None is saved as ``name``."""


class NoSuchField(Refusal):
    """A saved reply has ``fields``, and ``name`` is none of them."""


class NothingToFillIn(Refusal):
    """The case has nothing for the field ``name`` of a saved reply."""


class NotRelated(Refusal):
    """The case and ``other`` are not related, or one and the same."""


class NoIncident(Refusal):
    """There is none of that ``number``."""


class IncidentOver(Refusal):
    """``number`` is over: nothing is added to it or said for it any more."""


class NotYourNote(Refusal):
    """What somebody else wrote is not theirs to send on."""


class NoNote(Refusal):
    """They wrote nothing to the desk only that could be sent on."""


class OnlyFiles(Refusal):
    """A note that is nothing but files, which stay with the desk."""


class SentOn(Refusal):
    """It has been sent on before."""


class NobodyInTurn(Refusal):
    """Nobody who is there takes such cases in turn."""


class NotRated(Refusal):
    """There is no rating yet that a comment could go with."""


class NoDeadLetter(Refusal):
    """``name`` is none: it never was, it arrived, or it is on its way."""


class WentElsewhere(Refusal):
    """``name`` need not be sent again: its words went ``to`` another address."""


class WrongCode(Refusal):
    """Never made, used, replaced, too old, or not for this channel's user: all read alike."""


class TooManyTries(Refusal):
    """Of codes, within the hour."""


class LinkedAlready(Refusal):
    """The channel's user is somebody here: only who removes that link can make another."""


class NotBound(Refusal):
    """The ``channel``'s ``tenant`` belongs to no account, and the desk has no room there."""


class NoProposal(Refusal):
    """``name`` is no link that waits to be approved."""


class StillHolds(Refusal):
    """``who`` is to leave, and what they ``hold`` (bot.desk.leaving.Held) must go on with somebody."""


class CantGoOn(Refusal):
    """``other`` cannot have all that ``who`` leaves: ``why`` is company, ask, concierge or coach."""


class NoAnnouncement(Refusal):
    """There is none of that ``number``."""


class AnnouncedBefore(Refusal):
    """``number`` was sent already, at ``at``."""


class PreviewIsOld(Refusal):
    """``number`` was previewed too long ago: contracts and people may have changed since."""


class NobodyToTell(Refusal):
    """Nobody has a contract in force that ``audience`` speaks of."""


class TermsTooSoon(Refusal):
    """``version`` would take ``effect`` before ``earliest``, the notice that ``clauses`` promise (W36)."""


class AboutContract(Refusal):
    """What somebody wants of a contract cannot be."""


class NoSuchAccount(AboutContract):
    """``name`` is no customer's, or that of several."""


class NoContract(AboutContract):
    """``account`` has none in force."""


class NoChange(AboutContract):
    """Nothing is proposed on the ``case``, or something else by now."""


class Applied(AboutContract):
    """What was proposed on the ``case`` is the contract already, from ``day`` on."""


class NotAccepted(AboutContract):
    """Nobody of the customer's has accepted what is proposed on the ``case``."""


class NotTheirWord(AboutContract):
    """Only ``names`` may agree to what costs their company, by ``clauses`` (W27, T10)."""


class AgainstTerms(AboutContract):
    """The ``reasons`` (rules.pricing.Refused) that stand against this ``plan``."""


class Unassigned(AboutContract):
    """The ``plan`` promises a concierge or a coach, by ``clauses``, and the account has no such ``role``."""


class BadDay(AboutContract):
    """A contract can't change on that day: it is past, or before the one it replaces."""


class NotTheReports(Refusal):
    """Only those who may ask for the company have its report (W50)."""


class Follows(AboutContract):
    """Another contract of theirs, under ``plan``, begins on ``day``, which is then or later."""


class NothingOpen(Refusal):
    """A dialog's word (back, skip, cancel) outside any dialog."""


class Misunderstood(Refusal):
    """A line that begins like a command and does not fit it; ``usage`` shows how it goes."""
