"""What people do towards the bot, the same for every channel."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from bot.files import File as File
from bot.files import cleaned as cleaned_files
from bot.files import marks as marks

LONGEST = 40_000  # characters of one text: Slack's own limit, the largest among the channels
LONGEST_SUBJECT = 1_000


@dataclass(frozen=True)
class Address:
    """A place in a channel where something can be said; ``thread`` is empty in the room itself."""

    channel: str
    tenant: str
    room: str
    thread: str = ""


@dataclass(frozen=True)
class Said:
    text: str


@dataclass(frozen=True)
class Pressed:
    """A button says a line, exact about what it answers (``confirm 1042 r2``)."""

    line: str


@dataclass(frozen=True)
class Submitted:
    """A form sent off; ``draft`` names the dialog it continues."""

    form: str
    answers: Mapping[str, str]
    draft: int | None = None


@dataclass(frozen=True)
class Edited:
    """They changed what they had said; ``text`` is how it reads now."""

    text: str
    of: str = ""
    """The key under which it was said."""


@dataclass(frozen=True)
class Deleted:
    """They took back what they had said."""

    of: str
    """The key under which it was said."""
    files: tuple[str, ...] = ()
    """Only these of what came with it, by the channel's own ids; empty: all of it."""


@dataclass(frozen=True)
class Picked:
    """They chose a message, theirs or somebody else's, to become a case (R1: its clock starts when it was written)."""

    text: str
    author: "User"
    at: datetime
    """When it was written (UTC)."""
    id: str
    """Names the message: it becomes a case once, whoever chooses it, and however often."""


@dataclass(frozen=True)
class SentOn:
    """They chose a message that is to go on to the customer, in whose case's thread it stands at the desk."""

    author: "User"
    id: str
    """The key under which it was said."""


@dataclass(frozen=True)
class Reacted:
    """They put a sign on the message that ``Incoming.quotes`` names."""

    sign: Literal["take", "resolve"]


@dataclass(frozen=True)
class Written:
    """A letter: its words open a case, or are added to the one that it goes on from (see bot.letters)."""

    text: str
    subject: str = ""
    numbers: tuple[int, ...] = ()
    """Cases that it names, best first; one that its author may not see is none."""
    before: tuple[str, ...] = ()
    """The channel's ids of the letters that it goes on from, nearest first."""
    id: str = ""
    """The channel's id of this one."""
    proven: bool = False
    """Whether the channel vouches for its author; otherwise it is words that anybody may have written."""
    bare: bool = False
    """Whether all of it is words, whatever line it begins with."""
    priority: str = ""
    """As its author marked it, where the channel has such marks."""


@dataclass(frozen=True)
class Returned:
    """A message of ours came back: the far side took it first, and refused it then."""

    receipt: str
    """The channel's id of it."""
    key: str
    """Its key, as Outgoing had it."""
    reason: str


Body = Said | Pressed | Submitted | Edited | Deleted | Picked | SentOn | Reacted | Written | Returned


@dataclass(frozen=True)
class User:
    """Somebody in a channel, as the channel vouches for them."""

    id: str
    homes: tuple[str, ...] = ()
    """The tenants under which they may be known, best first; empty: the one where the message was written."""
    outsider: bool = False
    """A guest, or of another company than the tenant: never staff, whatever the directory says."""
    name: str = ""
    """What they call themselves; shown as a quotation, and decides nothing."""
    zone: str = ""
    """Their IANA zone, where the channel tells."""

    def cleaned(self) -> "User":
        return replace(self, name=clean(self.name))


@dataclass(frozen=True)
class Incoming:
    key: str
    """Names what the person did, not its delivery: the same act redelivered has the same key."""
    by: User
    here: Address
    body: Body
    at: datetime
    """When they did it, by the channel's account (UTC): a response clock starts here (R1)."""
    quotes: str = ""
    """The channel's id of the message this one answers, where the channel has quoting."""
    visible: bool = True
    """Whether what they wrote stands there for everybody to read; a slash command does not."""
    personal: bool = True
    """Whether this person and the bot are alone here: what is meant for them alone goes to such a place."""
    at_once: bool = False
    """Whether an answer can go back in the response to this very act."""
    forms: bool = False
    """Whether a form can be shown in that response."""
    private: Address | None = None
    """Where this person alone can be spoken to; None: nowhere else than here."""
    cut_off: bool = False
    """Whether the channel has such places, and this person has none."""
    addressed: bool = True
    """Whether it is meant for the bot; otherwise it is people talking, and heard only where a case lives."""
    begins: bool = False
    """Whether the thread of ``here`` begins with this very message."""
    mixed: bool = False
    """Whether people of several companies read along here."""
    mentions: Mapping[str, str] = field(default_factory=dict)
    """Who is meant by each ``@name`` in what they wrote: user ids."""
    unbound: bool = False
    """Whether their tenant is no account's: they may report a problem, and are told where the desk is, and no more."""
    whispers: bool = True
    """Whether one person can be spoken to among others; otherwise what is theirs alone stands in their own chat."""
    single: bool = False
    """Whether a person's matters share the one conversation that they have alone with the bot: what they add there goes
    to their only open case."""
    files: tuple[File, ...] = ()
    """What came with it."""

    @property
    def user(self) -> str:
        return self.by.id

    @property
    def homes(self) -> tuple[str, ...]:
        return self.by.homes or (self.here.tenant,)

    def cleaned(self) -> "Incoming":
        """The one place where foreign text is made fit for every database: no NUL, no lone surrogate, no excess."""
        files = cleaned_files(self.files)
        whole = replace(self, key=clean(self.key), by=self.by.cleaned(), files=files)
        match self.body:
            case Said(text):
                return replace(whole, body=Said(clean(text if text.strip() else marks(files))))
            case Pressed(line):
                return replace(whole, body=Pressed(clean(line)))
            case Submitted(form, answers, draft):
                return replace(whole, body=Submitted(form, {k: clean(v) for k, v in answers.items()}, draft))
            case Edited(text, of):
                return replace(whole, body=Edited(clean(text), clean(of)))
            case Deleted(of, gone):
                return replace(whole, body=Deleted(clean(of), tuple(map(clean, gone))))
            case Picked(text, author):
                said = clean(text if text.strip() else marks(files))
                return replace(whole, body=replace(self.body, text=said, author=author.cleaned()))
            case SentOn(author):
                return replace(whole, body=replace(self.body, author=author.cleaned()))
            case Written(text, subject):
                said = clean(text if text.strip() else marks(files))
                fit = replace(self.body, text=said, subject=clean(subject, LONGEST_SUBJECT))
                return replace(whole, body=fit)
            case Returned(_, _, reason):
                return replace(whole, body=replace(self.body, reason=clean(reason)))
            case Reacted():
                return whole


ORDER = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Signs that turn round what comes after them, our own words too; letters know by themselves which way they run."""


def clean(text: str, longest: int = LONGEST) -> str:
    whole = text.replace("\0", "").translate(ORDER).encode("utf-8", "replace").decode("utf-8")
    return whole if len(whole) <= longest else whole[: longest - 4] + " […]"
