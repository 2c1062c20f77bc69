"""What somebody sees of a message, whatever the channel."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Seen:
    text: str
    """All of it in plain words."""
    buttons: tuple[tuple[str, str], ...]
    """Label and line of each."""
