"""What was understood, shown as a form at once or carried out in one transaction."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot import attachments, letters, text
from bot.acting import Acting, expire, settled
from bot.attachments import Keeping
from bot.commands import command
from bot.desk.entitlements import customer_of
from bot.dialogs import DIALOGS
from bot.forms import ShowForm
from bot.incoming import Incoming, Said, Submitted, Written
from bot.invitations import Links
from bot.limits import Limits, spend
from bot.looking import aside, meant_here, open_draft, question_of, scene_of, whoever_left
from bot.messages import ENGLISH, Message, from_json, to_json
from bot.strangers import met, no_more, tell, turn_away
from bot.turn import Now, Turn, as_actor, the_desk, zone_of
from bot.understanding import Begin, Do, Filled, Fix, Ignore, Intent, Scene, tells_time, understand
from bot.understanding.search import Knowledge, Shelf
from bot.who import API, PORTAL, apart, barred, known
from rules.catalogue import Catalogues, Provider
from rules.people import Actor
from store.tables import Case, Conversation, Draft, Person
from store.work import Work


class NotPlain(Exception):
    """More than grammar is needed to understand it, or nothing of it is to be kept."""


class Moved(Exception):
    """What was understood was about a question that is no longer the open one."""


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
    limits: Limits | None = None,
) -> ShowForm | Message | None:
    """The whole act in one transaction: inbox key, draft, case, history and what is owed.

    Without an intent, it is a plain line that is understood here; raises NotPlain if it turns out to be none. Raises
    TooMuch.
    """
    if not work.first_time(incoming.key, now.machine):
        work.note("again")
        kept = work.kept_answer(incoming.key)
        return from_json(kept) if kept else None
    here = incoming.here
    person = known(work, here.channel, here.tenant, incoming.by, lock=True)  # they do one thing at a time
    person = person or whoever_left(work, incoming, lock=True)
    if person is None and incoming.unbound and barred(work, here, incoming.by):
        return no_more(work, incoming, now, catalogues)
    place = work.conversation(here.channel, here.tenant, here.room)
    person = person or met(work, incoming, place, intent, now)
    if person is None:
        spend(limits, incoming, None, intent, now)
        return turn_away(work, incoming, place, now, catalogues)
    if apart(work, incoming, as_actor(person, "UTC"), place):
        if incoming.private is None:
            provider = next(iter(catalogues.providers.values()))
            return tell(work, incoming, place, text.not_among_others(provider, the_desk(zone_of(provider))), now)
        incoming, elsewhere = aside(work, incoming)
        here = incoming.here
        place = elsewhere or work.conversation(here.channel, here.tenant, here.room)
    draft = open_draft(work, person, place, incoming, lock=True)
    if draft is not None and draft.expires_at <= now.machine:
        expire(work, draft, now, catalogues)
        draft = None
    if draft is not None and settled(work, draft):
        work.drop(draft)
        draft = None
    if scene is None or intent is None:
        scene, intent = _understood(work, incoming, person, place, draft, now, catalogues, knowledge)
    meant = meant_here(work, as_actor(person, "UTC"), place, incoming)
    if isinstance(incoming.body, Said) and (question_of(draft) if draft else None) != scene.asked:
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
    spend(limits, incoming, turn.actor, intent, now)
    new = not turn.by_program and _greet(turn, person)
    work.note("act", _verb(intent, turn.actor, draft))
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
    scene = scene_of(work, person, place, incoming, draft, now, zone)
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


def _verb(intent: Intent, actor: Actor, draft: Draft | None) -> str:
    """What was understood, as one of few words."""
    match intent:
        case Do(name):
            return command(name, actor.role).verb
        case Begin(dialog) | Fix(dialog) | Filled(dialog):
            return DIALOGS[dialog].verb
    return DIALOGS[draft.dialog].verb if draft else type(intent).__name__.lower()


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
    work.note("broke")
    if not incoming.addressed or not work.first_time(incoming.key, now.machine):
        return None
    place = work.conversation(here.channel, here.tenant, here.room)
    said = replace(text.broke(reference, provider, the_desk(zone_of(provider))), refused="Broke")
    return tell(work, incoming, place, said, now)
