"""What one of Microsoft's servers answered, as far as it is worth reading."""

import json

from aiohttp import ClientResponse

LARGEST = 1024 * 1024
Json = dict[str, object]


async def object_in(response: ClientResponse) -> Json:
    """The JSON object in its body. Raises ValueError, and whatever a connection that breaks off makes aiohttp raise."""
    raw = bytearray()
    async for chunk in response.content.iter_any():
        raw += chunk
        if len(raw) > LARGEST:
            raise ValueError("the answer is too long")
    try:
        found = json.loads(raw)
    except RecursionError:
        raise ValueError("the answer is too deep") from None
    if not isinstance(found, dict):
        raise ValueError("the answer is no object")
    return found


def text_in(told: Json, name: str) -> str:
    value = told.get(name)
    return value if isinstance(value, str) else ""
