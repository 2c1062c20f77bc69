"""Following a case, and what becomes of words that their author changes or takes back."""

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.files import MARK
from bot.messages import Buttons, CaseNumber, Code, Message, Part, Quote, Text
from bot.messages import Person as Named
from bot.text.values import ROLES, named, number
from bot.wording import Choice, Sentence, message, say
from rules.lifecycle import Verb, may
from rules.people import Actor, Role
from rules.refusals import EditChangesNothing, EditIsNoLine, Refusal

if TYPE_CHECKING:
    from bot.desk.views import CaseView

FOLLOW, UNFOLLOW = "follow {0.id}", "unfollow {0.id}"


def followed(view: "CaseView", reader: Actor) -> Message:
    said = say("You hear what happens on case {case} from now on.", case=number(view))
    return message(reader, said, (_unfollow(view),))


def unfollowed(view: "CaseView", reader: Actor) -> Message:
    said = say("You no longer follow case {case}. What concerns you still reaches you.", case=number(view))
    return message(reader, said, (_follow(view),))


def followers(view: "CaseView", reader: Actor) -> tuple[tuple[str, Sentence], ...]:
    """Those whom this reader may know of."""
    people = view.followed_by(reader)
    if not people:
        return ()
    names = {f"p{n}": Named(one.name, ROLES[one.role]) for n, one in enumerate(people)}
    return (("Followed by", Sentence(", ".join(f"{{{name}}}" for name in names), dict(names))),)


def follows(view: "CaseView", reader: Actor) -> tuple[Choice, ...]:
    """Nobody is offered what they hear already, nor what is over."""
    if any(one.id == reader.id for one in view.followers):
        return (_unfollow(view),)
    mine = view.case.opened_by == reader.id
    return (_follow(view),) if may(reader, Verb.FOLLOW) and not mine and view.case.over_at is None else ()


def _follow(view: "CaseView") -> Choice:
    return Choice(say("Follow"), FOLLOW.format(view.case))


def _unfollow(view: "CaseView") -> Choice:
    return Choice(say("Unfollow"), UNFOLLOW.format(view.case))


# Changed, and taken back ------------------------------------------------------------------------------------------


def edited(told: Message, words: str) -> Message:
    """What was told of somebody's words, as these read now."""
    mark = _beside(told, say("Edited by its author.", style="small"))
    parts: list[Part] = []
    for part in told.parts:
        parts += [replace(part, words=words), *mark] if isinstance(part, Quote) else [part]
    return replace(told, parts=tuple(parts))


def blanked(told: Message) -> Message:
    """The same without the words, or anything that came with them."""
    first = tuple(part for part in told.parts[:1] if isinstance(part, Text))
    buttons = tuple(part for part in told.parts if isinstance(part, Buttons))
    return replace(told, parts=(*first, *_beside(told, say("Deleted by its author.", style="small")), *buttons))


def without_files(told: Message, gone: Collection[int]) -> Message:
    """Of the files that it tells of, these by their order are crossed out."""
    [mark] = _beside(told, say("Deleted by its author.", style="small"))
    lines = [n for n, part in enumerate(told.parts) if isinstance(part, Text) and str(part.spans[0]).startswith(MARK)]
    crossed = {lines[n]: replace(mark, spans=(f"{MARK} ", *mark.spans)) for n in gone if n < len(lines)}
    return replace(told, parts=tuple(crossed.get(n, part) for n, part in enumerate(told.parts)))


def _beside(told: Message, said: Sentence) -> tuple[Text, ...]:
    reader = Actor(0, "", Role.CUSTOMER, None, told.zone, language=told.language)
    return tuple(part for part in message(reader, said, why=False).parts if isinstance(part, Text))


def changed_later(view: "CaseView", by: Actor, words: str, reader: Actor) -> Message:
    """To the desk, which has gone on since and would not look there again."""
    said = say("{who} changed what they had written on {case}.", who=named(by), case=number(view))
    return message(reader, said, Quote(named(by), words))


def began_with_nothing(view: "CaseView", reader: Actor) -> Message:
    said = say("The words with which case {case} began are gone. The case stays open.", case=number(view))
    return message(reader, said, (Choice(say("Withdraw it"), f"withdraw {view.case.id}", "danger"),))


def why_not(refusal: Refusal) -> Sentence | None:
    match refusal:
        case EditIsNoLine():
            told = "What the customer reads on case {case} stays as it was. An edit of it still begins with {line}."
            line = Code(f"{refusal.about['line']} {refusal.case}")
            return say(told, case=CaseNumber(refusal.case or 0), line=line)
        case EditChangesNothing():
            return say("A line is not said again by an edit: nothing was changed.")
    return None
