"""Standard Webhooks: the three headers by which a receiver knows that a call is ours, fresh and not changed."""

import base64
import hmac
import secrets
from datetime import datetime
from hashlib import sha256

PREFIX = "whsec_"


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def headers(secret: str, id_: str, at: datetime, body: bytes) -> dict[str, str]:
    """``at`` is this attempt's: receivers refuse what is old."""
    seconds = str(int(at.timestamp()))
    signed = b".".join((id_.encode(), seconds.encode(), body))
    value = hmac.digest(base64.b64decode(secret.removeprefix(PREFIX)), signed, sha256)
    signature = f"v1,{base64.b64encode(value).decode()}"
    return {"webhook-id": id_, "webhook-timestamp": seconds, "webhook-signature": signature}
