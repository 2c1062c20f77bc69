"""What Ann said in Teams, as Teams tells it; and what it would be with something else about it."""

from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

URL = "https://smba.trafficmanager.net/amer/"
TENANT, OTHER = "72f988bf-86f1-41af-91ab-2d7cd011db47", "d6d49420-f39b-4df7-a1dc-d59a935871db"
SAID: dict[str, Any] = {
    "type": "message",
    "id": "1737381600000",
    "timestamp": "2025-01-20T13:59:58.1234567Z",
    "localTimestamp": "2025-01-20T08:59:58.1234567-05:00",
    "localTimezone": "America/Toronto",
    "channelId": "msteams",
    "serviceUrl": URL,
    "from": {"id": "29:1ann", "name": "Ann Lee", "aadObjectId": "5f0cdd9c-0a4c-4d3c-9d1c-5f5b8c1d2e3f"},
    "conversation": {"conversationType": "personal", "tenantId": TENANT, "id": "a:1ann"},
    "recipient": {"id": "28:bot", "name": "Support Hub"},
    "text": "It is broken",
    "textFormat": "plain",
    "entities": [{"type": "clientInfo", "locale": "en-CA", "platform": "Web"}],
    "attachments": [{"contentType": "text/html", "content": "<p>It is broken</p>"}],
    "channelData": {"tenant": {"id": TENANT}},
}
MISSING: Any = object()


def but(**changes: Any) -> dict[str, Any]:
    """What Ann said, with the part at each path (``from__id``) another, or missing."""
    said = deepcopy(SAID)
    for path, value in changes.items():
        *above, name = path.split("__")
        part = said
        for each in above:
            part = part[each]
        if value is MISSING:
            part.pop(name)
        else:
            part[name] = value
    return said


KINDS = {"message", "invoke", "conversationUpdate", "installationUpdate", "messageReaction", "event"}

NAMES = ["type", "id", "channelId", "serviceUrl", "from", "conversation", "recipient", "channelData", "tenant",
         "tenantId", "timestamp", "entities", "attachments", "value", "text", "membersAdded", "mentioned"]  # fmt: skip
LEAVES = st.sampled_from(["message", "msteams", URL, TENANT, "2025-01-20T14:00:00Z", "a:1", None, True]) | st.text()
VALUES = st.recursive(
    LEAVES | st.integers() | st.floats(),
    lambda part: st.lists(part) | st.dictionaries(st.sampled_from(NAMES) | st.text(), part),
    max_leaves=20,
)
NEARLY = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=3).map(lambda changes: {**SAID, **changes})
"""Almost what Teams would say."""
