"""What may stand in Slack's own markup: escaped words, dates and links, and nothing that pings anybody."""

import re

_TOKEN = re.compile(r"<([^<>]*)>")
_ENTITY = re.compile(r"&(?:amp|lt|gt);")
_PING = re.compile(r"<\s*(?:@[UWB]|!(?:channel|here|everyone|group|subteam))", re.IGNORECASE)
_QUOTE = re.compile(r"^(?:>>>|>)", re.MULTILINE)
_DATE = re.compile(r"!date\^(?P<unix>-?\d{1,12})\^(?P<format>[^|^]+)(?:\^(?P<link>[^|^]+))?\|(?P<fallback>[^|]+)")
_LINK = re.compile(
    r"(?:https?://[^\s|/]+[^\s|]*|mailto:[^\s|@]+@[^\s|@]+|tel:\+?[0-9().\-]+(?:[,;][0-9a-z=,;]+)?)(?:\|[^|\n]+)?"
)
_CHANNEL = re.compile(r"#C[A-Z0-9]+(?:\|[^|]*)?")
DATE_WORDS = {
    *("date_num", "date_slash", "date_long", "date_long_full", "date_long_pretty", "date", "date_pretty"),
    *("date_short", "date_short_pretty", "time", "time_secs", "ago", "day_divider_pretty"),
}


def wrong_with(text: str) -> str:
    """The first thing wrong with it, in a sentence; empty where nothing is."""
    if found := _PING.search(text):
        return f"pings somebody: {text[found.start() : found.start() + 30]!r}"
    for token in _TOKEN.finditer(text):
        if wrong := _wrong_token(token[1]):
            return f"{wrong}: <{token[1][:120]}>"
    rest = _QUOTE.sub("", _TOKEN.sub("", text))
    for sign in "<>":
        if sign in rest:
            return f"has an unescaped {sign}"
    return "has an unescaped &" if "&" in _ENTITY.sub("", text) else ""


def unescaped(text: str) -> str:
    """As people read it."""
    read = _TOKEN.sub(lambda token: token[1].partition("|")[2] or token[1], text)
    return read.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _wrong_token(inside: str) -> str:
    if inside.startswith("!date"):
        return _wrong_date(inside)
    if _LINK.fullmatch(inside) or _CHANNEL.fullmatch(inside):
        return ""
    return "is neither a well-formed link nor a date, and not escaped"


def _wrong_date(inside: str) -> str:
    parts = _DATE.fullmatch(inside)
    if not parts:
        return "is not <!date^unix^format|fallback>"
    words = re.findall(r"\{([^{}]*)\}", parts["format"])
    if not words or set(words) - DATE_WORDS:
        return f"has a date format with {words or 'no token'}"
    if re.search(r"[{}]", re.sub(r"\{[^{}]*\}", "", parts["format"])):
        return "has a date format with a stray brace"
    if parts["link"] and not _LINK.fullmatch(parts["link"]):
        return "has a date with a link that is none"
    return "" if parts["fallback"].strip() else "has a date without a fallback"
