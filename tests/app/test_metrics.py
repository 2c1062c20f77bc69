"""What Prometheus reads: what a story on the desk adds up to, behind a token, as the page and the alerts name it."""

import math
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
import yaml
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

from app.seeing import Seeing, Span
from app.settings import Misconfigured, read
from bot.channel import NotSent, Outgoing, Undeliverable
from store.store import Store
from store.work import Work
from tests.app.test_logs import CANARIES
from tests.app.watched import BEHIND, TOKEN, Stage, staged
from tests.test_docs import anchors
from tests.world import ROOT, opened

PAGE = (ROOT / "docs/monitoring.md").read_text()
RULES = [
    rule for group in yaml.safe_load((ROOT / "deploy/alerts.yml").read_text())["groups"] for rule in group["rules"]
]
NAME = re.compile(r"\bsupporthub_[a-z_]+")


@asynccontextmanager
async def behind(store: Store) -> AsyncIterator[Stage]:
    """With its admin port open."""
    async with staged(store, **BEHIND) as stage:
        assert stage.house.admin is not None
        await stage.house.admin.start(stage.house._show_health)
        yield stage
        await stage.house.admin.close()


async def scraped(stage: Stage, token: str | None = f"Bearer {TOKEN}", path: str = "/metrics") -> tuple[int, str]:
    assert stage.house.admin is not None
    stage.house.metrics._depths._until = 0.0  # type: ignore[union-attr] # as if some seconds had gone by
    address = stage.house.admin.address.replace("/metrics", path)
    async with (
        ClientSession() as session,
        session.get(address, headers={"Authorization": token} if token is not None else {}) as answer,
    ):
        return answer.status, await answer.text()


class Read(dict[str, float]):
    """By name and labels, as a person would write them: 'sends_total fake sent'."""

    def __init__(self, text: str) -> None:
        self.families = {family.name: family for family in text_string_to_metric_families(text)}
        for family in self.families.values():
            for sample in family.samples:
                labels = [sample.labels[name] for name in _ORDER if name in sample.labels]
                self[" ".join([sample.name.removeprefix("supporthub_"), *labels])] = sample.value


_ORDER = ("platform", "verb", "unit", "state", "level", "of", "reason", "result", "le")


def fails(out: Outgoing) -> None:
    raise {
        "bob": Undeliverable("canary: ann@northwind.example is gone"),
        "sam": NotSent("canary", timedelta(seconds=30)),
        "cora": ConnectionResetError("canary"),
    }.get(out.to.room, NotSent("canary"))


async def test_a_story_adds_up_and_everything_that_is_named_is_there(store: Store) -> None:
    async with behind(store) as stage:
        world, house = stage.world, stage.house
        await opened(world)
        await world.says("ann", "/status 1001", key="again")
        await world.says("ann", "/status 1001", key="again")
        await world.says("eve", "/withdraw 1001")
        await world.says("sam", "/take 1001")
        await world.says("lena", "/take 1001")
        assert (await stage.posts("/cases", "k", {}, token="wrong"))[0] == 401
        seen = Read((await scraped(stage))[1])
        assert (seen["events_received_total fake"], seen["events_duplicate_total fake"]) == (9, 1)
        assert seen["transitions_total open done"] == 1
        assert seen["transitions_total take done"] == seen["transitions_total take stale"] == 1
        assert seen["transitions_total withdraw refused"] == 1
        assert seen["events_rejected_total api unauthenticated"] == 1
        assert seen["ack_seconds_count fake"] == 9
        assert seen["ack_seconds_count api"] == 1
        assert (seen["cases_open open"], seen["cases_open new"]) == (1, 0)
        assert seen["sends_total fake sent"] == world.fake.sends
        assert (seen["outbox_depth"], seen["outbox_oldest_seconds"]) == (0, 0)
        assert seen["db_seconds_count write"] > 8
        assert seen["db_busy_total write"] == 0

        # Nobody makes the round, and the auditor finds it; then one makes it, late.
        assert house.admin is not None
        world.passes(hours=3)
        await house.admin.audit()
        assert Read((await scraped(stage))[1])["escalation_audit_violations"] == 1
        await house.escalation.round()
        await house.admin.audit()
        seen = Read((await scraped(stage))[1])
        assert (seen["escalation_audit_violations"], seen["escalation_audit_timestamp_seconds"] > 1e9) == (0, True)
        (level,) = (name for name in seen if name.startswith("escalations_fired_total"))
        assert seen[level] == seen["escalation_lag_seconds_count"] == 1
        assert 600 < seen["escalation_lag_seconds_sum"] < 3 * 3600

        # A channel that fails in each way that there is.
        world.fake.before = fails
        await world.says("ann", "/reply 1001 It stopped again")
        await world.says("bob", "/plan")
        await world.says("cora", "/queue")
        await world.says("lena", "/queue")
        world.passes(minutes=10)
        seen = Read((await scraped(stage))[1])
        ways = ("refused", "throttled", "unclear", "later")
        assert all(seen[f"sends_total fake {way}"] for way in ways), {
            way: seen[f"sends_total fake {way}"] for way in ways
        }
        assert seen["dead_letters_total fake"] == seen["sends_total fake refused"] == seen["dead_letters_kept"]
        assert seen["retry_after_seconds_sum fake"] == 30 * seen["sends_total fake throttled"]
        assert seen["outbox_depth"] > 0
        assert seen["outbox_oldest_seconds"] >= 600
        world.fake.before = lambda out: None
        await world.delivery.deliver_all()
        assert house.metrics is not None
        house.metrics.watch_disk("files", ROOT / "unmounted")
        status, text = await scraped(stage)
        seen = Read(text)
        assert seen["ambiguous_sends_total fake"] > 0
        assert (status, seen["outbox_depth"]) == (200, 0)
        assert math.isnan(seen["disk_free_bytes files"]), "and all else is told"

        _holds_for_page_and_alerts(seen, text)


def _holds_for_page_and_alerts(seen: Read, text: str) -> None:
    ours = [family for name, family in seen.families.items() if name.startswith("supporthub_")]
    assert [family.name for family in ours if not family.documentation] == []
    typed = re.findall(r"^# TYPE (supporthub_\w+)", text, re.M)
    assert sorted(re.findall(r"^\| `(supporthub_\w+)`", PAGE, re.M)) == sorted(typed), "the page's table is all of them"
    told = {sample.name for family in ours for sample in family.samples}
    assert set(re.findall(r"`(supporthub_\w+)`", PAGE)) == set(typed)
    for rule in RULES:
        named = set(NAME.findall(rule["expr"]))
        assert named <= told, f"{rule['alert']} asks for {named - told}"
        page, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert anchor in anchors(ROOT / page), rule["alert"]
        assert anchor == "-".join(re.findall(r"[A-Z][a-z]+", rule["alert"])).lower()
    assert sum(1 for each in re.findall(r"^### (Desk .+)$", PAGE, re.M)) == len(RULES)
    names = {label for family in seen.families.values() for sample in family.samples for label in sample.labels}
    assert names <= {*_ORDER, "version", "python", "database"}, "nobody's name is a label"
    assert [canary for canary in (*CANARIES, '="1001', "contoso", "cora") if canary in text] == []


async def test_what_was_undone_is_not_counted(store: Store) -> None:
    ended = list[Span]()

    class Watching:
        def begun(self, span: Span) -> None:
            pass

        def ended(self, span: Span) -> None:
            ended.append(span)

    def in_part(work: Work) -> None:
        with suppress(ZeroDivisionError), work.attempt():
            work.note("moved", "close")
            raise ZeroDivisionError
        work.note("moved", "take")

    def in_whole(work: Work) -> None:
        work.note("moved", "close")
        raise ZeroDivisionError

    watched = Seeing((Watching(),)).store(store)
    await watched.write(in_part)
    with pytest.raises(ZeroDivisionError):
        await watched.write(in_whole)
    assert [(span.result, [each.which for each in span.noted]) for span in ended] == [
        ("done", ["take"]),
        ("undone", []),
    ]


async def test_it_is_closed_without_its_token_and_there_on_its_own_port_alone(store: Store) -> None:
    async with behind(store) as stage:
        for token in (
            None,
            "",
            TOKEN,
            f"Basic {TOKEN}",
            "Bearer ",
            "Bearer wrong",
            f"Bearer {TOKEN}x",
            "Bearer \udcff",
        ):
            status, told = await scraped(stage, token)
            assert (status, "supporthub_" in told) == (403, False), token
        assert (await scraped(stage, path="/healthz"))[0] == 200
        assert (await scraped(stage, path="/portal/"))[0] == 404
        assert stage.house.admin is not None
        async with ClientSession() as session, session.get(stage.house.admin.address) as refused:
            assert (refused.headers["Server"], len(refused.headers["X-Request-Id"])) == ("supporthub", 8)
        async with stage.client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}) as public:
            assert public.status == 404


async def test_a_database_that_is_gone_is_not_a_number_and_hides_nothing_else(store: Store) -> None:
    async with behind(store) as stage:
        await stage.world.says("ann", "/plan")
        await store.close()
        status, text = await scraped(stage)
        seen = Read(text)
        assert status == 200
        assert all(math.isnan(seen[name]) for name in ("outbox_depth", "outbox_oldest_seconds", "cases_open open"))
        assert seen["events_received_total fake"] == 1
        with pytest.raises(Exception, match="closed"):
            await stage.house.store.read(lambda _: None)
        assert Read((await scraped(stage))[1])["db_busy_total read"] == 1


def said(**environment: str) -> list[str]:
    with pytest.raises(Misconfigured) as wrong:
        read({f"SUPPORTHUB_{name}": value for name, value in environment.items()})
    return wrong.value.sentences


def test_the_port_is_off_and_never_open_by_mistake(tmp_path: Any) -> None:
    assert read({}).admin_port is None
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    given = read({"SUPPORTHUB_ADMIN_PORT": "9100", "SUPPORTHUB_METRICS_TOKEN_FILE": str(tmp_path / "token")})
    assert (given.admin_port, given.admin_host) == (9100, "127.0.0.1")
    assert TOKEN not in repr(given)
    needs = "SUPPORTHUB_ADMIN_PORT needs SUPPORTHUB_METRICS_TOKEN: metrics are for whoever has it."
    assert said(ADMIN_PORT="9100") == [needs]
    assert said(METRICS_TOKEN=TOKEN) == [
        "SUPPORTHUB_METRICS_TOKEN needs SUPPORTHUB_ADMIN_PORT: without it there are no metrics to guard."
    ]
    assert said(ADMIN_PORT="9100", METRICS_TOKEN="hunter2") == [
        "SUPPORTHUB_METRICS_TOKEN must have at least 32 characters."
    ]
    assert said(ADMIN_PORT="80", PORT="80", METRICS_TOKEN=TOKEN) == [
        "SUPPORTHUB_ADMIN_PORT must be another port than SUPPORTHUB_PORT: the world must not reach it."
    ]
