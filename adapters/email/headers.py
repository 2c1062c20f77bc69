"""Headers as they came, however broken: every function here returns something."""

import re
from datetime import UTC, datetime
from email.message import Message
from email.policy import default
from email.utils import parseaddr, parsedate_to_datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Mail = Message[Any, Any]
else:
    Mail = Message
LONGEST_ADDRESS = 254
LONGEST = 10_000  # characters of one header
PARTS = 1_000
MOST = 50  # headers of one name
PARSED = 600  # of what the standard library's grammar reads: its time grows with the square


_NAMED = re.compile(r"(?P<name>[^<>,;:]*)<(?P<address>[^<>]*)>\s*")


def tamed(mail: Mail) -> Mail:
    """Without headers of its parts that are too long to be meant: reading them takes the square of their length."""
    for part in islice(mail.walk(), PARTS):
        for name in ("Content-Type", "Content-Disposition"):
            if any(len(raw) > 2_000 for raw in _raw(part, name)):
                del part[name]
    return mail


def header(mail: Mail, name: str) -> str:
    """The first of that name, decoded, in one line; empty where there is none."""
    return decoded(next(iter(headers(mail, name)), ""))


def headers(mail: Mail, name: str) -> list[str]:
    """All of that name, topmost first, each in one line, as they came."""
    return [" ".join(raw.split()) for raw in _raw(mail, name)]


def author(mail: Mail) -> tuple[str, str, bool]:
    """Address in small letters and name of who it says it is from; and whether it names just one."""
    found: list[tuple[str, str]] = []
    for raw in _raw(mail, "from")[:2]:
        found += _addresses(raw)
    address, name = found[0] if found else ("", "")
    return address, name, len(found) == 1


def moment(text: str) -> datetime | None:
    """Of a Date header (UTC)."""
    try:
        at = parsedate_to_datetime(text)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def decoded(line: str) -> str:
    """Words such as =?utf-8?q?caf=C3=A9?= as they are meant."""
    if "=?" not in line:
        return line
    try:
        return " ".join(str(default.header_factory("subject", line[: 4 * PARSED])).split())
    except Exception:  # the standard library's parser trips over what people send
        return line


def fit(text: str) -> str:
    """Bytes that came undeclared: UTF-8 where they are, else as western mail programs mean them."""
    raw = text.encode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _raw(mail: Mail, name: str) -> list[str]:
    found = (fit(str(value))[:LONGEST] for key, value in mail.raw_items() if key.lower() == name.lower())
    return list(islice(found, MOST))


def _addresses(raw: str) -> list[tuple[str, str]]:
    line = " ".join(raw.split())[:PARSED]
    try:
        whole = default.header_factory("from", line)
        parsed = [(one.addr_spec, one.display_name) for one in whole.addresses]
        if whole.defects and (found := _NAMED.fullmatch(line)):  # an address as its own name, without quotation marks
            parsed = [(found["address"], decoded(found["name"].strip()))]
    except Exception:
        name, address = parseaddr(line)
        parsed = [(address, name)]
    return [(address.lower(), fit(name)) for address, name in parsed if _whole(address)]


def _whole(address: str) -> bool:
    name, at, domain = address.rpartition("@")
    strange = any(sign.isspace() or not sign.isprintable() or sign in '<>@,;:"\\()[]' for sign in name + domain)
    return bool(name and at and domain) and not strange and len(address) <= LONGEST_ADDRESS
