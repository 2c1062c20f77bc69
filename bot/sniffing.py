"""What a file is, by its first octets: its name and what its sender says of it decide nothing."""

UNKNOWN = "application/octet-stream"
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""What a browser may show on a page: no script lives in them. SVG and HTML are neither."""
ENOUGH = 1024
_BEGINS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
)
_PAGE = (b"<!doctype html", b"<html", b"<head", b"<script", b"<body")


def sniffed(begins: bytes) -> str:
    """Of the first octets; what is not certain is only octets."""
    if begins[:4] == b"RIFF" and begins[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for mark, kind in _BEGINS if begins.startswith(mark)), UNKNOWN)


def is_page(begins: bytes) -> bool:
    """Whether it is a page for browsers: what vendors answer with who may not have the file."""
    return begins.lstrip(b"\xef\xbb\xbf\t\r\n ").lower().startswith(_PAGE)
