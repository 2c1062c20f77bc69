"""What an answer's author wrote anew: the history below and the signature are cut off, and nothing in between."""

import re

_VERB = (
    r"(wrote|writes|schrieb|schreef|skrev|a écrit|écrit|escribió|escreveu|ha scritto|scrisse|napisał\(?a?\)?"
    r"|пишет|писал\(?а?\)?|написал\(?а?\)?)"
)
_ATTRIBUTION = re.compile(rf"^(?=.*(\d|@|<)).*\b{_VERB}\b.*:\s*$", re.I | re.S)
_DIVIDER = re.compile(
    r"^\s*-{2,}\s*(original message|original appointment|ursprüngliche nachricht|originalnachricht|message d['’]origine"
    r"|message original|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht"
    r"|исходное сообщение|пересылаемое сообщение)\s*-{2,}\s*$",
    re.I,
)
_FROM = re.compile(r"^\s*\*?(from|von|de|da|van|от|от кого)\s*:\*?\s*\S", re.I)
_SENT = re.compile(
    r"^\s*\*?(sent|date|gesendet|datum|envoyé|enviado( el)?|fecha|data|inviato|verzonden|отправлено|дата)\s*:", re.I
)
_FORWARD = re.compile(r"^\s*(fwd?|wg|tr|rv|i|enc|doorst|пересл)\s*:", re.I)
LONGEST = 1_000  # characters of an attribution: to look for one takes the square of them
SIGNATURE = 12  # lines at most: more below a "-- " are somebody's words


def fresh(text: str, subject: str, answers_us: bool) -> str:
    """A first mail and a forwarded one are kept whole: what they quote is the report."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip().split("\n")
    if answers_us and not _FORWARD.match(subject):
        lines = _without_tail(_without_block(lines))
    kept = "\n".join(_without_signature(lines)).strip()
    return kept or text.strip()


def _without_block(lines: list[str]) -> list[str]:
    """Outlook's way: a line or a block of headers, and all below it as it was."""
    for n, line in enumerate(lines):
        if _DIVIDER.match(line) or (_FROM.match(line) and any(map(_SENT.match, lines[n + 1 : n + 3]))):
            above = lines[:n]
            while above and set(above[-1].strip()) <= {"_", "-"}:
                above.pop()
            return above
    return lines


def _without_tail(lines: list[str]) -> list[str]:
    """The quotation with which it ends; one with an answer below it stays, or nobody knew what that answers."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith(">")):
        end -= 1
    if not any(line.lstrip().startswith(">") for line in lines[end:]):
        return lines
    for many in (1, 2, 3):  # an attribution may be broken over lines
        if _ATTRIBUTION.match(" ".join(lines[max(0, end - many) : end])[-LONGEST:]):
            return lines[: max(0, end - many)]
    return lines[:end]


def _without_signature(lines: list[str]) -> list[str]:
    for n in range(len(lines) - 1, max(-1, len(lines) - 1 - SIGNATURE), -1):
        if lines[n].rstrip() == "--" and any(line.strip() for line in lines[:n]):
            return lines[:n]
    return lines
