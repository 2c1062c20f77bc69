"""How vendors' own channels would show what stands in a room: in their JSON, which their own adapters write."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Protocol

from adapters.web.cast import DESK
from adapters.web.log import Entry
from bot.channel import Outgoing
from bot.forms import ShowForm
from bot.incoming import Address
from bot.messages import Message, from_json

Json = Mapping[str, object]
MANY = 5_000  # drawings that are kept


class Writer(Protocol):
    """One vendor's; ``app`` supplies it."""

    def said(self, out: Outgoing) -> Sequence[Json]:
        """What the vendor is sent for it, in order."""

    def asked(self, form: ShowForm) -> Json:
        """What the vendor shows the form from."""


class Manners:
    def __init__(self, writers: Mapping[str, Writer], plain: Callable[[Message], str]) -> None:
        """``writers``: by the vendor's name on the page. ``plain``: the words, for what no vendor gets."""
        self._writers, self._plain = writers, plain
        self._kept: dict[tuple[str, int], Mapping[str, Sequence[Json]]] = {}

    @property
    def names(self) -> list[str]:
        return list(self._writers)

    def shown(self, entries: Sequence[Entry]) -> list[dict[str, Any]]:
        """As pages get them: what the bot said also as each vendor would be sent it."""
        return [asdict(entry) | {"drawn": self._drawn(entry)} for entry in entries]

    def said(self, room: str, entry: Mapping[str, Any]) -> Mapping[str, Sequence[Json]]:
        """Nothing for what is no bot's message in a room: mail has a form of its own."""
        if entry["kind"] != "bot" or entry["channel"] != "web":
            return {}
        # A person's own chat holds nothing but what is theirs: only among others is it a whisper.
        alone = entry["only_for"] if room == DESK else ""
        to, edits = Address("web", "", room), "it" if entry["edited"] else ""
        message, root = from_json(entry["message"]), bool(entry["root"])
        out = Outgoing("", to, message, edits, entry["case"], root, only_for=alone)
        return {name: writer.said(out) for name, writer in self._writers.items()}

    def words(self, entry: Mapping[str, Any]) -> list[str]:
        return self._plain(from_json(entry["message"])).splitlines()

    def asked(self, form: ShowForm) -> Mapping[str, Json]:
        return {name: writer.asked(form) for name, writer in self._writers.items()}

    def _drawn(self, entry: Entry) -> Mapping[str, Sequence[Json]]:
        """Each version once, however many pages are open."""
        version = entry.key, entry.revision
        if version not in self._kept:
            if len(self._kept) >= MANY:
                del self._kept[next(iter(self._kept))]
            self._kept[version] = self.said(entry.room, entry.entry)
        return self._kept[version]
