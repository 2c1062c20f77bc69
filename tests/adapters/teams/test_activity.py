"""The shape of Teams' activities: what it sends passes, what it never sends does not."""

from datetime import UTC, datetime
from typing import Any

import pytest
from botbuilder.schema import Activity
from hypothesis import given, settings

from adapters.teams.activity import check, moment, tenant
from adapters.teams.refused import Refused
from tests.adapters.teams.saying import KINDS, MISSING, NEARLY, OTHER, SAID, TENANT, but

IDS = ("from__id", "conversation__id", "recipient__id")
NO_IDS: list[Any] = [MISSING, None, "", 1, {}, "a b", "a\n", "é", "\ud800", "\0"]
NEEDED = ("type", "channelId", "serviceUrl", "from", "conversation", "recipient", "id")


@pytest.mark.parametrize(
    "changes",
    [
        {"timestamp": MISSING, "localTimestamp": MISSING, "localTimezone": MISSING, "text": MISSING},
        {"type": "invoke", "name": "adaptiveCard/action", "value": {"action": {"verb": "say", "data": {}}}},
        {"type": "conversationUpdate", "id": MISSING, "membersAdded": [{"id": "28:bot"}]},
        {"type": "installationUpdate", "id": "f:6d8bc6b0", "action": "add", "from__name": MISSING},
        {"type": "messageReaction", "reactionsAdded": [{"type": "like"}], "replyToId": "1"},
        {"type": "application/vnd.something.new", "id": MISSING, "value": [1, None, "x"]},
        {"text": "\ud800 \u0000", "name": None, "replyToId": None, "from__aadObjectId": None, "localTimestamp": None},
        {"entities": [{"type": "mention", "text": "<at>Hub</at>", "mentioned": {"id": "28:bot", "name": "Hub"}}]},
        {"conversation__id": "19:ab@thread.tacv2;messageid=1737381600000", "conversation__isGroup": True},
        {"attachments": [{"contentType": "x", "content": {"a": [1]}, "name": None}], "entities": None},
        {"localTimestamp": "0001-01-01T00:00:00"},
    ],
)
def test_what_teams_sends_passes_and_botbuilder_can_read_it(changes: dict[str, Any]) -> None:
    check(but(**changes))
    Activity().deserialize(but(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        *({name: MISSING} for name in NEEDED), *({name: None} for name in NEEDED), *({name: 1} for name in SAID),
        *({name: [1]} for name in SAID), *({name: {"a": 1}} for name in SAID if name != "channelData"),
        *({name: bad} for name in IDS for bad in NO_IDS),
        *({name: "x" * 501} for name in IDS), {"replyToId": "x\0"}, {"from__aadObjectId": []},
        *({"id": bad} for bad in ("", "a b", "x" * 501, "\ud800")),
        *({"type": bad} for bad in ("", " message", "message\n", "x" * 101, "é", "\0")), {"expiration": "soon"},
        {"from__name": 1}, {"from__name": "x" * 1001}, {"from__tenantId": "x"}, {"conversation__isGroup": "yes"},
        {"conversation__conversationType": {}}, {"text": ["x"]}, {"textFormat": "x" * 101}, {"locale": {}},
        {"name": "x" * 1001}, {"entities": [1]}, {"entities": ["x"]}, {"entities": [{"text": 1}]}, {"action": {}},
        {"entities": [{"mentioned": "x"}]}, {"entities": [{"mentioned": {"id": 1}}]}, {"attachments": [None]},
        {"attachments": [{"contentUrl": 1}]}, {"membersAdded": [{}]}, {"membersAdded": {"id": "x"}},
        {"membersRemoved": ["x"]}, {"reactionsAdded": [{"type": 1}]}, {"channelData": "x"}, {"channelData": []},
    ],
)  # fmt: skip
def test_what_teams_never_sends_does_not_pass(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no activity"):
        check(but(**changes))


@settings(max_examples=200, deadline=None)
@given(NEARLY)
def test_whatever_passes_can_be_read_by_botbuilder(sent: dict[str, Any]) -> None:
    try:
        check(sent)
    except ValueError:
        return
    Activity().deserialize(sent)


@pytest.mark.parametrize(
    "told",
    ["", "yesterday", "2025-01-20", "20250120T140000Z", "2025-13-20T00:00:00Z", "2025-01-20T25:00:00Z", "2025-W04-1",
     "2025-01-20T14:00:00+99:00", "9999-12-31T23:59:59-05:00", "٢٠٢٥-01-20T14:00:00Z", "2025-01-20T14:00:00Z\n",
     "2025-01-20T14:00:00Z ", "2025-01-20 14:00:00Z", "2025-01-20T14:00:00." + "9" * 99 + "Z"],
)  # fmt: skip
def test_what_is_no_moment_is_told(told: str) -> None:
    for name in ("timestamp", "localTimestamp"):
        with pytest.raises(ValueError, match="no activity"):
            check(but(**{name: told}))


def test_moments_are_read_in_utc() -> None:
    at = datetime(2025, 1, 20, 14, 0, tzinfo=UTC)
    for told in ("2025-01-20T14:00:00Z", "2025-01-20T09:00:00.0000000-05:00", "2025-01-20T14:00:00"):
        assert moment(told) == at
        assert moment(told).tzinfo is UTC


def test_a_timestamp_is_of_our_time() -> None:
    for told in ("0001-01-01T00:00:00Z", "1999-12-31T23:59:59Z", "2100-01-01T00:00:00Z", "9999-12-31T23:59:59Z"):
        with pytest.raises(ValueError, match="our time"):
            check(but(timestamp=told))


@pytest.mark.parametrize(
    "changes",
    [{}, {"channelData": MISSING}, {"channelData": None}, {"channelData__tenant": MISSING},
     {"conversation__tenantId": None}, {"conversation__tenantId": MISSING}, {"channelData__tenant__id": TENANT.upper()},
     {"value": {"tenantId": TENANT}}, {"value": {"tenant": "an answer in a form"}}, {"value": "x"}, {"value": [OTHER]}],
)  # fmt: skip
def test_the_tenant_is_told_in_one_place_at_least(changes: dict[str, Any]) -> None:
    for kind in KINDS:
        assert tenant(but(type=kind, **changes)) == TENANT


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"channelData__tenant__id": OTHER}, 403), ({"conversation__tenantId": OTHER}, 403),
        ({"value": {"tenantId": OTHER}}, 403), ({"value": {"tenant": {"id": OTHER}}}, 403),
        ({"channelData__tenant": MISSING, "conversation__tenantId": MISSING}, 400),
        ({"channelData": MISSING, "conversation__tenantId": None}, 400), ({"conversation__tenantId": 1}, 400),
        ({"channelData__tenant__id": ""}, 400), ({"conversation__tenantId": ""}, 400),
        ({"value": {"tenantId": {}}}, 400), ({"channelData__tenant__id": TENANT[1:]}, 400),
        ({"channelData__tenant__id": [TENANT]}, 400), ({"channelData__tenant__id": f"{TENANT}\n"}, 400),
        ({"channelData__tenant__id": "\ud800"}, 400),
    ],
)  # fmt: skip
def test_what_is_said_of_the_tenant_must_agree(changes: dict[str, Any], told: int) -> None:
    for kind in KINDS:
        with pytest.raises(Refused) as no:
            tenant(but(type=kind, **changes))
        assert no.value.status == told
