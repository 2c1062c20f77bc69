"""A misshapen payload is its sender's fault at worst, and never ours."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.asked import PROBLEM
from tests.slack.delivery import Delivered, Request
from tests.slack.stage import Stage
from tests.world import BROKEN

# Misshapen ones ---------------------------------------------------------------------------------------------------


@pytest.fixture
async def samples(stage: Stage, north: str) -> list[Request]:
    """A real payload of each kind."""
    slack = stage.slack
    written = await stage.writes("ann", f"{slack.mention(north)} {BROKEN}", north)
    assert written.message
    await slack.command("U0BOB", "U0BOB", "/support", "open")
    await stage.settle()
    done: list[Delivered] = [
        written,
        await slack.edit(written.message, "and more"),
        await slack.react("U0ANN", written.message, "ticket"),
        await slack.react("U0SAM", stage.card(), "eyes"),
        await slack.open_home("U0ANN"),
        await slack.open_home("U0ANN", "messages"),
        await slack.command("U0SAM", north, "/case", "queue"),
        await slack.press("U0SAM", stage.card(), "Take"),
        await slack.shortcut("U0ANN", "open_from_message", written.message),
        await slack.shortcut("U0ANN", "open_case"),
        await slack.submit("U0BOB", slack.modal("U0BOB"), {PROBLEM: "The report is blank"}),
    ]
    await stage.settle()
    return [request for one in done for request in one.requests]


JUNK: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
STRANGE = st.sampled_from(
    [
        "",
        "0",
        "-1",
        "nan",
        "1e400",
        "99999999999999999999",
        "T1",
        "U0ANN",
        "U0SAM",
        "message_changed",
        "im",
        "C0DESK",
        {},
    ]
)


def paths(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """To every part of it."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inside:
        yield (*before, name)
        yield from paths(one, (*before, name))


def mutated(data: st.DataObject, body: dict[str, Any]) -> dict[str, Any]:
    """A part or a few of it gone or something else."""
    made: dict[str, Any] = json.loads(json.dumps(body))
    for _ in range(data.draw(st.integers(1, 3))):
        *there, last = data.draw(st.sampled_from(sorted(paths(made), key=repr)))
        part: Any = made
        for name in there:
            part = part[name]
        if data.draw(st.booleans()):
            del part[last]
        else:
            part[last] = data.draw(STRANGE | JUNK)
        if not made:
            break
    return made


@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
async def test_a_misshapen_payload_is_the_sender_s_fault_at_worst(
    stage: Stage, samples: list[Request], data: st.DataObject
) -> None:
    """Signed as it is: from a Slack of tomorrow. Never our failure, and never something that breaks."""
    request = data.draw(st.sampled_from(samples))
    body = mutated(data, request.body)
    if request.kind == "slash_commands":
        body = {name: str(value) for name, value in body.items()}
    changed = Request(request.kind, body)
    answer = await stage.slack.raw(changed.raw, changed.content_type)
    assert answer.status < 500, answer.text  # what it is called is left to Slack: nothing of it is kept
    await stage.settle()
    assert "Something broke" not in "\n".join(stage.said("U0ANN") + stage.said("U0SAM"))
    stage.far.violations.clear()  # whoever is told nonsense asks nonsense
