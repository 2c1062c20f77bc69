"""From what a person did to what they want: pure, before the transaction, free to be slow."""

import re
from dataclasses import replace
from datetime import datetime

from bot import commands, spoken
from bot.desk import CaseRef, Edit
from bot.dialogs import DIALOGS
from bot.dialogs.how_do_i import CANDIDATES
from bot.files import marks
from bot.forms import SKIP, Mistake
from bot.incoming import Deleted, Edited, Incoming, Picked, Pressed, Reacted, Returned, Said, SentOn, Submitted, Written
from bot.understanding.appointments import tells_time, timed
from bot.understanding.articles import Reader
from bot.understanding.intent_guess import person_wanted
from bot.understanding.intents import (
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
    OpenQuestion,
    Raise,
    Scene,
    SendOn,
    TakeBack,
)
from bot.understanding.letters import letter
from bot.understanding.router import UNSURE, chosen, route, route_again
from bot.understanding.search import Knowledge, Shelf
from rules.lifecycle import Verb, permit
from rules.refusals import Misunderstood, NotForYou, NothingOpen, NotYourNote, QuestionClosed, Refusal

ASK, WORDS = "ask", "words"
EDITED = "(edited)"
_CASE_WORDS = re.compile(r"^(an?\s+)?(new\s+)?(case|ticket|request)\b\s*[:,-]?\s*", re.I)

__all__ = [
    "Answer",
    "Back",
    "Begin",
    "Cancel",
    "Change",
    "Do",
    "Filled",
    "Fix",
    "Ignore",
    "Intent",
    "Letter",
    "Lost",
    "OpenQuestion",
    "Raise",
    "Scene",
    "SendOn",
    "TakeBack",
    "tells_time",
    "timed",
    "understand",
]


def understand(incoming: Incoming, scene: Scene, knowledge: Knowledge | Shelf) -> Intent:
    intent = _question(_meant(incoming, scene), scene)
    question = isinstance(intent, Do) and intent.command == ASK and scene.actor is not None and not scene.actor.staff
    if question and isinstance(intent, Do):
        return replace(asked(intent.words, scene, knowledge), also=intent.also)
    return intent


def _meant(incoming: Incoming, scene: Scene) -> Intent:
    if (alone := _files_alone(incoming, scene)) is not None:
        return alone
    try:
        match incoming.body:
            case Submitted(name, raw, draft):
                return _submitted(name, dict(raw), draft)
            case Pressed(line):
                return _pressed(line, scene)
            case Reacted(sign):
                return _reacted(sign, scene)
            case SentOn():
                return _sent_on(incoming.body, incoming, scene)
            case Edited(text, of):
                return _edited(text, of, incoming.at, scene)
            case Deleted(of, files):
                return _deleted(of, files, incoming, scene)
            case Written():
                return letter(incoming.body, scene)
            case Returned():
                return Ignore()
            case Picked(text, author, at, message):
                return Do("status", CaseRef(scene.case)) if scene.case else Raise(text, author, at, message)
            case Said(text) if text.strip().lower() in ("/support", "/case"):
                return Do("help", None)
            case Said(text) if not incoming.addressed:
                return _overheard(text, scene)
            case Said(text) if scene.asked and not _put_away(incoming, scene):
                return _in_dialog(text, scene, scene.asked)
            case Said(text) if spoken.line(text.strip()).lstrip("/!").lower() == SKIP:
                return Lost(NothingOpen())
            case Said(text):
                return (
                    (None if _returns(text, scene) else _control(text))
                    or _command(text, scene)
                    or _outward(text, incoming, scene)
                    or route(_unmarked(text), scene)
                )
    except Refusal as refusal:
        return Lost(refusal)


def _question(intent: Intent, scene: Scene) -> Intent:
    """What answers "How do I?" is looked up like any question."""
    if scene.asked is None or (scene.asked.dialog, scene.asked.line) != (WORDS, ASK):
        return intent
    match intent:
        case Answer(_, _, str(words)):
            return Do(ASK, None, words)
        case Filled(_, answers, number) if number == scene.asked.draft:
            return Do(ASK, None, str(answers[WORDS]))
    return intent


def asked(question: str, scene: Scene, knowledge: Knowledge | Shelf) -> Begin:
    """The search belongs here: before the transaction, free to be slow."""
    reader = Reader(scene.company, scene.provider, bool(scene.actor and scene.actor.nominated))
    found = knowledge.search(question, reader, limit=CANDIDATES)
    rows: list[dict[str, str | int | None]] = [
        {
            "version": hit.article.version,
            "title": hit.article.title,
            "heading": hit.heading,
            "snippet": hit.snippet,
            "link": hit.article.link,
            "video": hit.article.video,
        }
        for hit in found.hits
    ]
    return Begin("how_do_i", {"question": question, "found": rows, "answered": found.answered})


def _files_alone(incoming: Incoming, scene: Scene) -> Intent | None:
    """A customer's file without a word is no answer to a question: it goes on their case, or begins one."""
    actor, text = scene.actor, marks(incoming.files)
    if not text or incoming.body != Said(text) or actor is None or actor.staff:
        return None
    asked = scene.asked.case if scene.asked else None
    case = asked or (None if scene.over else scene.case)
    if case is not None:
        return Do("reply", CaseRef(case), text)
    if not incoming.addressed or scene.asked is not None:
        return None
    if len(scene.mine) == 1:
        return Do("add", CaseRef(scene.mine[0]), text)  # and they can move it
    return None if scene.mine else Begin("open_case", {"problem": text})


def _put_away(incoming: Incoming, scene: Scene) -> bool:
    """What staff say among people answers no form: it could leave as words to the customer."""
    staff = scene.actor is not None and scene.actor.staff
    return staff and not incoming.personal and scene.asked is not None and scene.asked.as_form


def _overheard(text: str, scene: Scene) -> Intent:
    """Nobody called the bot: it hears what belongs to a case, and what is marked as a command for it."""
    actor = scene.actor
    if actor is None or not (scene.case or scene.asked or scene.desk):
        return Ignore()
    if actor.staff:  # never an answer to a question of ours: what they say to each other must not leave
        return _staff_overheard(text, scene)
    if scene.asked:
        return _in_dialog(text, scene, scene.asked)
    return (_control(text) or _command(text, scene) or route(text, scene)) if scene.case else Ignore()


def _staff_overheard(text: str, scene: Scene) -> Intent:
    if text.strip().startswith("!"):
        return _command(text, scene) or Ignore()
    if scene.case is None or not text.strip():
        return Ignore()
    return Do("reply" if scene.outward else "note", CaseRef(scene.case), text.strip())


def _outward(text: str, incoming: Incoming, scene: Scene) -> Intent | None:
    """Staff's words where the customer reads along are an answer, whether or not they call the bot by name."""
    staff = scene.actor is not None and scene.actor.staff
    if staff and scene.case and scene.outward and not incoming.personal and incoming.visible and text.strip():
        return Do("reply", CaseRef(scene.case), text.strip())
    return None


def _edited(text: str, of: str, at: datetime, scene: Scene) -> Intent:
    """Never obeyed. What was never heard is added, and says so; the desk's own words stay with the desk."""
    words = text.strip()
    if scene.actor is None or not words or scene.said == "heard":
        return Ignore()
    if scene.said == "followed":
        return Change(replace(_edit(words, of, scene), at=at))
    case = scene.case or (scene.mine[0] if scene.single and len(scene.mine) == 1 else None)
    if case is None or scene.over or words.startswith(("/", "!")):
        return Ignore()
    return Do("note" if scene.actor.staff else "reply", CaseRef(case), f"{EDITED} {words}")


def _edit(words: str, of: str, scene: Scene) -> Edit:
    assert scene.actor is not None, "somebody changed it"
    if (opening := _open(words)) and not scene.actor.staff:
        return Edit(of, words, "open", Verb.OPEN, None, opening)
    try:
        line = _line(words, scene)
    except Misunderstood:
        line = None
    if line is None:
        return Edit(of, words)
    number = line.case.number if line.case else None
    return Edit(of, words, line.name, commands.command(line.name, scene.actor.role).verb, number, line.words)


def _deleted(of: str, files: tuple[str, ...], incoming: Incoming, scene: Scene) -> Intent:
    """Of talk among people nothing is kept, nor that it is gone."""
    if scene.actor is None or not scene.actor.id:
        return Ignore()
    unheard = not files and scene.said == "" and (scene.case is not None or incoming.personal)
    return TakeBack(of, files) if scene.said == "followed" or unheard else Ignore()


def _reacted(sign: str, scene: Scene) -> Intent:
    """Only on a case's live card, only from staff; anything else is a smile among people."""
    if scene.actor is None or not scene.actor.staff or scene.card is None:
        return Ignore()
    if sign == "take":
        return Do("take", CaseRef(scene.card)) if scene.free else Ignore()
    return Do("resolve", CaseRef(scene.card))


def _sent_on(chosen: SentOn, incoming: Incoming, scene: Scene) -> Intent:
    """Their own words to the desk only. A sign on any other message is a smile among people; a wish is answered."""
    actor = scene.actor
    if actor is None or not actor.staff:
        return Lost(NotForYou(verb=Verb.REPLY)) if incoming.addressed else Ignore()
    if scene.case is None or scene.outward:
        return Lost(NotYourNote()) if incoming.addressed else Ignore()
    return SendOn(chosen.id) if chosen.author.id == incoming.by.id else Lost(NotYourNote())


def _unmarked(text: str) -> str:
    """``/support the form is broken`` says that the form is broken."""
    return re.sub(r"^\s*/(support|case)\b\s*", "", text, flags=re.I)


def _submitted(name: str, raw: dict[str, str], draft: int | None) -> Intent:
    if name not in DIALOGS or (draft is None and not DIALOGS[name].blank):
        return Lost(QuestionClosed())
    good, mistakes = DIALOGS[name].read_all(raw, DIALOGS[name].to_ask(continuing=draft is not None))
    return Fix(name, raw, mistakes) if mistakes else Filled(name, good, draft)


def _pressed(line: str, scene: Scene) -> Intent:
    match line.split(maxsplit=3):
        case ["answer", draft, question, raw]:
            if scene.asked is None or str(scene.asked.draft) != draft:
                raise QuestionClosed()
            answer = _answer(scene.asked, question, raw)
            return chosen(answer, scene, scene.asked) if scene.asked.dialog == UNSURE else answer
    found = _control(line) or _command(line, scene, pressed=True)
    if found is None:
        raise Misunderstood(usage="help")
    return found


def _in_dialog(text: str, scene: Scene, asked: OpenQuestion) -> Intent:
    """A control word, a marked line or a verb with a case number is a command; everything else is the answer."""
    if found := _control(text):
        return found
    if spoken.line(text.strip()).rstrip(".!").lower() == "help":
        return Do("help", None)
    if person_wanted(text):
        return Do("person", CaseRef(asked.case) if asked.case else None, asked.words or text)
    if text.strip().startswith(("/", "!")):
        return _command(text, scene) or Lost(Misunderstood(usage="help"))
    line = _line(text, scene)
    staff = scene.actor is not None and scene.actor.staff  # theirs is a room of commands: no line may leave as words
    if line is not None and (line.whole or (staff and line.name not in commands.LOOSE)):
        return _said(line, scene)
    answer = _answer(asked, asked.question, text)
    if asked.dialog == UNSURE and isinstance(answer, Answer):
        return chosen(answer, scene, asked)
    if isinstance(answer, Fix) and DIALOGS[asked.dialog].gives_way:
        free = replace(scene, asked=None)  # something new that they say
        return _command(text, free) or (route_again(text, free, asked) if asked.dialog == UNSURE else route(text, free))
    return answer


def _control(text: str) -> Intent | None:
    match spoken.line(text.strip()).lstrip("/!").rstrip(".!").lower():
        case "cancel":
            return Cancel()
        case "back":
            return Back()
    return None


def _returns(text: str, scene: Scene) -> bool:
    """Where nothing is asked, who of the desk says "back" was away."""
    staff = scene.actor is not None and scene.actor.staff
    return staff and isinstance(_control(text), Back)


def _command(text: str, scene: Scene, pressed: bool = False) -> Intent | None:
    opening = _open(text)
    if opening is not None and scene.actor is not None and not scene.actor.staff:
        return Begin("open_case", {"problem": opening} if opening else {})
    line = _line(text, scene, pressed)
    return _said(line, scene) if line else None


def _said(line: commands.Line, scene: Scene) -> Intent:
    if line.missing:
        assert scene.actor is not None, "a line is read for somebody"
        permit(scene.actor, commands.command(line.name, scene.actor.role).verb)  # nobody is asked for nothing
        return Begin(WORDS, {"line": line.name, "about": line.case.number if line.case else 0})
    return Do(line.name, line.case, line.words)


def _line(text: str, scene: Scene, pressed: bool = False) -> commands.Line | None:
    if scene.actor is None:
        return None
    only = scene.mine[0] if len(scene.mine) == 1 else None
    return commands.parse(text, scene.actor.role, scene.case, only, pressed, scene.plans)


def _open(text: str) -> str | None:
    """``open``, ``/open the form is broken``, ``open a case: the form is broken``."""
    words = spoken.line(text.strip())
    for mark in ("/case ", "/support ", "/", "!"):
        words = words.removeprefix(mark)
    head, _, rest = words.strip().partition(" ")
    if head.lower().rstrip(":") != "open":
        return None
    return _CASE_WORDS.sub("", rest.strip(), count=1).strip()


def _answer(asked: OpenQuestion, question: str, raw: str) -> Intent:
    dialog = DIALOGS[asked.dialog]
    if question not in dialog.model_fields or dialog.model_fields[question].exclude:
        raise QuestionClosed()
    try:
        return Answer(asked.draft, question, dialog.read(question, raw))
    except Mistake as mistake:
        return Fix(asked.dialog, {question: raw}, {question: mistake})
