"""What is written instead of pressing a button: taken where it can mean one answer alone."""

import pytest

from bot.dialogs.open_case import OpenCase
from bot.forms import Mistake

TAKEN = {
    "scope": {
        "existing": ("existing", "An existing thing.", "something we have", "it's already there", "déjà existant"),
        "new": ("new", "Something new, please!", "a brand new one", "c’est nouveau", "quelque chose de nouveau"),
    },
    "priority": {
        "critical": ("critical!", "It is critical", "critique", "priorité critique"),
        "high": ("pretty high I think", "élevée", "plutôt haute"),
        "normal": ("normal", "just normal"),
        "low": ("very low", "C'est faible"),
    },
    "effort": {
        60: ("up to an hour", "About 1 hour", "une heure", "jusqu’à 1 heure", "60 min"),
        "more": ("more than that", "longer", "plus que cela"),
        None: ("no idea", "je ne sais pas", "skip"),
    },
}
NOT_TAKEN = {
    "scope": ("new, and something we have", "not new", "I have no idea", "we have trouble with the new form", "thing"),
    "priority": ("critical or high", "not critical", "The values are too low", "n’est pas critique", "elle est là"),
    "effort": ("a new hour field", "soon"),
}


@pytest.mark.parametrize(("question", "answers"), TAKEN.items())
def test_an_answer_in_their_own_words_is_taken(question: str, answers: dict[str | int | None, tuple[str, ...]]) -> None:
    read = {said: OpenCase.read(question, said) for said_by in answers.values() for said in said_by}
    assert read == {said: answer for answer, said_by in answers.items() for said in said_by}


@pytest.mark.parametrize(("question", "raw"), [(name, raw) for name, said in NOT_TAKEN.items() for raw in said])
def test_nobody_guesses_between_two(question: str, raw: str) -> None:
    with pytest.raises(Mistake):
        OpenCase.read(question, raw)
