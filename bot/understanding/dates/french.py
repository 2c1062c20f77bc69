"""French words for times, as the English ones that are read here; names of things other than time stay as they are."""

import re
import unicodedata

FRENCH = {
    r"apres[- ]demain": "the day after tomorrow",
    "demain": "tomorrow",
    r"aujourd'?hui": "today",
    "ce soir": "this evening",
    "cet? (?=apres|midi|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)": "this ",
    "apres[- ]midi": "afternoon",
    "(?:le |du |au )?matin": "morning",
    "(?:le |du |au )?soir": "evening",
    r"\ba midi\b|\bmidi\b": "noon",
    r"\ba minuit\b|\bminuit\b": "midnight",
    r"(?:la )?semaine prochaine": "next week",
    r"(lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) prochain": r"next \1",
    r"(\d+) jours? ouvrables?": r"\1 business days",
    r"\b1er\b": "1st",
    r"(\d{1,2}) ?h(?:eures?)? ?(\d\d)\b": r"\1:\2",
    r"\bdans (\d{1,3}) ?h(?:eures?)?\b": r"in \1 hours",
    r"(\d{1,2}) ?(?:h|heures?)\b": r"\1:00",
    r"\bentre (.+?) et ": r"between \1 and ",
    r"\bde (?=\d)": "from ",
    r"(?<=\d) a (?=\d)": " to ",
    r"\ba (?=\d)": "at ",
    r"\bdans une? heure\b": "in 1 hour",
    r"\bdans une? demi[- ]heure\b": "in 30 minutes",
    r"\bdans\b": "in",
    r"\bavant\b": "before",
    r"\bapres\b": "after",
    r"\bheures?\b": "hours",
    r"\bjours?\b": "days",
    r"\bsemaines?\b": "weeks",
    r"\bmois\b": "months",
    r"\b(?:le|la|les|vers|pour|un|une)\b": " ",
    **{
        rf"\b{name}s?\b": english
        for name, english in zip(
            ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
            ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
            strict=True,
        )
    },
    r"\bjanvier\b": "january",
    r"\bfevrier\b": "february",
    r"\bmars\b": "march",
    r"\bavril\b": "april",
    r"\bmai\b": "may",
    r"\bjuin\b": "june",
    r"\bjuillet\b": "july",
    r"\baout\b": "august",
    r"\bseptembre\b": "september",
    r"\boctobre\b": "october",
    r"\bnovembre\b": "november",
    r"\bdecembre\b": "december",
    r"\bhier\b": "yesterday",
}
_WORDS = {re.compile(said): english for said, english in FRENCH.items()}


def english(text: str) -> str:
    said = unicodedata.normalize("NFD", text.replace("’", "'")).casefold()
    said = "".join(sign for sign in said if not unicodedata.combining(sign))
    for pattern, instead in _WORDS.items():
        said = pattern.sub(instead, said)
    return " ".join(said.split())
