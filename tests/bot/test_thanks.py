"""Pure thanks, in English and French, and what only begins like it (R8)."""

import pytest

from bot.understanding import Do, Scene
from bot.understanding.router import route
from bot.understanding.thanks import thanked
from rules.people import Actor, Role

ANN = Actor(7, "Ann", Role.CUSTOMER, 1, "UTC")
THANKS = (
    *("thanks", "Thanks!", "thank you so much!", "many thanks", "thx", "ty", "cheers", "ok thanks", "great, thank you"),
    *(
        "Perfect, thanks",
        "Thanks Cora, you're the best",
        "Thank you Sam!",
        "thanks for the quick answer",
        "👍",
        "👍🏽👍",
    ),
    *("🙏", "much appreciated", "Thanks again 🙏", "thank you, have a nice day", "thanks, that helped", "❤️"),
    *("Merci", "merci beaucoup", "Merci bien !", "Un grand merci à toute l’équipe", "Super, merci", "Mille mercis"),
    *("Parfait, merci pour votre aide", "Je vous remercie", "merci Cora", "C’est parfait, merci"),
    *("Merci et bonne journée", "Merci pour la réponse rapide", "oui merci"),
)
MORE = (
    *("thanks but it is broken again", "thanks, still not working", "Thanks. Export fails", "great", "yes", "👎"),
    *("merci mais ça ne marche pas", "merci, le problème est revenu", "Thanks, is it fixed?", "not solved, thanks"),
    *("thanks, one more question: how do I export?", "Merci. Le formulaire est vide", "thanks, can you reopen it"),
)


@pytest.mark.parametrize("words", THANKS)
def test_thanks_and_nothing_else(words: str) -> None:
    assert thanked(words)
    assert route(words, Scene(ANN, case=1001, over=True)) == Do("thanks", None), "whatever it ended with"


@pytest.mark.parametrize("words", MORE)
def test_who_says_more_is_heard(words: str) -> None:
    assert not thanked(words)
