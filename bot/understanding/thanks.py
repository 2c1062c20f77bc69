"""Whether somebody says thank you, or that it works, and nothing else: then nothing is wrong or reopened (R8)."""

import re
from collections.abc import Sequence
from unicodedata import normalize

_SIGNS = "👍🙏👏🎉😊🙂😀😃😄❤💯✅🥳🤝💪👌"
_TOKEN = re.compile(rf"[{_SIGNS}]|\w+|[.!?;]")
_SAID = "thanks thank thx ty tysm cheers appreciated appreciate grateful merci mercis remercie remercions gracias danke"
_POLITELY = (
    "a accord again aide all always and answer answers as assistance awesome beaucoup best bien bonne bravo "
    "brilliant bye c ca cela continuation cool cordialement d day de dear des du easy entendu equipe est et "
    "everyone everything excellent fantastique fast fine for formidable genial good goodbye grand great guys have "
    "help helped helpful helping hope i impeccable infiniment is it je journee kind l la le les ll lot lovely "
    "many me mille much my n nice nous now of ok okay on one oui our par parfait parfaitement patience perfect "
    "plus pour prompt quick quickly r rapide rapidite re regards reponse s salutations so soiree speedy super "
    "support sure t ta te team that the this those time to toi ton tous tout toute toutes tres u un une ve very "
    "vite vos votre vous was we weekend will wonderful yes you your yours "
)
_THANKS, _POLITE = set(_SAID.split()), set(_POLITELY.split())
_BEFORE_NAMES = {*_THANKS, "to", "a", "dear", "you", "and", "et", "beaucoup", "bien"}
LONGEST = 14  # words: who writes more has more to say


_WORKS = re.compile(
    r"\b(?:(?:it|that|this|everything|all)(?:'s)? )?(?:all )?(?:really )?"
    r"(?:works|(?:is )?(?:working|fixed|solved|resolved)|(?:has been|was) (?:fixed|solved|resolved))"
    r"(?: (?:now|again|fine|well|great|perfectly|for me|for us|as expected|like a charm))*\b"
    r"|\b(?:(?:ca|cela|tout|il|elle|c') ?)?(?:est )?(?:a nouveau |de nouveau |bien )?"
    r"(?:re)?(?:marche|fonctionne|(?:regle|resolu|repare|corrige)e?)"
    r"(?: (?:maintenant|a nouveau|de nouveau|bien|tres bien|parfaitement|enfin|desormais|pour moi|pour nous))*\b"
    r"|\btout est rentre dans l'ordre\b"
)


def works(text: str) -> bool:
    """That it works, with thanks and courtesy around it if they like, and no word more: no name, no question."""
    if len(text) > 120 or "?" in text:
        return False
    text = normalize("NFC", text)
    found = _WORKS.search(_plain(text).replace("’", "'"))
    if found is None:
        return False
    rest = _TOKEN.findall(f"{text[: found.start()]} {text[found.end() :]}")
    return "plus" not in rest and _courteous(rest)  # "il marche plus" is no thanks


def _courteous(words: Sequence[str]) -> bool:
    """Thanks, courtesy, and the names of those who are thanked."""
    before = ""
    for word in words:
        plain = _plain(word)
        named = word[:1].isupper() and before in _BEFORE_NAMES
        if not (named or plain in _THANKS or plain in _POLITE or word in _SIGNS or word in ".!;"):
            return False
        before = "to" if named else plain
    return True


def _plain(text: str) -> str:
    return "".join(normalize("NFD", letter)[0].lower()[:1] for letter in text)


def thanked(text: str) -> bool:
    """Every word is one of thanks or of courtesy, or the name of whoever is thanked; one at least is of thanks."""
    words = _TOKEN.findall(normalize("NFC", text))
    if not words or len(words) > LONGEST or len(re.sub(rf"[\s{_SIGNS}\ufe0f]", "", text)) > 120 or "?" in words:
        return False
    return _courteous(words) and any(_plain(word) in _THANKS or word in _SIGNS for word in words)
