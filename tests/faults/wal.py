"""SQLite's write-ahead log as it lies on the disk (https://www.sqlite.org/fileformat2.html#walformat)."""

from dataclasses import dataclass
from pathlib import Path

HEADER, FRAME_HEADER = 32, 24  # bytes


@dataclass(frozen=True)
class Wal:
    raw: bytes

    @classmethod
    def of(cls, database: Path) -> "Wal":
        path = database.with_name(f"{database.name}-wal")
        return cls(path.read_bytes() if path.exists() else b"")

    @property
    def frame(self) -> int:
        """Bytes of one frame."""
        return FRAME_HEADER + int.from_bytes(self.raw[8:12], "big")

    @property
    def frames(self) -> int:
        """How many belong to the log since it was last begun anew; what follows them is older."""
        number = 0
        while self.raw and self._salt(self.end(number) + 8) == self._salt(16):
            number += 1
        return number

    def end(self, frames: int) -> int:
        """Where that many frames end."""
        return HEADER + frames * self.frame

    def _salt(self, at: int) -> bytes | None:
        return self.raw[at : at + 8] if len(self.raw) >= at + 8 else None
