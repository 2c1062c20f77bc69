"""How files are told of: what each is called, how large it is, who sent it and where it is opened."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot import figures
from bot.files import MARK
from bot.messages import Buttons, CaseNumber, Link, Message, Person, Quote, Quoted
from bot.text.values import named
from bot.wording import InTheir, Row, Sentence, Style, label, message, say, several
from rules.people import Actor

LISTED = 20


@dataclass(frozen=True)
class Shown:
    """A file as somebody reads of it; ``link`` is empty where they have none."""

    name: str
    size: int | None
    media_type: str
    link: str
    by: Person | None = None
    internal: bool = False


def with_files(said: Message, files: Sequence[Shown], left: int, by: Actor, reader: Actor) -> Message:
    """Above its buttons. Where the file's name stands for words that nobody wrote, it is said once."""
    lines = message(reader, *(_line(each, named(by)) for each in files), left_out(left), why=False).parts
    alone = "\n".join(f"{MARK} {each.name}" for each in files)
    parts = [each for each in said.parts if not (isinstance(each, Quote) and each.words == alone)]
    at = next((n for n, each in enumerate(parts) if isinstance(each, Buttons)), len(parts))
    return replace(said, parts=(*parts[:at], *lines, *parts[at:]))


def with_list(said: Message, files: Sequence[Shown], reader: Actor) -> Message:
    """Beneath a case's history: the latest of its files."""
    if not files:
        return said
    rows = tuple(Row(_listed(each)) for each in files[-LISTED:])
    more = message(reader, say("Files", style="heading"), rows, why=False)
    return replace(said, parts=(*said.parts, *more.parts))


def with_unopened(said: Message, reader: Actor) -> Message:
    """Whoever sent files along learns that these do not arrive."""
    told = say("The customer is told of what you sent along, but cannot open it where they are.", style="alert")
    at = next((n for n, each in enumerate(said.parts) if isinstance(each, Buttons)), len(said.parts))
    return replace(said, parts=(*said.parts[:at], *message(reader, told, why=False).parts, *said.parts[at:]))


def _line(file: Shown, by: Person) -> Sentence:
    if not file.link:
        return say("📎 {file} from {who}", file=described(file), who=by)
    return say("📎 {file} from {who}: {link}", file=described(file), who=by, link=opens(file.link))


def _listed(file: Shown) -> Sentence:
    line = _line(file, file.by or Person("", ""))
    return say("[internal] {line}", line=line) if file.internal else line


def described(file: Shown) -> InTheir:
    """Its sender's words, all of it."""
    return InTheir(lambda language: Quoted(figures.file(file.name, file.size, file.media_type, language)))


def opens(url: str) -> InTheir:
    return InTheir(lambda language: Link(label(say("Open it"), language), url))


def left_out(many: int) -> Sentence | None:
    if not many:
        return None
    return several("{n} more file was left out.", "{n} more files were left out.", many, style="small")


def sent(case: int, by: Actor, reader: Actor) -> Message:
    """News of files alone."""
    return message(reader, say("{who} added to {case}:", who=named(by), case=CaseNumber(case)))


def on_no_case(by: Actor) -> Message:
    told = (
        "The file is on no case: send it in a case's thread, or with note and its number."
        if by.staff
        else "The file is on no case yet. Say what is going wrong and send it again."
    )
    return message(by, say(told))


def given_up(case: int, file: Shown, why: str, reader: Actor) -> Message:
    """To the desk: it is known of, and cannot be opened here."""
    style: Style = "alert" if why == INFECTED else "normal"
    return message(reader, say(_WHY[why], style, file=described(file), case=CaseNumber(case)))


def stands(state: str, why: str) -> Sentence | None:
    """Why it cannot be opened here, on a page."""
    if state == "wanted":
        return say("being fetched")
    return say(_STANDS[why]) if why in _STANDS else None


INFECTED, UNSCANNED, UNFETCHED, LARGE, NO_FILE = "infected", "unscanned", "unfetched", "large", "no file"
UNSTORED = "unstored"
_STANDS = {
    INFECTED: "infected, and not kept",
    UNSCANNED: "not scanned yet",
    UNFETCHED: "could not be fetched",
    UNSTORED: "could not be kept",
    LARGE: "larger than what is kept",
    NO_FILE: "no longer there",
}
_WHY = {
    INFECTED: "{file} on {case} is infected. It is not kept, and nobody can open it here.",
    UNSCANNED: "{file} on {case} could not be scanned. Nobody can open it here until it is.",
    UNFETCHED: "{file} on {case} could not be fetched. It can be opened only where it was sent.",
    UNSTORED: "{file} on {case} could not be kept: the folder of files cannot be read or written.",
    LARGE: "{file} on {case} is larger than what is kept. It can be opened only where it was sent.",
    NO_FILE: "{file} on {case} is no file any more where it was sent, or the desk may not fetch it there.",
}
