"""Plays every transcript here again, or those that are named, and writes down what everybody sees now.

Look at what that changes before you commit it: each difference is something that somebody sees otherwise.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from store.store import open_store
from tests.transcripts.replaying import differences, replayed


async def main(files: list[Path]) -> None:
    for file in files:
        then = file.read_text().splitlines()
        with tempfile.TemporaryDirectory() as folder:
            store = open_store(f"sqlite:///{folder}/desk.db")
            await store.migrate()
            now = await replayed(store, then)
            await store.close()
        file.write_text("".join(f"{line}\n" for line in now))
        print(f"{file.name}: {len(differences(then, now))} lines changed")


if __name__ == "__main__":
    asyncio.run(main([Path(name) for name in sys.argv[1:]] or sorted(Path(__file__).parent.glob("*.jsonl"))))
