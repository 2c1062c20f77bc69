"""Traces: an act, its units of work and its sends, each within the other, without a word of anybody's."""

import asyncio
import json

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from app.tracing import Traces, watcher
from store.store import Store
from tests.app.test_logs import CANARIES
from tests.app.watched import staged


async def test_an_act_holds_its_units_and_nobody_is_named(store: Store) -> None:
    kept, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    async with staged(store, Traces(provider)) as stage:
        kept.clear()
        await stage.world.says("ann", "canary The Quote form is broken")
        spans = kept.get_finished_spans()
        (act,) = (span for span in spans if span.name == "act fake")
        assert act.parent is None
        within = {span.name for span in spans if span.parent and span.parent.span_id == act.context.span_id}
        assert within == {"unit read", "unit write"}
        told = dict(act.attributes or {})
        assert (told["supporthub.verb"], told["supporthub.result"]) == ("open", "done")
        assert len(str(told["supporthub.request_id"])) == 8
        sends = [span for span in spans if span.name == "send fake"]
        assert [dict(span.attributes or {}) for span in sends] == [
            {"supporthub.result": "sent"}
        ] * stage.world.fake.sends
        assert sends
    assert [canary for canary in CANARIES if canary in "".join(span.to_json() for span in spans)] == []


async def test_they_go_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    assert watcher() is None, "off unless it is asked for"
    heard: list[ExportTraceServiceRequest] = []

    async def take(request: web.Request) -> web.Response:
        assert request.content_type == "application/x-protobuf"
        heard.append(ExportTraceServiceRequest.FromString(await request.read()))
        return web.Response()

    app = web.Application()
    app.router.add_post("/v1/traces", take)
    async with TestServer(app) as there:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", str(there.make_url("")))
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
        traces = watcher()
        assert isinstance(traces, Traces)
        async with staged(store, traces) as stage:
            await stage.world.says("ann", "/plan")
        await asyncio.to_thread(traces.close)
    (told,) = heard
    (resource,) = told.resource_spans
    names = {span.name for scope in resource.scope_spans for span in scope.spans}
    assert names == {"act fake", "unit read", "unit write", "send fake"}
    assert {each.value.string_value for each in resource.resource.attributes if each.key == "service.name"} == {
        "supporthub"
    }
    assert "Ann" not in json.dumps(str(told))
