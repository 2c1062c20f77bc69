"""Logs tell what went wrong and how each act ended; nobody's words, names or addresses."""

import json
import logging
import subprocess
import sys
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from app import logs
from store.sql import table
from store.store import Store
from store.tables import Setting
from store.work import Work
from tests.app.watched import logged, staged
from tests.world import ROOT

SERVED = """
import logging, sys
from app import logs, server
from app.settings import read
from store.store import open_store
logs.set_up(readable=False)
server.watched(read({}), open_store("sqlite://"))
unasked = {"opentelemetry", "prometheus_client"} & {each.partition(".")[0] for each in sys.modules}
logging.getLogger("app").info("loaded: %s", sorted(unasked))
logging.getLogger("slack_bolt").info("what a vendor logs of each request")
logging.getLogger("slack_bolt").warning("a vendor warns")
"""


def test_vendors_only_warn_and_what_nobody_asked_for_is_not_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", SERVED], cwd=ROOT, capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(line["level"], line["event"]) for line in lines] == [("info", "loaded: []"), ("warning", "a vendor warns")]


@pytest.mark.parametrize("readable", [True, False])
def test_whom_a_mail_server_refuses_is_not_told(readable: bool) -> None:
    told = logs.formatter(readable)
    refused = {"msg": "dead letter m1: %s", "args": ("550 5.1.1 <ann@northwind.example>: unknown",)}
    full = {"msg": "a mail", "exc_info": (OSError, OSError(28, "bob@northwind.example is full"), None)}
    said = "".join(told.format(logging.makeLogRecord({"name": "x", **each})) for each in (refused, full))
    assert "550 5.1.1 <(an address)>: unknown" in said
    assert "(an address) is full" in said, "what the system calls it"
    assert "northwind" not in said


def test_a_very_long_line_is_cut_before_anything_is_looked_for_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which takes time with the square of its length, and holds up everybody: 23 seconds for 60,000 characters."""
    looked_at = list[int]()

    class Address:
        def sub(self, _: str, said: str) -> str:
            looked_at.append(len(said))
            return said

    monkeypatch.setattr(logs, "_ADDRESS", Address())
    line = json.loads(logs.formatter(readable=False).format(logging.makeLogRecord({"msg": "@ " + "a" * 60_000})))
    assert 0 < max(looked_at) <= 2 * logs.LONGEST
    assert line["event"].endswith("a … (60002 characters)")


async def test_a_statement_that_fails_does_not_tell_what_it_was_about(store: Store) -> None:
    def twice(work: Work) -> None:
        for _ in range(2):
            work._session.connection().execute(table(Setting).insert(), {"name": "a", "value": "my words"})

    with pytest.raises(IntegrityError) as fell:
        await store.write(twice)
    with logged() as lines:
        logging.getLogger("app").error("a write", exc_info=fell.value)
    assert "my words" not in str(fell.value)
    assert "my words" not in str(lines)
    assert any(code in lines[0]["exception"] for code in ("SQLITE_CONSTRAINT", "23505")), "and yet says what it is"


CANARIES = ("canary", "Ann Lee", "northwind", "ann@", "Quote form", "hunter2")


async def test_a_line_an_act_names_nobody_and_what_a_person_quotes_is_found(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same name in the answer's header, in the sentence that a person may quote, and in every line of the act."""

    def breaks(*_: Any, **__: Any) -> None:
        logging.getLogger("bot").warning("on its way")
        raise KeyError("canary: Ann Lee wrote hunter2")

    async with staged(store) as stage:
        world = stage.world
        with logged() as lines:
            await world.says("ann", "canary The Quote form is broken", key="one")
            await world.says("ann", "canary The Quote form is broken", key="one")
            await world.says("ann", "/take 1001")
            status, _, named = await stage.posts("/cases", "a1", {"subject": "canary Quote form", "text": "It stops"})
        assert status == 201
        acts = lines.of("app.acts")
        assert [(line["verb"], line["outcome"], line["channel"]) for line in acts] == [
            ("open", "done", "fake"),
            ("", "again", "fake"),
            ("take", "refused", "fake"),
            ("letter", "done", "api"),
        ]
        assert acts[3]["request_id"] == named
        assert len({line["request_id"] for line in acts}) == 4
        assert acts[0]["person"] == acts[2]["person"] != acts[3]["person"]
        assert all(line["ms"] > 0 and len(json.dumps(line)) < 400 for line in acts)
        with logged() as more:
            with monkeypatch.context() as broken:
                broken.setattr("bot.unit.known", breaks)
                said = await world.presses_line("ann", "status 1001", key="two")
                status, _, api = await stage.posts("/cases", "a2", {"subject": "x", "text": "canary"})
            with monkeypatch.context() as broken:
                broken.setattr("adapters.portal.edge.check", breaks)
                async with stage.client.get("/portal/sign-in") as page:
                    shown, of_page = await page.text(), page.headers["X-Request-Id"]
        (mine,) = (line["request_id"] for line in more.of("app.acts") if line["outcome"] == "broke")
        assert f"quote {mine}" in str(said)
        assert [line["event"] for line in more if line["request_id"] == mine][:2] == [
            "on its way",
            f"unexpected {mine}",
        ]
        assert status == 503
        assert f"quote {of_page}" in shown
        assert {line["request_id"] for line in more if "exception" in line} == {mine, api, of_page}
        kinds = [line["exception"].splitlines()[-1] for line in more if "exception" in line]
        assert kinds == ["KeyError"] * len(kinds)
        assert kinds
    assert not [canary for canary in CANARIES if canary in json.dumps([*lines, *more])]


async def test_a_flood_of_bad_requests_writes_few_and_short_lines(store: Store) -> None:
    async with staged(store) as stage:
        with logged() as lines:
            names = [(await stage.posts("/cases", "k", {}, token="canary" * 500))[2] for _ in range(20)]
    refused = lines.of("app.requests")
    assert 0 < len(refused) <= 5
    assert {line["outcome"] for line in refused} == {"unauthenticated"}
    assert {line["request_id"] for line in refused} <= set(names)
    assert max(len(json.dumps(line)) for line in lines) < 4096
    assert "canary" not in json.dumps(lines)


def test_what_is_left_out_of_a_flood_is_counted_a_minute_later() -> None:
    now = [0.0]
    sampled = logs.Sampled(most=2, now=lambda: now[0])
    flood = [logging.makeLogRecord({"msg": "bad request", "args": ()}) for _ in range(6)]
    assert [sampled.filter(each) for each in flood[:5]] == [True, True, False, False, False]
    now[0] = logs.EVERY
    assert sampled.filter(flood[5])
    assert flood[5].getMessage() == "bad request (and 3 more before)"


def test_a_long_value_is_cut_and_a_chain_of_errors_named() -> None:
    with logged() as lines:
        try:
            try:
                raise ValueError("canary")
            except ValueError as error:
                raise RuntimeError("canary") from error
        except RuntimeError:
            logging.getLogger("app").exception("x" * 100_000)
    (line,) = lines
    assert len(json.dumps(line)) < 4096
    assert "canary" not in str(line)
    assert line["exception"].startswith("ValueError, and from that:\n  tests/app/test_logs.py:")


def test_who_it_was_is_known_only_to_whoever_has_the_key() -> None:
    acts, same, other = logs.Acts(b"a" * 32), logs.Acts(b"a" * 32), logs.Acts(b"b" * 32)
    whose = ("slack", "T0NORTH", "U0ANN")
    assert acts.hashed(*whose) == same.hashed(*whose) != other.hashed(*whose)
    assert acts.hashed(*whose) != acts.hashed("slack", "T0NORTHU", "0ANN")
    assert logs.Acts().hashed(*whose) != logs.Acts().hashed(*whose), "without a key of the desk's, a new one each start"
