"""One actor acting at one moment in one unit of work: a person's message, or the clock's own round."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.citing import beneath
from bot.files import File
from bot.forms import ShowForm
from bot.invitations import Links
from bot.messages import ENGLISH, Message, to_json
from bot.who import API, MAIL, UNSEEN
from rules.catalogue import Catalogues, Provider
from rules.people import Actor, Role
from store.tables import Conversation, Person
from store.work import Work

if TYPE_CHECKING:
    from bot.attachments import Keeping

Words = Callable[[Actor], Message]
"""What somebody is told, once it is known who reads it."""


@dataclass(frozen=True)
class Now:
    """The two times of a turn, both UTC."""

    business: datetime
    """What cases live by; one per turn, forward only."""
    machine: datetime
    """What leases, retries and drafts live by."""


@dataclass(frozen=True)
class Turn:
    work: Work
    catalogues: Catalogues
    actor: Actor
    time: Now
    received: datetime
    """When they did it: a case's clock starts here (R1)."""
    place: Conversation | None = None
    thread: str = ""
    case: int | None = None
    """The case of the thread or of the quoted message."""
    user: str = ""
    """The actor's id in the channel."""
    begins: bool = False
    """Whether the thread begins with what they wrote, so that nothing stands in it yet."""
    mentions: Mapping[str, str] = field(default_factory=dict)
    """Who is meant by each ``@name`` in what they wrote: the channel's user ids."""
    single: bool = False
    """Whether all their matters share this one conversation."""
    typed: bool = False
    """Whether their own words stand in that place already, for everybody there to read."""
    personal: bool = True
    at_once: bool = False
    forms: bool = False
    whispers: bool = True
    silent: bool = False
    """Whether they are told nothing on account of what they just did."""
    shown: list[ShowForm | Message] = field(default_factory=list)
    links: Links | None = None
    """To agreed times, for people's calendars; None: none can be made here."""
    channels: Collection[str] = frozenset()
    """Those that are set up here."""
    said_as: str = ""
    """The key under which their own words were said, where these stand in a message that they can change."""
    author: int | None = None
    """Who had written what somebody else makes a case of."""
    key: str = ""
    """What the act is called in the inbox."""
    keeping: "Keeping | None" = None
    """None: of files only what is told of them is kept."""
    files: list[File] = field(default_factory=list)
    """What came with what they wrote, until it is on a case."""
    left_out: list[File] = field(default_factory=list)
    """Of those, what is more than one message or case takes."""

    hold: timedelta = timedelta(0)
    """How long what the desk says to a customer can be taken back; zero: it leaves at once."""
    keyed: list[str] = field(default_factory=list)
    """The key under which their next answer is found again, should it have to change."""
    greeting: list[Message] = field(default_factory=list)
    """What the first thing that is ever said to them ends with (W31)."""

    @property
    def now(self) -> datetime:
        return self.time.business

    @property
    def provider(self) -> Provider:
        """Whose desk this is where no contract tells: the first catalogue's."""
        return next(iter(self.catalogues.providers.values()))

    @property
    def by_program(self) -> bool:
        """Whether another system acts in their name."""
        return self.place is not None and self.place.channel == API

    def home(self, by: Person) -> tuple[int, str]:
        """Room and thread in which they hear of what they do here; elsewhere, where nobody hears anything who is not
        looking."""
        assert self.place is not None, "whoever acts is somewhere"
        if self.place.channel in UNSEEN and by.conversation_id is not None:
            return by.conversation_id, ""
        if self.by_program and MAIL in self.channels and by.email:
            return self.work.conversation(MAIL, "", by.email).id, ""
        return self.place.id, self.thread

    def at(self, received: datetime) -> "Turn":
        """The same, as of when something was said."""
        return replace(self, received=received)

    def mentioned(self, who: str) -> Person | None:
        """Whoever a mention in what they wrote means."""
        user = self.mentions.get(who.strip())
        return self.work.person_of(self.place.channel, [self.place.tenant], user) if user and self.place else None

    def answer(self, message: Message, case: int | None = None) -> None:
        """To whoever this turn is with and nobody else, since they can ask again: at once where the channel can."""
        key = self.keyed.pop() if self.keyed else None
        if self.silent:
            return
        if self.at_once:
            self.shown.append(self._greeted(message))
        elif self.personal:
            self.say(message, case, key)
        else:
            self.whisper(message, case, key)

    def say(self, message: Message, case: int | None = None, key: str | None = None) -> None:
        """To whoever this turn is with, and to last."""
        assert self.place is not None, "the clock has nobody to talk to: use tell"
        self.owe(self.place.id, self._greeted(message), case, thread=self.thread, key=key)

    def _greeted(self, message: Message) -> Message:
        return beneath(message, self.greeting.pop()) if self.greeting else message

    def whisper(self, message: Message, case: int | None = None, key: str | None = None) -> None:
        """In the room, for the actor's eyes only."""
        assert self.place is not None, "the clock has nobody to talk to: use tell"
        thread = "" if self.begins else self.thread  # in a thread where nothing stands, nobody would see it
        self.owe(self.place.id, message, case, thread=thread, only_for=self.user, key=key)

    def tell(
        self,
        person: Person,
        words: Words,
        case: int | None = None,
        *,
        key: str | None = None,
        warning: bool = False,
        alone: bool = False,
        event: int | None = None,
    ) -> bool:
        """To somebody else, where they were last met; False if they never were.

        Warnings due within two minutes share one message (R10), unless this one is to stand ``alone``, at once.
        """
        if person.conversation_id is None:
            return False
        said = words(as_actor(person, zone_of(self.provider)))
        joins = warning and not alone
        self.owe(person.conversation_id, said, case, key=key, warning=warning, joins=joins, event=event)
        return True

    def owe(
        self,
        place: int,
        message: Message,
        case: int | None = None,
        *,
        thread: str = "",
        under_card: bool = False,
        key: str | None = None,
        warning: bool = False,
        only_for: str | None = None,
        replaces: int | None = None,
        joins: bool = False,
        event: int | None = None,
    ) -> None:
        """``event``: whose words it carries, so that it is found should they change."""
        where = {"thread": thread, "under_card": under_card, "only_for": only_for, "replaces": replaces}
        where["event_id"] = event
        row = {"message": to_json(message), "case_id": case, "key": key, "warning": warning, **where}
        row["joins"] = 0 if joins else None
        self.work.owe(place, self.time.machine, row)


def as_actor(person: Person, zone: str) -> Actor:
    """A person as they act and read; without a zone of their own, in the provider's."""
    zone, language = person.zone or zone, person.language or ENGLISH
    return Actor(person.id, person.name, person.role, person.account_id, zone, person.nominated, person.guest, language)


def the_desk(zone: str) -> Actor:
    """Whoever reads a room of the desk; of many people's languages, the desk's own."""
    return Actor(0, "the desk", Role.AGENT, None, zone)


def zone_of(provider: Provider) -> str:
    return provider.hours.zone if provider.hours else "UTC"
