"""One incoming act: look, understand, then either show a form at once or act in one transaction."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal, TypeVar

from bot import attachments, letters, text
from bot.acting import AS_FORM, Acting, expire, settled
from bot.attachments import Keeping, put_by
from bot.channel import Busy, Home
from bot.commands import COMMANDS
from bot.desk.editing import gone_author, knows
from bot.desk.entitlements import called, customer_of
from bot.desk.linking import code_in
from bot.dialogs import DIALOGS
from bot.forms import ShowForm
from bot.home import greet
from bot.invitations import Links
from bot.messages import (
    ENGLISH,
    Address,
    Deleted,
    Edited,
    Incoming,
    Message,
    Pressed,
    Reacted,
    Returned,
    Said,
    Submitted,
    User,
    Written,
    from_json,
    to_json,
)
from bot.strangers import NotAStranger, link, met, no_more, tell, turn_away
from bot.turn import Now, Turn, as_actor, the_desk, zone_of
from bot.understanding import (
    Begin,
    Fix,
    Ignore,
    Intent,
    OpenQuestion,
    Scene,
    tells_time,
    timed,
    understand,
)
from bot.understanding.search import Knowledge, Shelf
from bot.who import API, PORTAL, apart, barred, guest, known, speaks_for
from rules.catalogue import Catalogues, Provider
from rules.lifecycle import OVER, RULES, Verb
from rules.people import Actor
from store.store import Store, Unavailable
from store.tables import Case, Conversation, Draft, Person
from store.work import Work

log = logging.getLogger(__name__)
T = TypeVar("T")
PATIENCE = 2.5  # seconds: Slack waits three
FREE = {"ask", "schedule", "away", "open-for"}  # lines whose words are searched, or read as a date


class NotPlain(Exception):
    """More than grammar is needed to understand it, or nothing of it is to be kept."""


class Moved(Exception):
    """What was understood was about a question that is no longer the open one."""


@dataclass(frozen=True)
class Bot:
    store: Store
    catalogues: Catalogues
    clock: Callable[[], Now]
    wake: Callable[[], None]
    """Called after every commit that may owe something."""
    knowledge: Knowledge | Shelf = field(default_factory=Shelf)
    channels: Collection[str] = frozenset()
    """Those that are set up here: where else somebody can be reached."""
    links: Links | None = None
    """To agreed times, for people's calendars."""
    hold: timedelta = timedelta(0)
    """How long what the desk says to a customer can be taken back."""
    keeping: Keeping | None = None
    """None: no files are kept here."""

    async def hear(self, incoming: Incoming, within: float = PATIENCE) -> ShowForm | Message | None:
        """What to show at once; None: done and committed. Raises Busy when nothing was kept: answer 503."""
        until = asyncio.get_running_loop().time() + within
        try:
            incoming = await self._put_by(incoming.cleaned())
            for _ in range(3):
                try:
                    return await self._hear(incoming, until)
                except Moved:
                    continue  # understood once more, with the question that is open now
            raise Busy("the question keeps changing")
        except (Busy, Unavailable) as error:
            raise Busy(str(error)) from error
        except Exception as error:
            if isinstance(incoming.body, Written | Returned):
                log.exception("a letter")
                raise Busy("a letter stays with its post office until it can be read") from error
            if incoming.here.channel == API:
                log.exception("a program's act")
                raise Busy("nothing of it is kept, so that the same act can be sent again") from error
            return await self._apologise(incoming, until)
        finally:
            self.wake()

    async def _put_by(self, incoming: Incoming) -> Incoming:
        """Before anything is decided: what is put by and not named by any case is thrown away later."""
        try:
            return replace(incoming, files=await put_by(incoming.files, self.keeping)) if incoming.files else incoming
        except OSError as error:
            raise Busy(f"files cannot be kept: {type(error).__name__}") from error

    async def _hear(self, incoming: Incoming, until: float) -> ShowForm | Message | None:
        now = self.clock()
        house: Any = {
            "catalogues": self.catalogues,
            "links": self.links,
            "channels": self.channels,
            "keeping": self.keeping,
            "hold": self.hold,
        }
        if isinstance(incoming.body, Returned) or (isinstance(incoming.body, Written) and not incoming.user):
            unit = partial(letters.without_author, catalogues=self.catalogues, channels=self.channels)
            return await self.store.write(unit, incoming, now, patience=_left(until))
        if code_in(incoming):
            with suppress(NotAStranger):
                by_code = partial(link, catalogues=self.catalogues, channels=self.channels)
                return await self.store.write(by_code, incoming, now, patience=_left(until))
        if plain_line(incoming):
            with suppress(NotPlain):
                plain = partial(act, **house, knowledge=self.knowledge)
                return await self.store.write(plain, incoming, None, None, now, patience=_left(until))
        scene = await self.store.read(look, incoming, now, self.catalogues, patience=_left(until))
        intent = understand(incoming, scene, self.knowledge)
        if tells_time(intent, scene):
            intent = await asyncio.to_thread(timed, intent, scene)
        if isinstance(intent, Ignore):
            return None
        shown = show(intent, incoming, scene)
        if shown is not None:
            return shown
        act_ = partial(act, **house)
        return await self.store.write(act_, incoming, scene, intent, now, patience=_left(until))

    async def home(self, by: User, private: Address, line: str = "") -> Home:
        """What somebody is greeted with on their own page. Reads only."""
        try:
            return await self.store.read(greet, by, private, self.clock(), self.catalogues, line, patience=PATIENCE)
        except Unavailable as error:
            raise Busy(str(error)) from error

    async def mark(self) -> str:
        """See bot.channel.Host."""
        try:
            return await self.store.read(Work.queue_mark, patience=PATIENCE)
        except Unavailable as error:
            raise Busy(str(error)) from error

    async def seen(self, where: Address, until: datetime) -> None:
        """What stands there was seen up to then. Not worth a word where it cannot be kept."""
        try:
            if await self.store.read(unseen, where, patience=PATIENCE):
                await self.store.write(see, where, until, patience=PATIENCE)
        except Unavailable as error:
            log.warning("not noted that it was seen: %s", error)

    async def _apologise(self, incoming: Incoming, until: float) -> Message | None:
        """The unexpected: nothing of the act was done, and its person gets a reference instead of a traceback."""
        reference = secrets.token_hex(3)
        log.exception("unexpected %s", reference)
        unit = partial(apologise, reference=reference, provider=next(iter(self.catalogues.providers.values())))
        try:
            return await self.store.write(unit, incoming, self.clock(), patience=max(_left(until), 0.5))
        except Unavailable as error:
            raise Busy(str(error)) from error


def unseen(work: Work, where: Address) -> bool:
    place = work.known_conversation(where.channel, where.tenant, where.room)
    return place is not None and (place.warned_at is not None or place.told_at is not None)


def see(work: Work, where: Address, until: datetime) -> None:
    work.see(work.conversation(where.channel, where.tenant, where.room), until)


def plain_line(incoming: Incoming) -> bool:
    """Whether it is a line that grammar alone reads: understood where it is carried out, it needs no look before."""
    match incoming.body:
        case Pressed(line):
            words = line.split(maxsplit=1)
        case Said(said) if not incoming.visible and said.startswith("/"):
            words = said.split(maxsplit=2)[1:]
        case _:
            return False
    return bool(words) and words[0].lower() in COMMANDS and words[0].lower() not in FREE


def _left(until: float) -> float:
    return max(until - asyncio.get_running_loop().time(), 0.0)


def look(work: Work, incoming: Incoming, now: Now, catalogues: Catalogues) -> Scene:
    """A short read: who it is, what they were asked, which case the place means, and by which clock they speak."""
    provider = next(iter(catalogues.providers.values()))
    scene = _look(work, incoming, now, incoming.by.zone or zone_of(provider))
    asks = scene.actor if isinstance(incoming.body, Said) else None
    theirs = customer_of(work, catalogues, asks.account, now.business) if asks and asks.account else None
    grace = timedelta(days=(theirs or provider).desk.reopen_days)
    reopens = scene.over_at is not None and now.business <= scene.over_at + grace
    scene = replace(scene, now=now.business, hours=provider.calendar(), reopens=reopens)
    return replace(scene, provider=theirs.id, plans=called(theirs)) if theirs else scene


def _look(work: Work, incoming: Incoming, now: Now, zone: str) -> Scene:
    here = incoming.here
    person = known(work, here.channel, here.tenant, incoming.by) or _gone(work, incoming)
    place = work.known_conversation(here.channel, here.tenant, here.room)
    if person is None:
        account = speaks_for(work, place, here, incoming.by)
        heard = account is not None or incoming.unbound
        return Scene(guest(incoming.by, account or 0, zone) if heard else None)
    if apart(work, incoming, as_actor(person, "UTC"), place):
        if incoming.private is None:
            return Scene(None)
        incoming, place = _aside(work, incoming)
    return _scene(work, person, place, incoming, _draft(work, person, place, incoming) if place else None, now, zone)


def _gone(work: Work, incoming: Incoming, lock: bool = False) -> Person | None:
    """Who left is nobody here, and can still delete what they had written: so their channel tells."""
    here, body = incoming.here, incoming.body
    if not isinstance(body, Deleted) or not barred(work, here, incoming.by):
        return None
    author = gone_author(work, body.of)
    return work.person_numbered(author.id, lock) if author else None


def _aside(work: Work, incoming: Incoming) -> tuple[Incoming, Conversation | None]:
    """What a company's person says among others goes on where they are alone with the bot."""
    assert incoming.private is not None, "who is nowhere alone is told so"
    alone = replace(incoming, here=incoming.private, personal=True, visible=False, quotes="", begins=False)
    return alone, work.known_conversation(alone.here.channel, alone.here.tenant, alone.here.room)


def _draft(work: Work, person: Person, place: Conversation, incoming: Incoming, lock: bool = False) -> Draft | None:
    """What they were asked in this thread; or outside any thread, if this thread goes on from there."""
    thread = incoming.here.thread
    exact = work.draft(person.id, place.id, thread, lock)
    if exact is not None or not thread:
        return exact
    loose = work.draft(person.id, place.id, "", lock)
    return loose if loose is not None and _goes_on(work, place, incoming, loose) else None


def _goes_on(work: Work, place: Conversation, incoming: Incoming, loose: Draft) -> bool:
    """They answer beside the question, under it, or under something else about its case."""
    if incoming.begins:
        return incoming.personal
    thread, about = incoming.here.thread, loose.answers.get("case")
    if about is not None:
        return bool(work.case_of_place(place, thread, incoming.quotes) == about)
    return work.said_there(place, thread)


def _scene(
    work: Work, person: Person, place: Conversation | None, incoming: Incoming, draft: Draft | None, now: Now, zone: str
) -> Scene:
    actor = as_actor(person, zone)
    meant = _meant(work, actor, place, incoming)
    asked = _asked(draft) if draft and draft.expires_at > now.machine and not settled(work, draft) else None
    desk = bool(place and place.desk)
    card = work.case_of_card(place, incoming.quotes) if place and isinstance(incoming.body, Reacted) else None
    signed = work.glance(card, *actor.scope) if card else None
    lives = _goes_on_as(work, meant) if meant else None
    over = lives is not None and lives.status in OVER
    return Scene(
        actor,
        asked,
        meant.id if meant else None,
        over,
        work.account(actor.account).slug if actor.account and not actor.guest else None,
        tuple(work.live_cases_opened_by(person.id)) if not actor.staff else (),
        signed.id if signed else None,
        bool(signed and signed.assignee_id is None and signed.status in RULES[Verb.TAKE].moves),
        desk,
        bool(meant and place and not desk and meant.conversation_id == place.id),
        incoming.single and incoming.personal,
        over_at=lives.over_at if lives and over and _may_reopen(work, actor, lives) else None,
        said=_said(work, person, incoming.body) if isinstance(incoming.body, Edited | Deleted) else "",
    )


def _goes_on_as(work: Work, case: Case) -> Case:
    """Whatever is said to a merged case reaches that one (R9)."""
    while case.merged_into is not None and (into := work.glance(case.merged_into, case.account_id)) is not None:
        case = into
    return case


def _may_reopen(work: Work, actor: Actor, case: Case) -> bool:
    own = actor.nominated or case.opened_by == actor.id or (not actor.guest and work.opened_one_of(case.id, actor.id))
    return own and case.status in RULES[Verb.REOPEN].moves


def _said(work: Work, person: Person, body: Edited | Deleted) -> Literal["", "followed", "heard"]:
    if knows(work, body.of, person):
        return "followed"
    return "heard" if work.handled(body.of) else ""


def _meant(work: Work, actor: Actor, place: Conversation | None, incoming: Incoming) -> Case | None:
    """The case of the thread or of the quoted message, where it is theirs to see."""
    number = work.case_of_place(place, incoming.here.thread, incoming.quotes) if place else None
    found = work.glance(number, *actor.scope) if number else None
    return letters.meant(work, actor, incoming.body) if found is None and isinstance(incoming.body, Written) else found


def _asked(draft: Draft) -> OpenQuestion | None:
    question = DIALOGS[draft.dialog].next(draft.answers)
    if question is None:
        return None
    answers = draft.answers
    words = str(answers.get("words") or answers.get("question") or "")
    number = answers.get("case")
    case, line = number if isinstance(number, int) else None, str(answers.get("line") or "")
    return OpenQuestion(draft.id, draft.dialog, question.name, case, words, bool(answers.get(AS_FORM)), line)


def show(intent: Intent, incoming: Incoming, scene: Scene) -> ShowForm | None:
    """What lives for seconds writes nothing."""
    open_, language = scene.asked, scene.actor.language if scene.actor else ENGLISH
    match intent:
        case Begin(dialog, known) if incoming.forms and not known:
            return text.form(dialog, DIALOGS[dialog].to_ask(continuing=False), {}, language=language)
        case Fix(dialog, raw, mistakes) if isinstance(incoming.body, Submitted):
            about = {"line": open_.line} if open_ and open_.draft == incoming.body.draft and open_.line else {}
            asked = DIALOGS[dialog].to_ask(continuing=incoming.body.draft is not None, answers=about)
            return text.form(dialog, asked, raw, mistakes, incoming.body.draft, language)
    return None


def act(
    work: Work,
    incoming: Incoming,
    scene: Scene | None,
    intent: Intent | None,
    now: Now,
    *,
    catalogues: Catalogues,
    knowledge: Knowledge | Shelf | None = None,
    links: Links | None = None,
    channels: Collection[str] = frozenset(),
    keeping: Keeping | None = None,
    hold: timedelta = timedelta(0),
) -> ShowForm | Message | None:
    """The whole act in one transaction: inbox key, draft, case, history and what is owed.

    Without an intent, it is a plain line that is understood here; raises NotPlain if it turns out to be none.
    """
    if not work.first_time(incoming.key, now.machine):
        kept = work.kept_answer(incoming.key)
        return from_json(kept) if kept else None
    here = incoming.here
    person = known(work, here.channel, here.tenant, incoming.by, lock=True)  # they do one thing at a time
    person = person or _gone(work, incoming, lock=True)
    if person is None and incoming.unbound and barred(work, here, incoming.by):
        return no_more(work, incoming, now, catalogues)
    place = work.conversation(here.channel, here.tenant, here.room)
    person = person or met(work, incoming, place, intent, now)
    if person is None:
        return turn_away(work, incoming, place, now, catalogues)
    if apart(work, incoming, as_actor(person, "UTC"), place):
        if incoming.private is None:
            provider = next(iter(catalogues.providers.values()))
            return tell(work, incoming, place, text.not_among_others(provider, the_desk(zone_of(provider))), now)
        incoming, elsewhere = _aside(work, incoming)
        here = incoming.here
        place = elsewhere or work.conversation(here.channel, here.tenant, here.room)
    draft = _draft(work, person, place, incoming, lock=True)
    if draft is not None and draft.expires_at <= now.machine:
        expire(work, draft, now, catalogues)
        draft = None
    if draft is not None and settled(work, draft):
        work.drop(draft)
        draft = None
    if scene is None or intent is None:
        scene, intent = _understood(work, incoming, person, place, draft, now, catalogues, knowledge)
    meant = _meant(work, as_actor(person, "UTC"), place, incoming)
    if isinstance(incoming.body, Said) and (_asked(draft) if draft else None) != scene.asked:
        raise Moved  # they have been asked something else since we understood this
    written = isinstance(incoming.body, Written) and person.conversation_id is not None  # they stay where they talk
    if incoming.personal and not (isinstance(incoming.body, Written) and not incoming.body.proven):
        work.see(place, now.machine)  # and a forged letter proves nothing
    gone, paged = person.left_at is not None, here.channel == PORTAL and person.conversation_id is not None
    stays = gone or written or paged or here.channel == API
    if incoming.personal and person.conversation_id != place.id and not stays:
        person.conversation_id = place.id
        work.add(person)
    house: Any = {"links": links, "channels": channels, "keeping": keeping, "hold": hold}
    files = [*(attachments.at_rest(draft.answers) if draft else ()), *incoming.files]
    turn = replace(_turn(work, incoming, place, person, meant, now, catalogues), files=files, **house)
    turn = letters.as_author(turn, incoming.body) if isinstance(incoming.body, Written) else turn
    turn = replace(turn, silent=True) if gone else turn
    new = not turn.by_program and _greet(turn, person)
    acting = Acting(turn, draft)
    acting.carry_out(intent)
    acting.leave_files()
    if new and not turn.greeting:
        person.welcomed_at = now.machine
        work.add(person)
    if incoming.at_once and not incoming.visible and not turn.shown:
        turn.answer(text.written_to_you(turn.actor))  # they see nothing where they said it
    for shown in turn.shown:
        if isinstance(shown, ShowForm):
            unseen = incoming.at_once and not incoming.visible
            return replace(shown, beside=text.written_to_you(turn.actor)) if unseen else shown
        work.keep_answer(incoming.key, to_json(shown))
    return turn.shown[-1] if turn.shown else None


def _understood(
    work: Work,
    incoming: Incoming,
    person: Person,
    place: Conversation,
    draft: Draft | None,
    now: Now,
    catalogues: Catalogues,
    knowledge: Knowledge | Shelf | None,
) -> tuple[Scene, Intent]:
    """A plain line, by what is locked already."""
    provider = next(iter(catalogues.providers.values()))
    zone = incoming.by.zone or zone_of(provider)
    scene = _scene(work, person, place, incoming, draft, now, zone)
    intent = understand(incoming, replace(scene, now=now.business, hours=provider.calendar()), knowledge or Shelf())
    if isinstance(intent, Ignore) or tells_time(intent, scene) or show(intent, incoming, scene) is not None:
        raise NotPlain
    return scene, intent


def _turn(
    work: Work,
    incoming: Incoming,
    place: Conversation,
    person: Person,
    meant: Case | None,
    now: Now,
    catalogues: Catalogues,
) -> Turn:
    zone = incoming.by.zone or zone_of(next(iter(catalogues.providers.values())))
    actor = as_actor(person, zone)
    if place.channel == API:
        actor = replace(actor, name=text.by_program(actor.name, incoming.by.name))
    return Turn(
        work,
        catalogues,
        actor,
        now,
        min(incoming.at, now.business),  # no clock starts in the future
        place,
        incoming.here.thread,
        meant.id if meant else None,
        incoming.user,
        incoming.begins,
        incoming.mentions,
        incoming.single and incoming.personal,
        isinstance(incoming.body, Said) and incoming.visible,
        incoming.personal,
        incoming.at_once,
        incoming.forms,
        incoming.whispers,
        said_as=incoming.key if isinstance(incoming.body, Said) and incoming.visible else "",
        key=incoming.key,
    )


def _greet(turn: Turn, person: Person) -> bool:
    """Whether they are a customer to whom nothing was said so far: then they are told how their data is handled."""
    if person.account_id is None or person.welcomed_at is not None:
        return False
    provider = customer_of(turn.work, turn.catalogues, person.account_id, turn.now) or turn.provider
    if policy := text.privacy(provider):
        turn.greeting.append(text.alone(policy, turn.actor))
    return bool(turn.greeting)


def apologise(work: Work, incoming: Incoming, now: Now, reference: str, provider: Provider) -> Message | None:
    here = incoming.here
    if not incoming.addressed or not work.first_time(incoming.key, now.machine):
        return None
    place = work.conversation(here.channel, here.tenant, here.room)
    said = replace(text.broke(reference, provider, the_desk(zone_of(provider))), refused="Broke")
    return tell(work, incoming, place, said, now)
