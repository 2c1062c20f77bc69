"""No secret is in anything that the house would print of itself, nor in what the server writes to its log."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData

from app import logs
from store.store import Store
from tests.security.house import CAST, SECRET, Desk, opened
from tests.teams.places import guid

PASSWORD = "smtp-hunter2"
OURS = ("app", "adapters", "bot", "store", "rules")
MAIL = {"SUPPORTHUB_SMTP_URL": f"smtp://desk:{PASSWORD}@127.0.0.1:9", "SUPPORTHUB_MAIL_FROM": "help@desk.example"}
WORDS = "canaryword"
NAMES = ("Kestrelow", "Marmoton", "Ortiz", "Gia G")


def secrets(desk: Desk) -> tuple[str, ...]:
    tokens = [each.token for each in desk.slack_far.installs]
    given = (SECRET, PASSWORD, desk.slack_far.app.signing_secret, desk.teams_far.app.secret)
    return (*given, *tokens, *desk.tokens.values())


def assert_that_nothing_secret_is_printed(desk: Desk) -> None:
    """By repr(), as a debugger, a failed assertion or a careless line would have it, of all that a house is put
    together of."""
    printed = dict(_printed(desk.house, "house", set(), 0))
    assert {"Settings(", "Credentials(", "Links(", "SmtpUrl("} <= {
        text.partition("(")[0] + "(" for text in printed.values()
    }
    found = [(path, secret[:8]) for path, text in printed.items() for secret in secrets(desk) if secret in text]
    assert found == []


def _printed(thing: Any, path: str, seen: set[int], deep: int) -> Iterator[tuple[str, str]]:
    if id(thing) in seen or deep > 7:
        return
    seen.add(id(thing))
    if isinstance(thing, dict):
        inside = {str(name): each for name, each in thing.items()}
    elif isinstance(thing, list | tuple | set | frozenset):
        inside = {str(number): each for number, each in enumerate(thing)}
    elif type(thing).__module__.partition(".")[0] in OURS:
        yield path, repr(thing)
        inside = dict(getattr(thing, "__dict__", {}))
    else:
        return
    for name, each in inside.items():
        yield from _printed(each, f"{path}.{name}", seen, deep + 1)


async def test_neither_what_is_printed_of_the_house_nor_what_it_logs_tells_a_secret_or_a_word(
    sqlite: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words, names, addresses, file names, tokens and secrets, through the real edges of Slack, Teams, the portal and
    the API, with what fails among it; everything that a server writes, in the form in which it writes it."""
    stream, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter(readable=False))
    before = {name: logging.getLogger(name).level for name in ("", *logs.OURS)}
    root.addHandler(handler)
    try:
        root.setLevel(logging.WARNING)
        for name in logs.OURS:
            logging.getLogger(name).setLevel(logging.DEBUG)
        async with opened(sqlite, tmp_path, MAIL) as desk:
            assert_that_nothing_secret_is_printed(desk)
            hidden = (*secrets(desk), WORDS, *NAMES, *(each.address for each in CAST.values()))
            await _journey(desk, monkeypatch)
    finally:
        root.removeHandler(handler)
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert any("unexpected" in line["event"] for line in lines), "what broke is told"
    assert {line["logger"].partition(".")[0] for line in lines} >= {"app", "bot"}
    found = [(secret, line) for secret in hidden for line in lines if secret.lower() in json.dumps(line).lower()]
    assert found == []
    assert max(map(len, map(json.dumps, lines))) < 4096


async def _journey(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ann, sam = CAST["ann"].slack, CAST["sam"].slack
    await desk.slack.message(ann, ann, f"open The {WORDS} form is broken, write to ann@northwind.example")
    await desk.settle()
    await desk.slack.message(sam, sam, f"/reply 1001 We look at {WORDS}")
    await desk.slack.message(sam, sam, f"/note 1001 {WORDS}")
    await desk.teams.message(guid("eve"), guid("eve"), f"open {WORDS} stopped")
    await desk.settle()
    form = FormData(default_to_multipart=True)
    for name, value in {"line": "reply 1001", "words": WORDS, "back": "/cases", "key": "12345678"}.items():
        form.add_field(name, value)
    form.add_field("files", WORDS.encode(), filename=f"{WORDS}.txt", content_type="text/plain")
    assert (await desk.sends("ann", "/portal/say", form)).status == 303
    await desk.keeps()
    await desk.calls("ann", "POST", "/cases", {"subject": WORDS, "text": WORDS})
    await desk.calls("ann", "POST", "/cases", {"subject": WORDS, "text": WORDS, WORDS: WORDS})
    for path in ("/slack/events", "/api/messages", f"/portal/{WORDS}", f"/portal/sign-in/{WORDS * 3}"):
        await desk.sends("", path, WORDS, headers={"Authorization": f"Bearer {WORDS}", "X-Slack-Signature": WORDS})
        await desk.gets("", path)
    await desk.sends("", "/portal/sign-in", {"address": "ann@northwind.example"})
    await desk.settle()  # and no mail server is there
    with monkeypatch.context() as broken:
        broken.setattr("bot.unit.known", _breaks)
        await desk.slack.message(ann, ann, f"/reply 1001 {WORDS} again")
        await desk.calls("ann", "POST", "/cases/1001/words", {"text": WORDS})
        await desk.says("ann", line=f"reply 1001 {WORDS}")
    await desk.settle()


def _breaks(*_: Any, **__: Any) -> None:
    raise KeyError(f"{WORDS} of Ann Kestrelow, ann@northwind.example: {SECRET}")
