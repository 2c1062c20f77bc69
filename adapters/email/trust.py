"""Whether the operator's own mail system vouches that a mail is from whom it names (RFC 8601)."""

import re

from adapters.email.headers import Mail, headers

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_COMMENT = re.compile(r"\((?:[^()\\]|\\.)*\)")
_RESULT = re.compile(r"(?P<method>dmarc|dkim|spf)(?:/\d+)?\s*=\s*(?P<verdict>[a-z]+)\b(?P<about>.*)", re.I | re.S)
_PROPERTY = re.compile(r"(?<!\S)(?P<name>header\.from|header\.d|smtp\.mailfrom)\s*=\s*(?P<value>[^\s;]+)", re.I)
"""On its own: whoever sends chooses much of what stands in the values of others, such as ``smtp.helo``."""

DEEPEST = 20  # comments within comments


def vouched(mail: Mail, address: str, authserv: str) -> bool:
    """By its topmost word alone: what stands below may have come with the mail."""
    if not authserv:
        return False
    for line in headers(mail, "Authentication-Results"):
        name, _, results = _bare(line).partition(";")
        if name.split()[:1] and name.split()[0].lower() == authserv.lower():
            return any(_aligned(one.strip(), address.rpartition("@")[2]) for one in results.split(";"))
    return False


def _bare(line: str) -> str:
    """Without what others may have written into it: comments, and strings in quotation marks."""
    bare, before = _QUOTED.sub("?", line), ""
    for _ in range(DEEPEST):
        if bare == before:
            return bare
        before, bare = bare, _COMMENT.sub(" ", bare)
    return ""  # no mail server writes so: nobody vouches


def _aligned(result: str, domain: str) -> bool:
    found = _RESULT.match(result)
    if found is None or found["verdict"].lower() != "pass":
        return False
    about = {each["name"].lower(): each["value"].lower() for each in _PROPERTY.finditer(found["about"])}
    match found["method"].lower():
        case "dmarc":
            return about.get("header.from") == domain
        case "dkim":
            signed = about.get("header.d", "")
            return "." in signed and (domain == signed or domain.endswith(f".{signed}"))
        case _:
            return about.get("smtp.mailfrom", "").rpartition("@")[2] == domain
