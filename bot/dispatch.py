"""One incoming act: look, understand, then either show a form at once or act in one transaction."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TypeVar

from bot import text
from bot.acting import Acting, expire
from bot.channel import Busy
from bot.dialogs import DIALOGS
from bot.forms import ShowForm
from bot.messages import Incoming, Message, Said, Submitted, from_json, to_json
from bot.turn import Now, Turn, as_actor, the_desk, zone_of
from bot.understanding import (
    Begin,
    Fix,
    Intent,
    OpenQuestion,
    Scene,
    understand,
)
from bot.understanding.search import Knowledge
from rules.catalogue import Catalogues
from rules.lifecycle import OVER
from store.store import Store, Unavailable
from store.tables import Conversation, Draft, Person
from store.work import Work

log = logging.getLogger(__name__)
T = TypeVar("T")
PATIENCE = 2.5  # seconds: Slack waits three
DRAFT_LIVES = timedelta(hours=24)


class Moved(Exception):
    """What was understood was about a question that is no longer the open one."""


@dataclass(frozen=True)
class Bot:
    store: Store
    catalogues: Catalogues
    clock: Callable[[], Now]
    wake: Callable[[], None]
    """Called after every commit that may owe something."""
    knowledge: Knowledge = field(default_factory=lambda: Knowledge(()))

    async def hear(self, incoming: Incoming) -> ShowForm | Message | None:
        """What to show at once; None: done and committed. Raises Busy when nothing was kept: answer 503."""
        until = asyncio.get_running_loop().time() + PATIENCE
        incoming = incoming.cleaned()
        try:
            for _ in range(3):
                try:
                    return await self._hear(incoming, until)
                except Moved:
                    continue  # understood once more, with the question that is open now
            raise Busy("the question keeps changing")
        except (Busy, Unavailable) as error:
            raise Busy(str(error)) from error
        except Exception:
            return await self._apologise(incoming, until)
        finally:
            self.wake()

    async def _hear(self, incoming: Incoming, until: float) -> ShowForm | Message | None:
        now = self.clock()
        scene = await self.store.read(look, incoming, now, patience=_left(until))
        intent = understand(incoming, scene, self.knowledge)
        shown = show(intent, incoming)
        if shown is not None:
            return shown
        act_ = partial(act, catalogues=self.catalogues)
        return await self.store.write(act_, incoming, scene, intent, now, patience=_left(until))

    async def _apologise(self, incoming: Incoming, until: float) -> Message | None:
        """The unexpected: nothing of the act was done, and its person gets a reference instead of a traceback."""
        reference = secrets.token_hex(3)
        log.exception("unexpected %s", reference)
        unit = partial(apologise, reference=reference, zone=zone_of(next(iter(self.catalogues.providers.values()))))
        try:
            return await self.store.write(unit, incoming, self.clock(), patience=max(_left(until), 0.5))
        except Unavailable as error:
            raise Busy(str(error)) from error


def _left(until: float) -> float:
    return max(until - asyncio.get_running_loop().time(), 0.0)


def look(work: Work, incoming: Incoming, now: Now) -> Scene:
    """A short read: who it is, what they were asked, which case the place means."""
    here = incoming.here
    person = work.person_of(here.channel, here.tenant, incoming.user)
    if person is None:
        return Scene(None)
    place = work.known_conversation(here.channel, here.tenant, here.room)
    return _scene(work, person, place, incoming, work.draft(person.id, place.id, here.thread) if place else None, now)


def _scene(
    work: Work, person: Person, place: Conversation | None, incoming: Incoming, draft: Draft | None, now: Now
) -> Scene:
    actor = as_actor(person, "UTC")
    number = work.case_of_place(place, incoming.here.thread, incoming.quotes) if place else None
    meant = work.glance(number, actor.account) if number else None
    asked = _asked(draft) if draft and draft.expires_at > now.machine else None
    return Scene(
        actor,
        asked,
        meant.id if meant else None,
        bool(meant and meant.status in OVER),
        work.account(actor.account).slug if actor.account else None,
        tuple(work.live_cases_opened_by(person.id)) if not actor.staff else (),
    )


def _asked(draft: Draft) -> OpenQuestion | None:
    question = DIALOGS[draft.dialog].next(draft.answers)
    if question is None:
        return None
    answers = draft.answers
    words = str(answers.get("words") or answers.get("question") or "")
    number = answers.get("case")
    return OpenQuestion(draft.id, draft.dialog, question.name, number if isinstance(number, int) else None, words)


def show(intent: Intent, incoming: Incoming) -> ShowForm | None:
    """What lives for seconds writes nothing."""
    match intent:
        case Begin(dialog, known) if incoming.forms and not known:
            return text.form(dialog, DIALOGS[dialog].questions(), {})
        case Fix(dialog, raw, mistakes) if isinstance(incoming.body, Submitted):
            asked = DIALOGS[dialog].to_ask(continuing=incoming.body.draft is not None)
            return text.form(dialog, asked, raw, mistakes, incoming.body.draft)
    return None


def act(
    work: Work, incoming: Incoming, scene: Scene, intent: Intent, now: Now, *, catalogues: Catalogues
) -> ShowForm | Message | None:
    """The whole act in one transaction: inbox key, draft, case, history and what is owed."""
    if not work.first_time(incoming.key, now.machine):
        kept = work.kept_answer(incoming.key)
        return from_json(kept) if kept else None
    here = incoming.here
    place = work.conversation(here.channel, here.tenant, here.room)
    person = work.person_of(here.channel, here.tenant, incoming.user, lock=True)
    if person is None:
        return _stranger(work, incoming, place, now, catalogues)
    draft = work.draft(person.id, place.id, here.thread, lock=True)
    if draft is not None and draft.expires_at <= now.machine:
        expire(work, draft, now, catalogues)
        draft = None
    truth = _scene(work, person, place, incoming, draft, now)
    if isinstance(incoming.body, Said) and truth.asked != scene.asked:
        raise Moved  # they have been asked something else since we understood this
    if incoming.personal and person.conversation_id != place.id:
        person.conversation_id = place.id
        work.add(person)
    turn = _turn(work, incoming, place, person, truth, now, catalogues)
    Acting(turn, draft).carry_out(intent)
    for shown in turn.shown:
        if isinstance(shown, ShowForm):
            return shown
        work.keep_answer(incoming.key, to_json(shown))
    return turn.shown[-1] if turn.shown else None


def _turn(
    work: Work, incoming: Incoming, place: Conversation, person: Person, truth: Scene, now: Now, catalogues: Catalogues
) -> Turn:
    zone = zone_of(next(iter(catalogues.providers.values())))
    return Turn(
        work,
        catalogues,
        as_actor(person, zone),
        now,
        min(incoming.at, now.business),  # no clock starts in the future
        place,
        incoming.here.thread,
        truth.case,
        isinstance(incoming.body, Said) and incoming.visible,
        incoming.personal,
        incoming.at_once,
        incoming.forms,
    )


def _stranger(work: Work, incoming: Incoming, place: Conversation, now: Now, catalogues: Catalogues) -> Message | None:
    provider = next(iter(catalogues.providers.values()))
    said = text.stranger(provider, the_desk(zone_of(provider)))
    if incoming.at_once:
        work.keep_answer(incoming.key, to_json(said))
        return said
    work.owe(place.id, now.machine, {"message": to_json(said), "thread": incoming.here.thread})
    return None


def apologise(work: Work, incoming: Incoming, now: Now, reference: str, zone: str) -> Message | None:
    said, here = text.broke(reference, the_desk(zone)), incoming.here
    if not work.first_time(incoming.key, now.machine):
        return None
    if incoming.at_once:
        work.keep_answer(incoming.key, to_json(said))
        return said
    place = work.conversation(here.channel, here.tenant, here.room)
    work.owe(place.id, now.machine, {"message": to_json(said), "thread": here.thread})
    return None
