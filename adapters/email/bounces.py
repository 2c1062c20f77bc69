"""A mail of ours that came back: which one, and what the other side's server said."""

import re
from dataclasses import dataclass

from adapters.email.automatic import from_nobody
from adapters.email.headers import Mail, header
from adapters.email.ids import ours

LOOKED_AT = 256 * 1024  # characters in which our Message-ID is looked for
_OWN = re.compile(r"^(?:(?:x-)?original-)?message-id:\s*(<[^<>\s]+>)", re.I | re.M)
_FIELD = re.compile(
    r"^(?P<name>action|status|diagnostic-code|final-recipient):\s*(?P<value>.*(?:\n[ \t].*)*)", re.I | re.M
)


@dataclass(frozen=True)
class Bounce:
    id: str
    key: str
    reason: str


def bounce(mail: Mail, raw: bytes, sender: str | None, domain: str) -> Bounce | None:
    """None: it is none, it says that the mail is only late, or it names no mail of ours."""
    report = mail.get_content_type() == "multipart/report" and mail.get_param("report-type") == "delivery-status"
    failed = header(mail, "X-Failed-Recipients")  # as Exim tells it
    if not (report or (failed and from_nobody(mail, sender))):
        return None
    said = _said(mail)
    if report and said.get("action", "failed").lower() != "failed":
        return None
    text = raw[:LOOKED_AT].decode("utf-8", "replace")
    # What came back may refer to earlier mails of ours, which arrived.
    named = [one for one in ours(" ".join(_OWN.findall(text)), domain) or ours(text, domain) if one.key]
    if not named:
        return None
    why = said.get("diagnostic-code", "").partition(";")[2].strip() or said.get("status", "")
    return Bounce(named[-1].id, named[-1].key, f"it came back: {' '.join(why.split())[:300] or 'no reason is given'}")


def _said(mail: Mail) -> dict[str, str]:
    """The fields of the report, of the first recipient that failed."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            text = (
                "\n".join(str(each) for each in part.get_payload()) if part.is_multipart() else str(part.get_payload())
            )
            found: dict[str, str] = {}
            for each in _FIELD.finditer(text.replace("\r\n", "\n")):
                found.setdefault(each["name"].lower(), each["value"].strip())
            return found
    return {}
