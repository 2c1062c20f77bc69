"""A misshapen activity is its sender's fault at worst, and never ours."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.adapters.teams.inbound.heard import ACTS
from tests.teams.places import Json
from tests.teams.stage import ANN, DESK, SAM, Stage
from tests.world import BROKEN

JUNK: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
NAMES = ["message", "invoke", "personal", "channel", "groupChat", "a:1", "open", "xml", "task/fetch", "remove"]
ODD: list[Any] = [
    "",
    "0",
    "-1",
    "nan",
    "1e400",
    "<at>",
    "]]>",
    "9" * 30,
    "\0",
    "\u202e",
    "take 1001",
    ANN,
    SAM,
    DESK,
    {},
    [],
    2**63,
]
STRANGE = st.sampled_from([*NAMES, *ODD])


@pytest.fixture
async def samples(stage: Stage) -> dict[str, Json]:
    """A real activity of each kind."""
    made = {}
    for name, act in ACTS.items():
        done = await act(stage)
        assert done.kept, (name, done.text)
        made[name] = done.activity
        await stage.settle()
        await stage.writes("ann", "cancel")
    files = await stage.teams.message(ANN, ANN, "look", files={"screen.png": b"png"})
    await stage.settle()
    await stage.writes("eve", BROKEN)
    return made | {"with a file": files.activity}


def paths(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """To every part of it."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inside:
        yield (*before, name)
        yield from paths(one, (*before, name))


def mutated(data: st.DataObject, activity: Json) -> Json:
    """A part or a few of it gone or something else; what says that it comes from Teams stays."""
    made: Json = json.loads(json.dumps(activity))
    for _ in range(data.draw(st.integers(1, 3))):
        there = [path for path in paths(made) if path[0] not in ("serviceUrl", "channelId")]
        *before, last = data.draw(st.sampled_from(sorted(there, key=repr)))
        part: Any = made
        for name in before:
            part = part[name]
        if data.draw(st.booleans()):
            del part[last]
        else:
            part[last] = data.draw(STRANGE | JUNK)
    return made


@pytest.mark.parametrize("kind", [*ACTS, "with a file"])
@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
async def test_a_misshapen_activity_is_the_sender_s_fault_at_worst(
    stage: Stage, samples: dict[str, Json], kind: str, data: st.DataObject
) -> None:
    """Signed as it is: from a Teams of tomorrow. Never our failure, and never something that breaks."""
    said = len(stage.said(ANN))
    answer = await stage.teams.send(mutated(data, samples[kind]))
    assert answer.status < 500, answer.text
    await stage.settle()
    assert "Something broke" not in "\n".join(stage.said(ANN)[said:])
    stage.far.violations.clear()  # whoever is told nonsense asks nonsense
