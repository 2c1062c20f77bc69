"""No sentence of ours carries a figure that the catalogue, the contract or the clock did not produce."""

import ast
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

import adapters
import bot
from bot import wording
from bot.firewall import HoldsFigure, figure
from bot.languages import FOLDER, languages, translated
from bot.messages import Clause, Count, Duration, Message, Money, Percent, Person, Printed, Quote, Quoted, Text
from bot.plain import plain
from bot.turn import Now, Turn
from bot.wording import Choice, Sentence, Table, message, say, vouched
from rules.people import CLOCK, Actor, Role
from store.work import Work
from tests import firewall
from tests.sentences import sentences
from tests.world import CATALOGUES, MONDAY, World

ANN = Actor(1, "Ann", Role.CUSTOMER, 1, "America/Toronto")
FRED = Actor(2, "Fred", Role.CUSTOMER, 1, "Europe/Paris", language="fr")
SLOT = re.compile(r"\{\w*\}")
MODULES = sorted((*Path(bot.__file__).parent.rglob("*.py"), *Path(adapters.__file__).parent.rglob("*.py")))
PARTS = {"Text", "Facts", "Items", "Item", "Bar", "Picture", "Button", "Buttons", "Message"}
REMADE = {("home.py", "Button"), ("coverage.py", "Buttons"), ("citing.py", "Button"), ("citing.py", "Buttons")}
"""Put together anew from what the seam made, and the one word that asks why."""
NUMBERS = {"Count", "Duration", "Percent", "Money", "Moment", "Day"}
WORDS = {"Printed", "Quoted"}
UNITS = {0, 1, 60}
"""Nothing, one thing, and the minutes of an hour: what arithmetic needs, and no promise is made of."""
OURS = {"SHOWN", "STARS", "NEARLY_ALL"}
"""How many rows we show, how cases are rated, how many answers are nearly all: counts that no provider publishes."""


# The words ---------------------------------------------------------------------------------------------------------


def test_no_sentence_in_any_language_holds_a_figure() -> None:
    """Digits, numbers as words, signs of money and shares, months and days: all of them are values."""
    found, plurals = sentences()
    said = {*found, *(form for pair in plurals for form in pair)}
    for language in languages()[1:]:
        with (FOLDER / f"{language}.po").open("rb") as file:
            strings = [entry.string or () for entry in read_po(file) if entry.id]
        said |= {form for each in strings for form in ([each] if isinstance(each, str) else each)}
    assert len(said) > 800
    assert {words: held for words in said if (held := figure(SLOT.sub(" ", words)))} == {}


@pytest.mark.parametrize(
    ("words", "held"),
    [
        ("You pay $ a month", "$"),
        ("half the licences' price", "half"),
        ("within four hours", "four"),
        ("within one business day", "one business day"),
        ("It costs 60 more", "6"),
        ("full coverage, 100 %", "1"),
        ("a share of % of it", "%"),
        ("closed in May", "May"),
        ("closed each Sunday", "Sunday"),
        ("½ of it", "½"),
        ("En vingt minutes", "vingt"),
        ("fermé le lundi", "lundi"),
        ("jusqu’en août", "août"),
        ("une heure ouvrable", "une heure"),
        ("payé en €", "€"),
        ("a person may ask", None),
        ("That can be several times. Which one do you mean?", None),
        ("Mon forfait", None),
    ],
)
def test_what_counts_as_a_figure(words: str, held: str | None) -> None:
    assert figure(words) == held


@pytest.mark.parametrize("words", ["It takes two days.", "It costs $.", "See you on Friday."])
def test_a_sentence_with_a_figure_of_its_own_is_never_said(words: str) -> None:
    with pytest.raises(HoldsFigure):
        message(ANN, say(words))
    with pytest.raises(HoldsFigure):
        message(ANN, (Choice(say(words), "help"),))
    with pytest.raises(HoldsFigure):
        message(ANN, Table(((words, say("new")),)))


def test_a_translation_with_a_figure_of_its_own_is_not_said_and_english_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Translators' files are read at the start: no test of ours has seen an operator's own."""

    class Careless:
        def gettext(self, sentence: str) -> str:
            return f"{sentence} en deux heures"

    monkeypatch.setattr("bot.languages._catalogue", lambda language: Careless())
    assert translated("fr", "The queue is empty.") == "The queue is empty."


# The values --------------------------------------------------------------------------------------------------------


def test_parts_of_messages_are_made_where_the_words_are_looked_at() -> None:
    """Only the seam makes them; adapters cut what is too long, and add words of their own without a figure."""
    made = {(path.name, ast.unparse(call.func)) for path, call in calls(PARTS) if "adapters" not in path.parts}
    assert made - REMADE == {("wording.py", name) for name in PARTS}
    for path, call in calls(PARTS):
        said = [node.value for node in ast.walk(call) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        assert path.name == "wording.py" or [words for words in said if figure(words)] == [], path


def test_no_number_is_written_where_a_figure_is_made() -> None:
    """They are reckoned by the rules, or stand in the catalogue, the contract or the case."""
    seen = list(calls(NUMBERS))
    assert len(seen) > 30
    for path, call in seen:
        arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
        inner = [node for argument in arguments for node in ast.walk(argument)]
        written = {it.value for it in inner if isinstance(it, ast.Constant) and type(it.value) in (int, float)}
        fixed = {it.id for it in inner if isinstance(it, ast.Name) and it.id.isupper()}
        assert written <= UNITS, f"{path}:{call.lineno}"
        assert fixed <= OURS, f"{path}:{call.lineno}"


def test_no_words_of_ours_pass_for_the_catalogues_or_for_peoples() -> None:
    seen = list(calls(WORDS))
    assert len(seen) > 50
    for path, call in seen:
        for node in ast.walk(call):
            assert not isinstance(node, ast.JoinedStr | ast.BinOp), f"{path}:{call.lineno}"
            composed = isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search(r"\w", node.value)
            assert not composed or ast.unparse(call).count("[") > 0, f"{path}:{call.lineno}"


def calls(names: set[str]) -> Iterator[tuple[Path, ast.Call]]:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                yield path, node


# What is really said -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spans", "says"),
    [
        (("within four hours",), "'four' in the words"),
        ((Quoted("8"), " business hours"), "is no figure"),
        ((Printed("8 business hours"),), "stands in no catalogue"),
        ((Money(Decimal("12.34"), "$"),), "no price of a catalogue"),
        ((Percent(42),), "nobody's share"),
        ((Clause("W99"),), "no catalogue has a clause"),
    ],
)
def test_what_comes_from_nowhere_is_found(spans: tuple[object, ...], says: str) -> None:
    [found] = firewall.unvouched(spans)  # type: ignore[arg-type]
    assert says in found


def test_what_the_catalogue_people_and_the_clock_say_is_let_through() -> None:
    spans = (
        "Expected in ",
        Duration(480, business=True),
        " (",
        Clause("W46"),
        "): ",
        Printed("Base costs $225 a month for the first user and $60 for each further one."),
        Money(Decimal(225), "$"),
        Percent(75),
        Quoted("Error 500 on 4 of 5 forms"),
    )
    assert list(firewall.unvouched(spans)) == []


async def test_whatever_a_test_hears_is_looked_at(sqlite_desk: World) -> None:
    """The check stands around every test: see tests/firewall.py."""
    await sqlite_desk.says("ann", "price success 12")
    assert Decimal("1434.00") in firewall.issued
    assert any(Money(Decimal("1434.00"), "$") in spans for spans, _ in firewall.said)
    assert firewall.shown
    assert list(firewall.wrong()) == []
    forged = Message((Text(("That is $99.",)),))
    await sqlite_desk.store.write(tell_ann, forged)
    assert list(firewall.wrong()) == ["'9' in the words 'That is $99.'"]
    firewall.forget()


def tell_ann(work: Work, said: Message) -> None:
    ann = next(person for person in work.customers() if person.name == "Ann Lee")
    Turn(work, CATALOGUES, CLOCK, Now(MONDAY, MONDAY), MONDAY).tell(ann, lambda reader: said)


# What may be generated one day -------------------------------------------------------------------------------------

PLAIN = say("by {due} for {price}", due=Duration(480, business=True), price=Money(Decimal(225), "$"))


@pytest.mark.parametrize(
    "generated",
    [
        "Count on us within 8 business hours; it is $225.",
        "It is $225. We answer in 8 business hours {really}.",
        "We are on it.",
    ],
)
def test_a_generated_text_with_our_figures_is_said_with_our_values(generated: str) -> None:
    said = vouched(generated, PLAIN, ANN)
    assert plain(message(ANN, said)) == generated
    assert figure("".join(span for span in wording._spans(said, "en") if isinstance(span, str))) is None


@pytest.mark.parametrize(
    "generated",
    [
        "Count on us within 4 business hours.",
        "Count on us within 8 days.",
        "Count on us within 18 business hours.",
        "Count on us within eight hours.",
        "It is $225.50.",
        "It is $2254.",
        "It is 10 % cheaper.",
        "We answer on Monday.",
        "It is {v0} and 5 {v1}",
    ],
)
def test_a_generated_text_with_a_figure_of_its_own_gives_way_to_the_plain_sentence(generated: str) -> None:
    assert vouched(generated, PLAIN, ANN) is PLAIN


@pytest.mark.parametrize("generated", ["It is 14 now.", "It is 41 now.", "It is 1.4 now.", "It is 1 or 44 now."])
def test_two_figures_put_together_are_a_third_one(generated: str) -> None:
    both = say("from {one} to {four}", one=Count(1), four=Count(4))
    assert vouched(generated, both, ANN) is both
    assert plain(message(ANN, vouched("It is 4, it was 1.", both, ANN))) == "It is 4, it was 1."


def test_a_generated_text_is_held_against_the_values_as_its_reader_writes_them() -> None:
    generated = "Comptez 8 heures ouvrables, pour 225\u00a0$."
    assert plain(message(FRED, vouched(generated, PLAIN, FRED))) == generated
    assert vouched("Comptez vingt minutes.", PLAIN, FRED) is PLAIN


@given(st.lists(st.sampled_from(["8 business hours", "$225", "9", "two", "%", "Friday", " soon ", "8", "{", "}", "."])))
def test_whatever_is_generated_no_figure_is_said_but_in_a_value(pieces: list[str]) -> None:
    spans = wording._spans(vouched("".join(pieces), PLAIN, ANN), "en")
    assert [span for span in spans if isinstance(span, str) and figure(span)] == []
    assert {span for span in spans if not isinstance(span, str)} <= set(PLAIN.values.values())


def test_quotations_are_never_held_back() -> None:
    """Articles, saved replies, names of files and what people write keep their figures."""
    words = "Pay $5 within two days, see fig-2.png"
    said = message(ANN, say("{text}", text=Quoted(words)), Quote(Person("Sam", "support desk"), words))
    assert plain(said).count(words) == 2
    assert isinstance(vouched("About: Pay $5", say("About: {text}", text=Quoted("Pay $5")), ANN), Sentence)
