"""From the folder into the store, and from the store into the index: here, or in a process of its own.

``python -m app.shelving`` is that process: it reads an Order, leaves the index in a folder, and says the revision.
"""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel

from bot.library import on_shelf, take_in
from bot.understanding.articles import read_folder
from bot.understanding.index import Index, build
from rules.toml_lines import Mistakes
from store.articles import Revision
from store.store import Store, open_store
from store.work import Work

LAST = 19  # niceness: whoever answers people goes first
DONE, REFUSED = 0, 3


class Order(BaseModel):
    database_url: str
    folder: Path | None
    """None: it has been taken in already."""
    at: datetime
    provider_of: Mapping[str, str]
    into: Path


async def shelve(
    store: Store, folder: Path | None, at: datetime, provider_of: Mapping[str, str]
) -> tuple[Index, Revision]:
    """The index, and at what revision it was read. Raises Mistakes for the folder; then nothing was taken in."""
    if folder is not None:
        await take_in(store, await asyncio.to_thread(read_folder, folder), folder, at)
    revision = await store.read(Work.articles_revision)
    articles = [article async for article in on_shelf(store)]
    return await asyncio.to_thread(build, articles, provider_of), revision


async def _carry_out(order: Order) -> Revision:
    store = open_store(order.database_url)
    try:
        index, revision = await shelve(store, order.folder, order.at, order.provider_of)
    finally:
        await store.close()
    index.save(order.into)
    return revision


def main() -> int:
    os.nice(LAST)
    order = Order.model_validate_json(sys.stdin.buffer.read())
    try:
        print(json.dumps(asyncio.run(_carry_out(order))))
    except Mistakes as wrong:
        print(wrong, file=sys.stderr)
        return REFUSED
    return DONE


if __name__ == "__main__":
    sys.exit(main())
