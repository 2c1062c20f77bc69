"""Whether somebody says thank you and nothing else: then nothing is wrong, and nothing is reopened (R8)."""

import re
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


def thanked(text: str) -> bool:
    """Every word is one of thanks or of courtesy, or the name of whoever is thanked; one at least is of thanks."""
    words = _TOKEN.findall(normalize("NFC", text))
    if not words or len(words) > LONGEST or len(re.sub(rf"[\s{_SIGNS}\ufe0f]", "", text)) > 120 or "?" in words:
        return False
    meant, before = False, ""
    for word in words:
        plain = "".join(normalize("NFD", letter)[0] for letter in word).lower()
        meant = meant or plain in _THANKS or word in _SIGNS
        named = word[:1].isupper() and before in _BEFORE_NAMES
        if not (named or plain in _THANKS or plain in _POLITE or word in _SIGNS or word in ".!;"):
            return False
        before = "to" if named and before in _BEFORE_NAMES else plain
    return meant
