"""Lines and answers as people say them in their own language; buttons and mails say the English ones anyway."""

import re
from unicodedata import normalize

# Without accents, as many leave them out. A line's own words follow it untouched.
LINES = {
    "accueil": "home",
    "aide": "help",
    "ajouter": "reply",
    "annuler": "cancel",
    "accepter": "accept",
    "bonjour": "hello",
    "clause": "clause",
    "commenter": "comment",
    "confirmer": "confirm",
    "confirmer tout": "confirm all",
    "couvert": "covered",
    "dossiers": "cases",
    "en anglais": "language en",
    "en francais": "language fr",
    "escalader": "escalate",
    "evaluer": "rate",
    "forfait": "plan",
    "in english": "language en",
    "langue": "language",
    "merci": "thanks",
    "mes dossiers": "cases",
    "mon forfait": "plan",
    "non resolu": "not-solved",
    "ouvrir": "open",
    "pas resolu": "not-solved",
    "passer": "skip",
    "planifier": "schedule",
    "pourquoi": "why",
    "prix": "price",
    "rapport": "report",
    "refuser": "decline",
    "regle": "solved",
    "repondre": "reply",
    "resolu": "solved",
    "retirer": "withdraw",
    "retour": "back",
    "rouvrir": "reopen",
    "statut": "status",
    "tout confirmer": "confirm all",
    "une personne": "person",
}
ANSWERS = {
    "aucun": "none",
    "aucune": "none",
    "basse": "low",
    "critique": "critical",
    "elevee": "high",
    "faible": "low",
    "haute": "high",
    "non": "no",
    "normale": "normal",
    "nouveau": "new",
    "nouveau dossier": "new",
    "oui": "yes",
    "oui merci": "yes",
    "passer": "skip",
}
_ANY = "|".join(sorted(LINES, key=len, reverse=True))
_SAID = re.compile(rf"(?P<mark>\s*(?:(?:/case\b|/support\b|[/!])\s*)?)(?P<line>{_ANY})\b", re.I)
_REPORT = "report"
_UNITS = {"semaine": "week", "mois": "month", "trimestre": "quarter", "annee": "year"}
_UNIT = rf"(?P<{{}}>{'|'.join(_UNITS)})"
_PERIOD = re.compile(
    r"\s+(?:(?:de l[a'’]|l[a'’]|du|de|le|pour)\s*)*\b"
    rf"(?:(?P<this>cet?|cette) {_UNIT.format('now')}|derni[a-z]* {_UNIT.format('then')}"
    rf"|{_UNIT.format('before')} (?:derni[a-z]*|passee?|precedente?))\b",
    re.I,
)
"""Of a report: "du mois dernier", "cette semaine"."""
_CASE = re.compile(r"\s+(?:le |un |mon )?(?:nouveau )?(?:dossier|billet)\b", re.I)


def line(text: str) -> str:
    """What was typed, with the words of a line in English; anything else as it stands."""
    found = _SAID.match(plain_letters(text))
    if found is None or found["line"].lower() not in LINES:
        return text
    rest = normalize("NFC", text)[found.end() :]
    if LINES[found["line"].lower()] == _REPORT:
        rest = _period(rest)
    about = _CASE.match(rest)
    return f"{found['mark']}{LINES[found['line'].lower()]}{' case' + rest[about.end() :] if about else rest}"


def _period(rest: str) -> str:
    found = _PERIOD.match(plain_letters(rest))
    if found is None:
        return rest
    unit = _UNITS[(found["now"] or found["then"] or found["before"]).lower()]
    return f" {'this' if found['this'] else 'last'} {unit}{rest[found.end() :]}"


def answer(text: str) -> str:
    """The same for an answer to a question that has choices."""
    return ANSWERS.get(plain_letters(text).strip().strip(".!").lower().replace(",", ""), text)


def plain_letters(text: str) -> str:
    """Letter by letter, so that both are as long."""
    if text.isascii():  # as most is
        return text
    return "".join(normalize("NFD", letter)[0] for letter in normalize("NFC", text))
