"""A short read before anything is decided: who it is, what they were asked, which case the place means."""

from dataclasses import replace
from datetime import timedelta
from typing import Literal

from bot import letters
from bot.acting import AS_FORM, settled
from bot.desk.editing import gone_author, knows
from bot.desk.entitlements import called, customer_of
from bot.dialogs import DIALOGS
from bot.incoming import Deleted, Edited, Incoming, Reacted, Said, Written
from bot.turn import Now, as_actor, zone_of
from bot.understanding import OpenQuestion, Scene
from bot.who import apart, barred, guest, known, speaks_for
from rules.catalogue import Catalogues
from rules.lifecycle import OVER, RULES, Verb
from rules.people import Actor
from store.tables import Case, Conversation, Draft, Person
from store.work import Work


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
    person = known(work, here.channel, here.tenant, incoming.by) or whoever_left(work, incoming)
    place = work.known_conversation(here.channel, here.tenant, here.room)
    if person is None:
        account = speaks_for(work, place, here, incoming.by)
        heard = account is not None or incoming.unbound
        return Scene(guest(incoming.by, account or 0, zone) if heard else None)
    if apart(work, incoming, as_actor(person, "UTC"), place):
        if incoming.private is None:
            return Scene(None)
        incoming, place = aside(work, incoming)
    draft = open_draft(work, person, place, incoming) if place else None
    return scene_of(work, person, place, incoming, draft, now, zone)


def whoever_left(work: Work, incoming: Incoming, lock: bool = False) -> Person | None:
    """Who left is nobody here, and can still delete what they had written: so their channel tells."""
    here, body = incoming.here, incoming.body
    if not isinstance(body, Deleted) or not barred(work, here, incoming.by):
        return None
    author = gone_author(work, body.of)
    return work.person_numbered(author.id, lock) if author else None


def aside(work: Work, incoming: Incoming) -> tuple[Incoming, Conversation | None]:
    """What a company's person says among others goes on where they are alone with the bot."""
    assert incoming.private is not None, "who is nowhere alone is told so"
    alone = replace(incoming, here=incoming.private, personal=True, visible=False, quotes="", begins=False)
    return alone, work.known_conversation(alone.here.channel, alone.here.tenant, alone.here.room)


def open_draft(work: Work, person: Person, place: Conversation, incoming: Incoming, lock: bool = False) -> Draft | None:
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


def scene_of(
    work: Work, person: Person, place: Conversation | None, incoming: Incoming, draft: Draft | None, now: Now, zone: str
) -> Scene:
    actor = as_actor(person, zone)
    meant = meant_here(work, actor, place, incoming)
    asked = question_of(draft) if draft and draft.expires_at > now.machine and not settled(work, draft) else None
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


def meant_here(work: Work, actor: Actor, place: Conversation | None, incoming: Incoming) -> Case | None:
    """The case of the thread or of the quoted message, where it is theirs to see."""
    number = work.case_of_place(place, incoming.here.thread, incoming.quotes) if place else None
    found = work.glance(number, *actor.scope) if number else None
    return letters.meant(work, actor, incoming.body) if found is None and isinstance(incoming.body, Written) else found


def question_of(draft: Draft) -> OpenQuestion | None:
    question = DIALOGS[draft.dialog].next(draft.answers)
    if question is None:
        return None
    answers = draft.answers
    words = str(answers.get("words") or answers.get("question") or "")
    number = answers.get("case")
    case, line = number if isinstance(number, int) else None, str(answers.get("line") or "")
    return OpenQuestion(draft.id, draft.dialog, question.name, case, words, bool(answers.get(AS_FORM)), line)
