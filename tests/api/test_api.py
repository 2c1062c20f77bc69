"""The REST API over a real socket: a whole case, what it refuses, and that it answers as its document says."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, get_args

import pytest
from openapi_spec_validator import validate
from sqlmodel import select

from adapters.api import models
from adapters.api.openapi import document
from adapters.api.routes import ROUTES
from bot.channel import Busy
from bot.desk.directory import apply
from bot.desk.integrating import Wrong, add_token, revoke_token
from bot.dispatch import Bot
from bot.limits import Rate
from rules.directory import read
from rules.lifecycle import Status, Verb
from store.store import Store
from store.tables import Attachment, Outbox, Person
from store.work import Work
from tests.api.stage import ANN, EVE, Stage, staged
from tests.fake import Fake
from tests.world import CATALOGUES, MONDAY

CONTACT = f"""
[[account]]
name = "Northwind"
slug = "northwind"

[[contact]]
account = "northwind"
name = "Ann Lee"
email = "{ANN}"
licensed = true
"""
WORDS = "confirm 1001 r1\nError 500 on save since the update"
NEW = {"subject": "The quote form is broken", "text": WORDS, "priority": "high"}

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Where no other SQL is run than in the tests that are on both."""


@pytest.fixture
async def stage(store: Store) -> AsyncIterator[Stage]:
    async with staged(store) as opened:
        yield opened


def test_the_document_is_valid_and_knows_every_state() -> None:
    validate(document())
    assert set(get_args(models.Status)) == {status.value for status in Status}
    assert {verb for verb in get_args(models.Act)} <= {verb.value for verb in Verb}


async def test_a_whole_case_and_every_row_answers_as_the_document_says(stage: Stage) -> None:
    world = stage.world
    opened = await stage.post("/cases", NEW, key="po-4711")
    assert (opened.status, opened.headers["Location"]) == (201, "/api/v1/cases/1001")
    assert (opened.json["status"], opened.json["priority"], opened.json["opened_by"]) == ("new", "high", "Ann Lee")
    assert opened.json["expected_response_at"] == "2026-01-19T18:00:00Z"
    assert opened.json["history"][0]["by"] == "Ann Lee, by ERP", "a program's act is seen to be one"
    assert WORDS in opened.json["details"], "nothing in it is a line"
    assert opened.json["resolution"] is None, "as in the events of webhooks"
    again = await stage.post("/cases", NEW, key="po-4711")
    assert (again.status, again.json) == (201, opened.json), "sent again it is done once"
    assert "#1001: The quote form is broken" in world.card()
    assert world.card().count("since the update") == 1, "it stands there once"
    await world.says("sam", "take 1001")
    await world.says("sam", "reply 1001 Which browser?")
    assert any("Which browser?" in text for text in world.heard("ann")), "they hear of it where they are met"
    await world.says("sam", "note 1001 They are on an old one again")
    added = await stage.post("/cases/1001/words", {"text": "r1 Firefox, 1002 is another matter,"})
    assert added.json["history"][-1]["words"] == "r1 Firefox, 1002 is another matter,", "to the letter"
    await world.says("sam", "close 1001 It works again")
    seen = await stage.get("/cases/1001")
    assert (seen.json["status"], seen.json["resolution"]) == ("awaiting_confirmation", 1)
    assert seen.json["can"] == ["say", "confirm", "not-solved", "reopen"]
    assert (await stage.post("/cases/1001/not-solved", {"text": "Still broken"})).json["status"] == "open"
    await world.says("sam", "close 1001 Now it does")
    stale = await stage.post("/cases/1001/confirm", {"resolution": 1})
    assert (stale.status, stale.json["code"]) == (409, "case_moved"), "only what was seen is confirmed (W59)"
    closed = await stage.post("/cases/1001/confirm", {"resolution": 2})
    assert (closed.json["status"], closed.json["can"]) == ("closed", ["reopen"])
    over = await stage.post("/cases/1001/words", {"text": "Thanks"})
    assert (over.status, over.json["code"]) == (409, "not_now")
    assert (await stage.post("/cases/1001/reopen", {})).json["status"] == "open"
    assert [each["did"] for each in (await stage.get("/cases/1001")).json["history"]].count("note") == 0
    for path in ("/me", "/plan", "/cases", "/cases/1001/files"):
        assert (await stage.get(path)).status == 200
    assert stage.asked == {(each.method.lower(), each.path) for each in ROUTES}
    ann = await world.ask_store(lambda work: work.person_at(ANN))
    place = await world.ask_store(lambda work: work.place(ann.conversation_id))
    assert place.channel == "fake", "nobody is met where only a program is"


async def test_what_it_reads(stage: Stage) -> None:
    for number in range(5):
        await stage.post("/cases", {"subject": f"Report {number}", "text": "It is empty"})
    me, plan = (await stage.get("/me")).json, (await stage.get("/plan")).json
    assert (me["account"], me["acts_as"], me["token"]) == ("northwind", ANN, "ERP")
    assert (plan["id"], plan["licences"], plan["concierge"]) == ("websan/success", 12, "Cora Diaz")
    assert plan["targets"][0]["clauses"]
    found, path = [], "/cases?limit=2"
    while path:
        page = (await stage.get(path)).json
        assert len(page["cases"]) <= 2
        found += [each["number"] for each in page["cases"]]
        path = page["next"]
    assert found == [1005, 1004, 1003, 1002, 1001]
    stage.world.passes(hours=1)
    await stage.world.says("sam", "note 1001 For us alone")
    since = stage.world.time.business.isoformat().replace("+", "%2B")
    assert (await stage.get(f"/cases?since={since}")).json["cases"] == [], "a note does not show, not even by its time"
    await stage.world.says("sam", "reply 1001 Looking")
    changed = (await stage.get(f"/cases?since={since}&state=live")).json["cases"]
    assert [each["number"] for each in changed] == [1001]
    assert (await stage.get("/cases?state=over")).json["cases"] == []

    def attach(work: Work) -> None:
        for name, internal in (("screen.png", False), ("our-log.txt", True)):
            about: dict[str, Any] = {"media_type": "image/png", "size": 7, "channel": "fake", "state": "offered"}
            work.add(Attachment(case_id=1001, name=name, internal=internal, at=MONDAY, **about))

    await stage.world.store.write(attach)
    assert [each["name"] for each in (await stage.get("/cases/1001/files")).json["files"]] == ["screen.png"]


async def test_internal_notes_other_accounts_and_the_desks_lines_are_out_of_reach(stage: Stage) -> None:
    """C1, C4: what is not there and what is another company's answer alike, word for word."""
    await stage.post("/cases", NEW)
    await stage.world.says("sam", "note 1001 SECRET")
    acts: list[tuple[str, Any]] = [("words", {"text": "x"}), ("confirm", {"resolution": 1}), ("reopen", {})]
    for act, body in (*acts, ("not-solved", {})):
        theirs, nobodys = [await stage.post(f"/cases/{n}/{act}", body, EVE) for n in (1001, 1999)]
        assert (theirs.status, theirs.json) == (nobodys.status, nobodys.json) == (404, nobodys.json)
    paths = ("/cases/1001", "/cases/1999", "/cases/1001/files", "/cases/0", "/cases/x", "/queue", "/cases/1001/note")
    for path in paths:
        missing = await stage.get(path, EVE)
        assert (missing.status, missing.json) == (404, theirs.json), path
    assert (await stage.get("/cases", EVE)).json["cases"] == []
    told = [await stage.get(path) for path in ("/cases", "/cases/1001", "/cases/1001/files", "/plan", "/me")]
    assert "SECRET" not in str([each.json for each in told])
    before = (await stage.get("/cases/1001")).json
    for line in ("note 1001 x", "/take 1001", "close 1001 done", "force-close 1001 x", "1001, take 1001"):
        await stage.post("/cases/1001/words", {"text": line})
    after = (await stage.get("/cases/1001")).json
    assert (after["status"], after["assignee"]) == (before["status"], None)
    assert [each["did"] for each in after["history"][len(before["history"]) :]] == ["say"] * 5


@ON_SQLITE
async def test_who_may_come_in(stage: Stage) -> None:
    store, at = stage.world.store, stage.world.time.machine
    for token in ("", "x", "sht_" + "a" * 43, stage.tokens[ANN] + "x", stage.tokens[ANN].upper()):
        refused = await stage.get("/me", token)
        assert (refused.status, refused.json["code"]) == (401, "no_token")
        assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert (await stage.get("/me", "reader")).status == 200
    read_only = await stage.post("/cases", NEW, "reader")
    assert (read_only.status, read_only.json["code"]) == (403, "read_only")
    for slug, email in (("northwind", "bob@northwind.example"), ("contoso", ANN), ("northwind", "sam@desk.example")):
        with pytest.raises(Wrong):
            await store.write(add_token, slug, email, "X", True, at)
    kept = await stage.world.ask_store(lambda work: [row.hash for row, _, _ in work.tokens()])
    assert not any(token in str(kept) for token in stage.tokens.values()), "kept as its hash"
    revoked = await store.read(lambda work: next(row for row, _, _ in work.tokens() if row.name == "Board"))
    await store.write(revoke_token, revoked.hash[:8], at)
    assert (await stage.get("/me", "reader")).status == 401
    await stage.world.says("sam", "nominate eve@contoso.example off")
    assert (await stage.get("/me", EVE)).status == 401, "who may not ask for the company lends nobody their name"
    await stage.world.says("lena", "leave ann@northwind.example")
    assert (await stage.get("/me")).status == 401


@ON_SQLITE
async def test_bad_requests_are_told_what_is_wrong_and_change_nothing(stage: Stage) -> None:
    auth = {"Authorization": f"Bearer {stage.tokens[ANN]}"}
    keyed = {"Idempotency-Key": "k1"}
    bodies: list[Any] = [{}, [], {**NEW, "more": 1}, {**NEW, "text": "  "}]
    wrong: list[tuple[dict[str, Any], int]] = [
        ({"json": NEW}, 400),
        ({"json": NEW, "headers": {"Idempotency-Key": "with space"}}, 400),
        ({"data": "{", "headers": {**keyed, "Content-Type": "application/json"}}, 400),
        ({"data": "x", "headers": {**keyed, "Content-Type": "text/plain"}}, 415),
        ({"data": b"x" * 1024 * 1025, "headers": {**keyed, "Content-Type": "application/json"}}, 413),
        *(({"json": body, "headers": keyed}, 422) for body in bodies),
        ({"json": {**NEW, "priority": "absurd"}, "headers": keyed}, 422),
        ({"json": {**NEW, "text": "x" * 40_001}, "headers": keyed}, 422),
        (
            {"data": '{"subject": "a", "text": "\\ud800"}', "headers": {**keyed, "Content-Type": "application/json"}},
            400,
        ),
    ]
    for how, status in wrong:
        answer = await stage.call("POST", "/cases", **how)
        assert answer.status == status, (how, answer.json)
    for query in (
        "since=0",
        "since=1768831200",
        "since=9999-12-31T23:59:59-23:59",
        "limit=0",
        "limit=x",
        "state=absurd",
        "before=0",
        "more=1",
        "since=monday",
        "limit=1&limit=2",
    ):
        assert (await stage.get(f"/cases?{query}")).status == 422
    async with stage.client.get("/api/v1", headers=auth) as response:
        assert (response.status, response.content_type) == (404, "application/problem+json")
    async with stage.client.delete("/api/v1/cases", headers=auth) as response:
        assert (response.status, response.headers["Allow"]) == (405, "GET, POST")
        assert response.content_type == "application/problem+json"
    assert (await stage.get("/cases")).json["cases"] == []
    assert (await stage.post("/cases", NEW, key="k1")).status == 201
    other = await stage.post("/cases", {**NEW, "subject": "Another"}, key="k1")
    assert (other.status, other.json["code"]) == (422, "key_used"), "it would be lost without a word"
    crossed = await stage.post("/cases", NEW, EVE, key="k1")
    assert crossed.json["number"] == 1002, "keys are each token's own"


@ON_SQLITE
async def test_what_was_not_kept_is_said_to_be_not_kept(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def busy(*_: Any, **__: Any) -> None:
        raise Busy("the store is away")

    def broken(*_: Any) -> None:
        raise ValueError("SECRET words of somebody's")

    with monkeypatch.context() as away:
        away.setattr(Bot, "hear", busy)
        refused = await stage.post("/cases", NEW, key="again")
        assert (refused.status, refused.headers["Retry-After"]) == (503, "2")
    assert (await stage.post("/cases", NEW, key="again")).status == 201
    with monkeypatch.context() as bug:
        bug.setattr("bot.desk.say", broken)
        broke = await stage.post("/cases/1001/words", {"text": "x"}, key="mended")
        assert (broke.status, broke.json["code"]) == (503, "busy")
        assert "SECRET" not in broke.json["detail"]
    assert [each["did"] for each in (await stage.get("/cases/1001")).json["history"]].count("say") == 0
    again = await stage.post("/cases/1001/words", {"text": "x"}, key="mended")
    assert (again.status, again.json["history"][-1]["words"]) == (200, "x"), "the same act, once it can be done"


@ON_SQLITE
async def test_a_refusal_is_kept_under_its_key_and_a_repetition_shows_the_case_as_it_is(stage: Stage) -> None:
    opened = await stage.post("/cases", NEW, key="one")
    await stage.world.says("ann", "language fr")
    early = [await stage.post("/cases/1001/confirm", {"resolution": 1}, key="early") for _ in range(2)]
    told = ("not_now", "Case #1001 is new, so that can't be done now.")
    assert {(each.json["code"], each.json["detail"]) for each in early} == {told}, "a sentence in English"
    await stage.world.says("sam", "close 1001 It works again")
    moved = (await stage.post("/cases/1001/confirm", {"resolution": 2})).json
    assert (moved["code"], moved["detail"]) == ("case_moved", "The case has changed since it was read. Read it again.")
    late, anew = [await stage.post("/cases/1001/confirm", {"resolution": 1}, key=key) for key in ("early", "later")]
    assert [each.status for each in (*early, late, anew)] == [409, 409, 409, 200]
    body = "{ " + ", ".join(f"{json.dumps(name)}:{json.dumps(said)}" for name, said in reversed(NEW.items())) + "}"
    how: dict[str, Any] = {"headers": {"Idempotency-Key": "one", "Content-Type": "application/json"}}
    again = await stage.call("POST", "/cases", data=body, **how)
    assert (again.status, again.json["number"], again.json["status"]) == (201, opened.json["number"], "closed")


@ON_SQLITE
async def test_words_are_kept_whole_or_refused(stage: Stage) -> None:
    whole = "x" * (models.MOST - 3) + "END"
    opened = await stage.post("/cases", {"subject": "s" * 200, "text": whole})
    assert opened.json["history"][0]["words"].endswith("END")
    for path in ("words", "reopen"):
        if path == "reopen":
            await stage.world.says("sam", "force-close 1001 Nobody answers")
        said = await stage.post(f"/cases/1001/{path}", {"text": whole})
        assert said.json["history"][-1]["words"] == whole, path
    for blank in ("\0", "\u200b", " \0 \n"):
        assert (await stage.post("/cases/1001/words", {"text": blank})).status == 422
        assert (await stage.post("/cases", {"subject": blank, "text": "x"})).status == 422
    assert (await stage.post("/cases/1001/words", {"text": "a\0b"})).json["history"][-1]["words"] == "ab"
    await stage.world.says("sam", "force-close 1001 Nobody answers")
    assert (await stage.post("/cases/1001/reopen", {"text": "\0"})).json["history"][-1]["words"] == ""


@ON_SQLITE
async def test_a_token_that_ended_with_its_person_stays_ended(stage: Stage) -> None:
    for line in ("nominate eve@contoso.example off", "nominate eve@contoso.example"):
        await stage.world.says("sam", line)
    assert (await stage.get("/me", EVE)).status == 401

    for nominated in ("false", "true"):
        directory = read(f"{CONTACT}nominated = {nominated}\n", CATALOGUES.plans)
        await stage.world.store.write(apply, directory, stage.world.time.machine)
    assert (await stage.get("/me")).status == 401
    rows = await stage.world.ask_store(lambda work: [(row.name, row.revoked_at) for row, _, _ in work.tokens()])
    assert [name for name, at in rows if at is None] == []


@ON_SQLITE
async def test_a_flood_is_slowed_by_token_by_company_and_by_what_it_changes(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.limits.TOKEN", Rate(2, 1))
    monkeypatch.setattr("bot.limits.PROGRAMS", Rate(3, 1))
    monkeypatch.setattr("bot.limits.ACTS", Rate(1, 1))
    async with staged(store) as stage:
        assert [(await stage.get("/me")).status for _ in range(3)] == [200, 200, 429]
        slowed = await stage.get("/me")
        assert 1 <= int(slowed.headers["Retry-After"]) <= 60
        assert (await stage.get("/me", EVE)).status == 200  # of another company
        assert [(await stage.get("/me", "reader")).status for _ in range(2)] == [200, 429]  # the third of this one's
        stage.world.passes(minutes=1)
        assert (await stage.get("/me")).status == 200
        stage.world.passes(minutes=2)
        assert [(await stage.post("/cases", NEW)).status for _ in range(2)] == [201, 429]
        assert (await stage.get("/me")).status == 200


async def test_the_same_act_many_times_at_once_is_one_case(stage: Stage) -> None:
    answers = await asyncio.gather(*(stage.post("/cases", NEW, key="once") for _ in range(8)))
    assert {each.json.get("number") for each in answers if each.status == 201} == {1001}
    assert len((await stage.get("/cases")).json["cases"]) == 1


@ON_SQLITE
@pytest.mark.parametrize("mail", [True, False])
async def test_whoever_is_met_nowhere_hears_by_mail_or_reads_the_case(store: Store, mail: bool) -> None:
    def nowhere(work: Work) -> None:
        ann: Person | None = work.person_at(ANN)
        assert ann is not None
        ann.conversation_id = None
        work.add(ann)

    async with staged(store, mail=mail) as stage:
        await stage.world.store.write(nowhere)
        await stage.post("/cases", NEW)
        await stage.world.says("sam", "reply 1001 Looking")
        rows = await stage.world.ask_store(lambda work: list(work._session.exec(select(Outbox))))
        assert [row.dead for row in rows if row.dead] == []
        mails = stage.world.channels["email"]
        assert isinstance(mails, Fake)
        assert any("Looking" in post.text for post in mails.posts) == mail
        assert (await stage.get("/cases/1001")).json["history"][-1]["words"] == "Looking"
