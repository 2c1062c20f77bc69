"""Pure thanks, in English and French, and what only begins like it (R8)."""

import pytest

from bot.desk import CaseRef
from bot.understanding import Do, Scene
from bot.understanding.router import route
from bot.understanding.thanks import thanked, works
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
WORKS = (
    *("works now", "It works!", "it's working again", "that fixed it", "Solved", "ok, everything works again"),
    *("Thanks, that works great!", "Great, it is fixed now. Thank you Sam", "perfect, works fine now 👍"),
    *("ça marche, merci", "Merci, ça fonctionne parfaitement !", "C’est réglé, merci beaucoup", "tout marche"),
    *("oui ça remarche", "Super, tout est rentré dans l’ordre"),
)
DOES_NOT = (
    *("does it work now?", "it works but slowly", "not solved", "it is not fixed", "nothing works", "it never works"),
    *("it works on my machine, not on hers", "It works. The Export fails", "it no longer works", "thanks"),
    *("ça ne marche pas", "ça ne fonctionne plus", "il marche plus", "rien ne marche", "the workflow works wrong"),
)


@pytest.mark.parametrize("words", THANKS)
def test_thanks_and_nothing_else(words: str) -> None:
    assert thanked(words)
    assert route(words, Scene(ANN, case=1001, over=True)) == Do("thanks", None), "whatever it ended with"


@pytest.mark.parametrize("words", MORE)
def test_who_says_more_is_heard(words: str) -> None:
    assert not thanked(words)


@pytest.mark.parametrize("words", WORKS)
def test_that_it_works_with_thanks_or_without(words: str) -> None:
    """W59: it is called solved, and one press closes it; what is over stays over (R8)."""
    assert works(words)
    assert route(words, Scene(ANN, case=1001)) == Do("solved", CaseRef(1001))
    assert route(words, Scene(ANN, case=1001, over=True)) == Do("thanks", None)


@pytest.mark.parametrize("words", DOES_NOT)
def test_what_only_sounds_like_it(words: str) -> None:
    assert not works(words)
