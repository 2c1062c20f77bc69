"""Files that come with what people write: what is told of them, made fit to be shown. No word of it is believed."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

MOST = 10
"""Files of one message; the rest is counted, and not taken."""
LOOKED_AT = 100  # of one message, before any is counted
LONGEST_NAME, LONGEST_TYPE, LONGEST_LINK, LONGEST_REF, LARGEST = 120, 100, 1_000, 100, 2**53
MARK = "📎"
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*", re.ASCII)
_LINK = re.compile(r"https://[a-z0-9.-]+(:\d{1,5})?/[!-~]*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class File:
    """One file, as its sender's program describes it."""

    name: str = ""
    media_type: str = ""
    size: int | None = None
    """Octets."""
    link: str = ""
    """Where whoever may read what it came with can open it, in its own channel."""
    source: Mapping[str, str] | None = None
    """The channel's own reference, by which it can be fetched."""
    content: bytes = field(default=b"", repr=False)
    """All of it, where it came along."""
    sha256: str = ""
    """Names its content, once that is put by."""
    ref: str = ""
    """What its channel calls it, where that can tell of it alone that it is gone."""

    def cleaned(self) -> "File":
        kind, link = self.media_type.partition(";")[0].strip().lower()[: LONGEST_TYPE + 1], self.link
        size = self.size if self.size is not None and 0 <= self.size < LARGEST else None
        return replace(
            self,
            name=fit(self.name),
            media_type=kind if len(kind) <= LONGEST_TYPE and _TYPE.fullmatch(kind) else "",
            size=len(self.content) if self.content else size,
            link=link if len(link) <= LONGEST_LINK and _LINK.fullmatch(link) else "",
            ref=self.ref if len(self.ref) <= LONGEST_REF and self.ref.isascii() and self.ref.isprintable() else "",
        )

    def kept(self) -> dict[str, Any]:
        """As JSON, while a question is open; without its content."""
        names = ("name", "media_type", "size", "link", "sha256", "ref")
        return {**{name: getattr(self, name) for name in names}, "source": dict(self.source) if self.source else None}


def fit(name: str) -> str:
    """Its last part alone, without what hides an ending or leads elsewhere; at most so long, and never empty."""
    plain = name.encode("utf-8", "replace").decode("utf-8").replace("\\", "/")
    last = plain.rstrip("/ ").rpartition("/")[2]
    # Not printable are control characters, and what has no width: right-to-left overrides turn ``exe.png`` round.
    shown = "".join(sign if sign.isprintable() else " " for sign in unicodedata.normalize("NFC", last))
    whole = " ".join(shown.split()).strip(". ")
    if len(whole) > LONGEST_NAME:
        stem, dot, ending = whole.rpartition(".")
        ending = f"{dot}{ending}" if stem and len(ending) <= 10 else ""
        whole = whole[: LONGEST_NAME - len(ending) - 1].rstrip(". ") + "…" + ending
    return whole or "file"


def marks(files: Iterable[File]) -> str:
    """What stands for words where somebody sent files and wrote none."""
    return "\n".join(f"{MARK} {fit(each.name)}" for each in files)


def cleaned(files: Sequence[File]) -> tuple[File, ...]:
    return tuple(each.cleaned() for each in files[:LOOKED_AT])
