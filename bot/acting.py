"""Carrying out what was understood, inside the one transaction: commands, dialogs, refusals."""

import logging
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar, assert_never

from bot import desk, text
from bot.attachments import AT_REST, at_rest, left_over
from bot.commands import Command, command
from bot.desk import CaseRef, view
from bot.desk.opening import open_for
from bot.desk.waiting import SAID_AS, WAITING, waits
from bot.dialogs import DIALOGS
from bot.dialogs import Begin as Lead
from bot.files import marks
from bot.forms import Mistake
from bot.incoming import Address, User
from bot.letters import take_in
from bot.lines import outward
from bot.messages import ENGLISH, Message
from bot.turn import Now, Turn, as_actor, zone_of
from bot.understanding import (
    Answer,
    Back,
    Begin,
    Cancel,
    Change,
    Do,
    Filled,
    Fix,
    Ignore,
    Intent,
    Letter,
    Lost,
    Raise,
    SendOn,
    TakeBack,
)
from bot.who import known, speaks_for, welcome
from rules.catalogue import Catalogues
from rules.lifecycle import OVER, Status, Verb, permit
from rules.refusals import NeedsSentence, NobodyLikeThat, NoSuchCase, NotForYou, NothingOpen, QuestionClosed, Refusal
from store.tables import Conversation, Draft, Person
from store.work import Work

log = logging.getLogger(__name__)
T = TypeVar("T")
LATER = timedelta(hours=1)
LOOKING = frozenset({Verb.SEE, Verb.QUEUE, Verb.COMPANY, Verb.PLAN, Verb.COVERED, Verb.HELP, Verb.WHOIS, Verb.ON_CALL})
"""What changes nothing, so that a refusal has nothing to undo."""
AGAIN = "_again"  # beside a draft's answers: its question was asked again, once, after something else was said
AS_FORM = "_form"  # beside a draft's answers: it was shown as a form among people


def expire(work: Work, draft: Draft, now: Now, catalogues: Catalogues) -> None:
    """An unanswered dialog ends; what its person had written goes where it can be read."""
    person, place = work.person(draft.person_id), work.place(draft.conversation_id)
    actor = as_actor(person, zone_of(next(iter(catalogues.providers.values()))))
    turn = Turn(work, catalogues, actor, now, draft.received_at, place, draft.thread, said_as=waits(draft.answers))
    dialog, answers = DIALOGS[draft.dialog], dict(draft.answers)
    turn.files.extend(at_rest(answers))
    work.drop(draft)
    dialog.expired(turn, answers)


def settled(work: Work, draft: Draft) -> bool:
    """Whether nothing more need be asked, since its case was called solved or is over."""
    number = draft.answers.get("case")
    case = work.glance(number, None) if isinstance(number, int) else None
    return case is not None and case.status in (*OVER, Status.AWAITING)


def expire_drafts(work: Work, now: Now, catalogues: Catalogues, limit: int = 50) -> int:
    """All that are past their time; how many."""
    due = work.expired_drafts(now.machine, limit)
    for draft in due:
        try:
            with work.attempt():
                expire(work, draft, now, catalogues)
        except Exception:  # one that cannot be read must not hold up all others
            log.exception("cannot end draft %s", draft.id)
            draft.expires_at = now.machine + LATER
            work.add(draft)
    return len(due)


class Acting:
    """One understood act being carried out, with the dialog that is open here."""

    def __init__(self, turn: Turn, draft: Draft | None) -> None:
        self.turn, self.draft = turn, draft

    def carry_out(self, intent: Intent) -> None:
        if isinstance(intent, Do | Begin) and intent.also:
            self._besides(intent.also)
        match intent:
            case Do(name, ref, words):
                self._do(name, ref, words)
            case Begin(dialog, known):
                self._begin(dialog, dict(known), self.turn.received)
            case Answer(number, question, value) if self.draft and self.draft.id == number:
                before = {name: kept for name, kept in self.draft.answers.items() if name != AGAIN}
                self.draft.answers = {**before, question: value}
                self._go_on(self.draft)
            case Fix(dialog, raw, mistakes) if self.draft and self.draft.dialog == dialog:
                before = self.draft.answers
                self.draft.answers = DIALOGS[dialog].mistaken(before, next(iter(raw.values()), ""))
                if self.draft.answers != before:  # words of several messages stand there by now
                    self.draft.answers = {k: v for k, v in self.draft.answers.items() if k != SAID_AS}
                self.turn.work.add(self.draft)
                self._ask(self.draft, next(iter(mistakes.values())))
            case Filled(dialog, answers, number):
                self._filled(dialog, answers, number)
            case Back() if self.draft:
                self._back(self.draft)
            case Cancel() if self.draft:
                dialog_, answers_ = DIALOGS[self.draft.dialog], dict(self.draft.answers)
                self._drop()
                self.turn.answer(dialog_.dropped(self.turn, answers_))
            case Raise():
                self._raise(intent)
            case SendOn(message):
                said = self._perform(lambda: outward.send_on(self.turn, message))
                if said is not None:
                    self.turn.answer(said)
                self.turn.files.clear()  # refused, they stay where they are
            case Change(edit):
                self._perform(lambda: desk.change(self.turn, edit))
            case TakeBack(of, files) if files:
                self._perform(lambda: desk.remove_files(self.turn, of, files))
            case TakeBack(of):
                gone = self._perform(lambda: desk.take_back(self.turn, of))
                if gone is not None:
                    self.turn.answer(gone)
            case Letter():
                self._letter(intent)
            case Lost(refusal):
                self._refuse(refusal)
            case Ignore():
                pass
            case Answer() | Fix():
                self._refuse(QuestionClosed())
            case Back() | Cancel():
                self._refuse(NothingOpen())
            case _:
                assert_never(intent)

    def leave_files(self) -> None:
        """What came along and no word took: on the case that they are about; with the question; or it is said so."""
        draft = self.draft if self.draft is not None and self.turn.work.has(self.draft) else None
        asked = draft.answers.get("case") if draft else None
        free = draft is None or asked is not None  # while it is asked what their words are about, files wait with them
        if self.turn.files and free and (number := left_over(self.turn, asked)) is not None:
            words = marks(self.turn.files)
            add = desk.note if self.turn.actor.staff else desk.say
            case = self._perform(lambda: add(self.turn, CaseRef(number), words))
            if case is not None and not self.turn.actor.staff:
                self.turn.answer(text.added(view(self.turn, case), self.turn.actor), case.id)
        rest = {AT_REST: [each.kept() for each in self.turn.files]} if self.turn.files else {}
        if draft is not None and draft.answers.get(AT_REST, []) != rest.get(AT_REST, []):
            draft.answers = {**{k: v for k, v in draft.answers.items() if k != AT_REST}, **rest}
            self.turn.work.add(draft)
        elif rest and draft is None:
            self.turn.answer(text.on_no_case(self.turn.actor))

    def _do(self, name: str, ref: CaseRef | None, words: str) -> None:
        wanted, before = command(name, self.turn.actor.role), self.draft
        said = self._perform(lambda: self._obey(wanted, ref, words), looks=wanted.verb in LOOKING)
        if said is not None:
            self.turn.answer(said)
        if name == "language":
            actor = as_actor(self.turn.work.person(self.turn.actor.id), self.turn.actor.zone)
            self.turn = replace(self.turn, actor=actor)  # what they were asked is asked again, as they read it now
        if self.draft and said is not None and (name == "person" or self._is_over(self.draft)):
            self._drop()
        if self.draft and self.draft is before and (name == "language" or AGAIN not in self.draft.answers):
            self.draft.answers = {**self.draft.answers, AGAIN: True}
            self.turn.work.add(self.draft)
            self._ask(self.draft)

    def _obey(self, wanted: Command, ref: CaseRef | None, words: str) -> Message | None:
        """Before anything is made of its words. A case's own door (desk.find) asks only once it is known to be theirs:
        one that is not reads like one that is not there."""
        if ref is None:
            permit(self.turn.actor, wanted.verb)
        return wanted.does(self.turn, ref, words)

    def _besides(self, also: Do) -> None:
        """In a message of its own: a response has room for one answer, and this is not the one."""
        turn, self.turn = self.turn, replace(self.turn, at_once=False)
        if also.command == "ask":  # a search is begun by whoever wants it
            self.turn.answer(text.look_up_too(also.words, turn.actor))
        else:
            wanted = command(also.command, turn.actor.role)
            said = self._perform(lambda: self._obey(wanted, also.case, also.words))
            if said is not None:
                self.turn.answer(said)
        self.turn = turn

    def _letter(self, letter: Letter) -> None:
        """A line that is refused was words after all: they are kept."""
        line, words = letter.line, letter.words
        if line is None:
            self._perform(lambda: take_in(self.turn, letter, words))
            return
        if letter.rest:
            self._perform(lambda: take_in(self.turn, letter, letter.rest))
        wanted = command(line.command, self.turn.actor.role)
        said = self._perform(lambda: self._obey(wanted, line.case, line.words))
        if said is not None:
            self.turn.answer(said, line.case.number if line.case else None)
        elif not letter.rest:
            self._perform(lambda: take_in(self.turn, letter, words))

    def _is_over(self, draft: Draft) -> bool:
        """Whether the case that the questions are about has just ended."""
        return settled(self.turn.work, draft)

    def _raise(self, raised: Raise) -> None:
        """Somebody's message becomes a case: the customer's own, or one that the desk opens for its author."""
        turn, written = self.turn, min(raised.at, self.turn.received)
        self.turn = turn = replace(turn, said_as=raised.message)
        key = f"raised {raised.message}"
        if not turn.work.first_time(key, turn.time.machine):
            return self._raised_before(key)
        by = self._author(raised.author)
        self.turn = turn = replace(turn, author=by.id if by else None)
        if not turn.actor.staff:
            ours = by is not None and by.account_id == turn.actor.account  # else it was no word of a customer's (R1)
            self._begin("open_case", {"problem": raised.text}, written if ours else turn.received)
            number = self.draft.answers.get("case") if self.draft else None
        elif by is None or by.account_id is None:
            turn.work.forget_key(key)  # once its author is known, it can become one
            return self._refuse(NobodyLikeThat(who=raised.author.name or raised.author.id, several=""))
        else:
            number = self._open_for(by, raised.text, written)
        if number is not None:
            turn.work.keep_answer(key, {"case": number})

    def _open_for(self, by: Person, words: str, written: datetime) -> int | None:
        """Where only their own company reads along, in the thread of their message."""
        turn, place = self.turn, self._place
        alone = place.account_id != by.account_id
        there = (by.conversation_id or place.id, "") if alone else (place.id, turn.thread)
        self.turn = replace(turn, received=written)
        case = self._perform(lambda: open_for(self.turn, by, words, *there))
        if case is None:
            return None
        turn.answer(text.opened_for(view(turn, case), turn.actor))
        return case.id

    def _raised_before(self, key: str) -> None:
        before = (self.turn.work.kept_answer(key) or {}).get("case")
        if isinstance(before, int):
            self._do("status", CaseRef(before), "")

    def _author(self, author: User) -> Person | None:
        place, work = self._place, self.turn.work
        here = Address(place.channel, place.tenant, place.room)
        by = known(work, here.channel, here.tenant, author)
        if by is None and (account := speaks_for(work, place, here, author)):
            return welcome(work, here, author, account, self.turn.time.machine)
        return by

    def _begin(self, dialog: str, known: dict[str, Any], received: datetime) -> None:
        self._drop()
        if self.turn.said_as and any(name in known for name in WAITING):
            known = {**known, SAID_AS: self.turn.said_as}
        draft = Draft(
            person_id=self.turn.actor.id,
            conversation_id=self._place.id,
            thread=self.turn.thread,
            dialog=dialog,
            answers=known,
            received_at=received,
            expires_at=self.turn.time.machine + DIALOGS[dialog].lives,
        )
        self.draft = draft
        self._go_on(draft)

    def _go_on(self, draft: Draft) -> None:
        """Act on what is known, then ask the next question or finish."""
        dialog = DIALOGS[draft.dialog]
        if not self.turn.actor.staff:
            self.turn = replace(self.turn, received=draft.received_at)  # the report, not the answer, started the clock
        answers = self._perform(lambda: dialog.progress(self.turn, dict(draft.answers)))
        if answers is None:
            return self._drop()
        draft.answers = answers
        if dialog.next(answers) is None:
            return self._finish(draft)
        self.turn.work.add(draft)
        form = self.turn.forms and dialog.as_form
        if not form or self.turn.personal or self.turn.whispers:  # elsewhere than here it could not be answered
            self._ask(draft)
        if form:  # the rest as a form; should that fail or be dismissed, the question stands
            draft.answers = {**draft.answers, AS_FORM: not self.turn.personal}
            self.turn.work.add(draft)
            asked = dialog.to_ask(continuing=True, answers=answers)
            language = self.turn.actor.language
            self.turn.shown.append(text.form(draft.dialog, asked, answers, draft=draft.id, language=language))

    def _finish(self, draft: Draft) -> None:
        name, answers, received = draft.dialog, dict(draft.answers), draft.received_at
        if said_as := waits(answers):  # what they wrote before they were asked
            self.turn = replace(self.turn, said_as=said_as)
        self._drop()
        ended = self._perform(lambda: DIALOGS[name].model_construct(**answers).finish(self.turn))
        if isinstance(ended, Lead):
            self._begin(ended.dialog, dict(ended.known), received)
        elif ended is not None:
            about = answers.get("case")
            self.turn.answer(ended, about if isinstance(about, int) else None)

    def _filled(self, dialog: str, answers: Mapping[str, Any], number: int | None) -> None:
        """A form sent off: a whole dialog at once, or the rest of the one that is open."""
        if number is None:
            self._drop()
            return self._begin(dialog, dict(answers), self.turn.received)
        if self.draft is None or (self.draft.id, self.draft.dialog) != (number, dialog):
            return self._refuse(QuestionClosed())
        self.draft.answers = {**answers, **{k: v for k, v in self.draft.answers.items() if k in _fixed(self.draft)}}
        self._go_on(self.draft)

    def _back(self, draft: Draft) -> None:
        dialog = DIALOGS[draft.dialog]
        answered = [
            q.name for q in dialog.questions() if q.name in draft.answers and q.name not in dialog.fixed(draft.answers)
        ]
        if answered:
            draft.answers = {name: value for name, value in draft.answers.items() if name != answered[-1]}
            self.turn.work.add(draft)
        self._ask(draft)

    def _ask(self, draft: Draft, mistake: Mistake | None = None) -> None:
        question = DIALOGS[draft.dialog].next(draft.answers)
        if question:
            asked = text.question(
                draft.dialog, draft.id, question, self.turn.actor, mistake, self._one_of_several(draft)
            )
            alone = not self.turn.personal and not self.turn.typed  # a button's question concerns who pressed it
            (self.turn.whisper if alone else self.turn.say)(asked, draft.answers.get("case"))

    def _one_of_several(self, draft: Draft) -> int | None:
        number = draft.answers.get("case")
        several = isinstance(number, int) and len(self.turn.work.live_cases_opened_by(self.turn.actor.id)) > 1
        return number if several else None

    def _drop(self) -> None:
        if self.draft is not None:
            if self.turn.work.has(self.draft):
                self.turn.work.drop(self.draft)
            self.draft = None

    def _perform(self, what: Callable[[], T], looks: bool = False) -> T | None:
        """All of it, or a refusal and none of it; either way there is an answer."""
        files = list(self.turn.files)
        try:
            with nullcontext() if looks else self.turn.work.attempt():
                return what()
        except Refusal as refusal:
            self.turn.files[:] = files  # they are on no case after all
            self._refuse(refusal)
            return None

    def _refuse(self, refusal: Refusal) -> None:
        turn = self.turn
        if isinstance(refusal, NeedsSentence) and refusal.case:
            return self._begin("words", {"line": "close", "about": refusal.case}, turn.received)  # R2: it is asked for
        turn.work.note("refused", type(refusal).__name__)
        if isinstance(refusal, NoSuchCase | NotForYou):
            about = str(refusal.about.get("number") or refusal.about.get("verb") or "")
            row = {"what": type(refusal).__name__, "about": about, "outcome": "refused"}
            turn.work.audit(at=turn.now, person_id=turn.actor.id, **row)
        case = turn.work.case(refusal.case, *turn.actor.scope) if refusal.case else None
        reader = replace(turn.actor, language=ENGLISH) if turn.by_program else turn.actor
        said = text.refused(refusal, reader, view(turn, case) if case else None)
        turn.answer(replace(said, refused=type(refusal).__name__))

    @property
    def _place(self) -> Conversation:
        assert self.turn.place is not None, "whoever acts is somewhere"
        return self.turn.place


def _fixed(draft: Draft) -> set[str]:
    hidden = {name for name, field in DIALOGS[draft.dialog].model_fields.items() if field.exclude}
    return hidden | set(DIALOGS[draft.dialog].fixed(draft.answers))
