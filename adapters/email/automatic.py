"""Mail that no person wrote to us now: it opens nothing and is answered by nothing, so that no loop can begin."""

from adapters.email.headers import Mail, author, header
from adapters.email.ids import ours

_BULK = {"bulk", "list", "junk", "auto_reply"}
_MARKS = ("List-Id", "X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond", "X-Loop")
_MACHINES = {"mailer-daemon"}


def automatic(mail: Mail, sender: str | None, own: str) -> str:
    """Why it is; empty where a person wrote it. ``sender`` is the envelope's, None where it is not known."""
    address, _, _ = author(mail)
    submitted = header(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    if ours(header(mail, "Message-ID"), own.rpartition("@")[2]) or address == own.lower():
        return "our own"
    if submitted not in ("", "no"):
        return f"Auto-Submitted: {submitted}"
    if header(mail, "Precedence").strip().lower() in _BULK:
        return "Precedence"
    if mark := next((name for name in _MARKS if header(mail, name)), ""):
        return mark
    if from_nobody(mail, sender):
        return "no return address"
    return "a report" if mail.get_content_type() == "multipart/report" else ""


def from_nobody(mail: Mail, sender: str | None) -> bool:
    """As mail servers write."""
    empty = sender is not None and sender.strip("<> ") == ""
    return empty or header(mail, "Return-Path").strip() == "<>" or author(mail)[0].partition("@")[0] in _MACHINES
