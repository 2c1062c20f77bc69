"""Traces, where OpenTelemetry is installed and told where to send them: an act, its units of work, each send."""

import logging
import os
from typing import TYPE_CHECKING

from app.seeing import Span
from bot.channel import REFERENCE

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

log = logging.getLogger(__name__)
ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
NAME = "supporthub"


def watcher() -> "Traces | None":
    """None, and nothing of it imported, unless both are there."""
    if not any(os.environ.get(name) for name in ENDPOINTS):
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        log.warning("no traces: OpenTelemetry is not installed, see docs/monitoring.md")
        return None
    provider = TracerProvider(resource=Resource.create({"service.name": os.environ.get("OTEL_SERVICE_NAME", NAME)}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Traces(provider)


class Traces:
    """Each span lies in the one during which it began. Bounded words alone: no text, nobody's name or id."""

    def __init__(self, provider: "TracerProvider") -> None:
        from opentelemetry import context, trace

        self._provider, self._tracer = provider, provider.get_tracer(NAME)
        self._context, self._trace = context, trace

    def begun(self, span: Span) -> None:
        made = self._tracer.start_span(f"{span.what} {span.which}")
        span.kept = (made, self._context.attach(self._trace.set_span_in_context(made)))

    def ended(self, span: Span) -> None:
        made, token = span.kept
        self._context.detach(token)
        about = {"result": span.result, "verb": span.verb, "request_id": REFERENCE.get()}
        made.set_attributes({f"{NAME}.{name}": value for name, value in about.items() if value})
        made.end()

    def close(self) -> None:
        """Sends what is left; by itself at the end of the process."""
        self._provider.shutdown()
