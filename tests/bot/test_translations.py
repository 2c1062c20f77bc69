"""Every sentence in every language: none missing, none stale, each with the same placeholders, and no figure."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot import spoken
from bot.figures import count, duration, either, moment, money, percent
from bot.firewall import figure
from bot.languages import FOLDER, called, languages, locale, translated
from bot.messages import (
    Bar,
    Button,
    Buttons,
    Count,
    Facts,
    Items,
    Message,
    Moment,
    Person,
    Quote,
    Reader,
    Text,
    from_json,
)
from bot.plain import plain
from bot.wording import Choice, Gauge, Row, Table, message, say, several
from rules.people import Actor, Role
from tests.sentences import sentences

AT = datetime(2026, 1, 20, 16, 30, tzinfo=UTC)
ANN = Actor(1, "Ann", Role.CUSTOMER, 1, "America/Toronto", language="fr")
OTHERS = [language for language in languages() if language != "en"]
PLACEHOLDER = re.compile(r"\{\w*\}")


def catalogue(language: str) -> Catalog:
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file)


def forms(entry: Any) -> list[tuple[str, str]]:
    """Each English form of an entry with what it is in the other language."""
    if isinstance(entry.id, str):
        return [(entry.id, entry.string)] if entry.id else []
    return [(entry.id[-1], each) for each in entry.string]


def has_words(sentence: str) -> bool:
    """A sentence of values alone needs no translation, unless they stand beside a colon or the like."""
    return bool(re.search(r"[^\s,()]", PLACEHOLDER.sub("", sentence)))


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_translated_and_no_translation_is_stale(language: str) -> None:
    found, plurals = sentences()
    assert len(found) > 400
    there: dict[Any, Any] = {entry.id: entry.string for entry in catalogue(language) if entry.id}
    assert sorted(sentence for sentence in found if has_words(sentence) and not there.get(sentence)) == []
    assert sorted(pair for pair in plurals if not all(there.get(pair, ("",)))) == []
    assert [each for each in there if each not in found and each not in plurals] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_names_the_same_values_and_has_no_figure_of_its_own(language: str) -> None:
    for entry in catalogue(language):
        assert not entry.fuzzy, entry.id
        for english, said in forms(entry):
            assert sorted(PLACEHOLDER.findall(said)) == sorted(PLACEHOLDER.findall(english)), english
            assert figure(PLACEHOLDER.sub(" ", said)) is None, english
            if english[0] not in ":;":
                assert (said[0].isspace(), said[-1].isspace()) == (english[0].isspace(), english[-1].isspace()), english


def test_french_is_set_as_french_is() -> None:
    """Spaces that do not break before a colon and, narrow, before ; ? and !; curved apostrophes."""
    for entry in catalogue("fr"):
        for _, said in forms(entry):
            assert not re.search(r"(?<!\u00a0):|(?<!\u202f)[;?!]|'", said), said


def test_a_sentence_without_a_translation_is_said_in_english() -> None:
    assert translated("fr", "No catalogue has this.") == "No catalogue has this."
    assert translated("xx", "Show") == "Show", "a language that was spoken once, and whose file is gone"
    assert moment(AT, Reader("UTC", "xx")) == "Tue 20 Jan 16:30 UTC"


def test_every_part_of_a_message_is_in_the_readers_language() -> None:
    made = message(
        ANN,
        say("There is no case {case}.", case=Count(7)),
        Table((("Status", say("new")), ("With", Person("Sam", "support desk")))),
        Gauge(50, say("{left} left", left=Count(2))),
        Quote(Person("Cora", "concierge"), "Hello", internal=True),
        (Row(say("nobody yet"), Choice(say("Show"), "show 7")),),
        (Choice(say("Help"), "help"),),
    )
    assert [type(part) for part in made.parts] == [Text, Facts, Bar, Quote, Items, Buttons]
    assert plain(made).replace("\u00a0", " ") == (
        "Il n’y a pas de dossier 7.\nÉtat : nouveau\nResponsable : Sam (centre d’assistance)\nil reste 2\n"
        "Cora (concierge) [interne] :\n> Hello\n- personne pour l’instant [Afficher]\n[Aide]"
    )
    assert made.parts[-1] == Buttons((Button("Aide", "help"),)), "lines stay lines"


@pytest.mark.parametrize(("n", "said"), [(0, "0 dossier ouvert"), (1, "1 dossier ouvert"), (2, "2 dossiers ouverts")])
def test_the_form_goes_with_the_number(n: int, said: str) -> None:
    made = message(ANN, several("The desk has {n} open case", "The desk has {n} open cases", n))
    assert plain(made) == f"Le centre d’assistance a {said}"


def test_english_has_its_two_forms_too() -> None:
    sam = Actor(2, "Sam", Role.AGENT, None, "UTC")
    made = [
        plain(message(sam, several("The desk has {n} open case", "The desk has {n} open cases", n))) for n in (1, 2)
    ]
    assert made == ["The desk has 1 open case", "The desk has 2 open cases"]


@pytest.mark.parametrize(
    ("zone", "there", "label", "said"),
    [
        ("America/Toronto", "America/New_York", "ET", "mar. 20 janv. 11 h 30 HE"),
        ("Europe/London", "America/New_York", "ET", "mar. 20 janv. 11 h 30 HE (16 h 30 Londres)"),
        ("Asia/Tokyo", "America/New_York", "ET", "mar. 20 janv. 11 h 30 HE (mer. 01 h 30 Tokyo)"),
        ("Europe/London", "Asia/Kolkata", "Office", "mar. 20 janv. 22 h 00 Office (16 h 30 Londres)"),
        ("America/New_York", "", "", "mar. 20 janv. 11 h 30 New York"),
        ("UTC", "", "", "mar. 20 janv. 16 h 30 UTC"),
    ],
)
def test_moments(zone: str, there: str, label: str, said: str) -> None:
    assert moment(AT, Reader(zone, "fr"), there, label) == said


def test_amounts_and_figures() -> None:
    amounts = [money(Decimal(amount), "$", "fr") for amount in ("1434.00", "0.50", "225")]
    assert amounts == ["1\u00a0434\u00a0$", "0,50\u00a0$", "225\u00a0$"]
    assert (percent(75, "fr"), count(12345, "fr")) == ("75\u00a0%", "12\u00a0345")
    assert either(("Teams", "Slack"), "fr") == "Teams ou Slack"
    spelt = [
        duration(minutes, business, "fr") for minutes, business in ((240, True), (60, False), (90, True), (1, True))
    ]
    assert spelt == ["4 heures ouvrables", "1 heure", "1\u00a0h\u00a030 de temps ouvrable", "1 minute ouvrable"]


def test_what_was_owed_before_there_were_languages_still_reads() -> None:
    kept = {"parts": [{"kind": "text", "spans": ["Hello"], "style": "normal"}], "zone": "UTC"}
    assert from_json(kept) == Message((Text(("Hello",)),))


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_knows_its_habits_and_its_name(language: str) -> None:
    assert locale(language) is not None
    assert called(language) not in ("", "English")
    assert Moment(AT).at == AT


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("statut 1042", "status 1042"),
        ("Statut du dossier", "status du dossier"),
        ("/répondre 1042 Rien ne va", "/reply 1042 Rien ne va"),
        ("/case rouvrir 1042", "/case reopen 1042"),
        ("ouvrir un dossier: le formulaire est brisé", "open case: le formulaire est brisé"),
        ("pas résolu 1042 le dossier reste vide", "not-solved 1042 le dossier reste vide"),
        ("Mes dossiers", "cases"),
        ("en français", "language fr"),
        ("aider les autres", "aider les autres"),
        ("Le formulaire ne s’ouvre pas", "Le formulaire ne s’ouvre pas"),
        ("status 1042", "status 1042"),
    ],
)
def test_lines_are_understood_in_french_and_words_stay_as_they_are(typed: str, line: str) -> None:
    assert spoken.line(typed) == line


@pytest.mark.parametrize(
    ("typed", "answer"), [("Oui", "yes"), ("élevée", "high"), ("passer", "skip"), ("ouistiti", "ouistiti")]
)
def test_answers_are_understood_in_french(typed: str, answer: str) -> None:
    assert spoken.answer(typed) == answer
