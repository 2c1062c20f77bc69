"""A mail whose parts lie deeper in each other than Python can follow: its own parts, one by one."""

import re
from email import message_from_bytes
from email.mime.application import MIMEApplication
from email.parser import BytesParser

from adapters.email.headers import Mail

DEEPEST = 50  # parts within parts: nobody's letter has more
PARTS = 200


def by_parts(raw: bytes) -> Mail:
    """Its headers as they are; each part that goes too deep is octets, as it came."""
    whole: Mail = BytesParser().parsebytes(raw, headersonly=True)
    body = str(whole.get_payload()).encode("utf-8", "surrogateescape")
    boundary = (whole.get_boundary() or "").encode("utf-8", "surrogateescape")
    whole.set_payload([_part(each) for each in _pieces(body, boundary)] if boundary else [_octets(body)])
    return whole


def _pieces(body: bytes, boundary: bytes) -> list[bytes]:
    line = rb"(?:\A|\r?\n)--" + re.escape(boundary)
    before, *_ = re.split(line + rb"--", body, maxsplit=1)
    return re.split(line + rb"[ \t]*(?:\r?\n|\Z)", before, maxsplit=PARTS)[1:]


def _part(piece: bytes) -> Mail:
    try:
        part: Mail = message_from_bytes(piece)
        if _fits(part, DEEPEST):
            return part
    except RecursionError:
        pass
    return _octets(piece)


def _fits(part: Mail, left: int) -> bool:
    inner = part.get_payload() if part.is_multipart() else ()
    return left > 0 and all(_fits(each, left - 1) for each in inner if not isinstance(each, str))


def _octets(content: bytes) -> Mail:
    return MIMEApplication(content)
