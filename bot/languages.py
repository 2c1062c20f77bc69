"""The languages that the bot speaks: English stands in the code, every other one in a gettext catalogue beside it."""

from collections.abc import Callable
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

from bot.firewall import figure, free_of_figures
from bot.messages import ENGLISH, Span, Spans

if TYPE_CHECKING:
    from babel import Locale

FOLDER = Path(__file__).parent / "text" / "locales"


@cache
def languages() -> tuple[str, ...]:
    """Those that can be chosen: ``fr`` is spoken because fr.po is there."""
    return (ENGLISH, *sorted(file.stem for file in FOLDER.glob("*.po")))


def translated(language: str, sentence: str) -> str:
    """The sentence in that language; in English where it has none: whoever waits for an answer gets one."""
    return sentence if language == ENGLISH or not sentence else _sound(_catalogue(language).gettext(sentence), sentence)


def counted(language: str, one: str, many: str, number: int) -> str:
    """The form that goes with the number: other languages have more than two, or use them otherwise."""
    if language == ENGLISH:
        return one if number == 1 else many
    return _sound(_catalogue(language).ngettext(one, many, number), one if number == 1 else many)


def spans(sentence: str, value: Callable[[str], Spans]) -> Spans:
    """The words of a sentence with the values that it names, where its own word order wants them."""
    found: list[Span] = []
    for words, name in _split(sentence):
        if words:
            found.append(words)
        if name:
            found += value(name)
    return tuple(found)


@cache
def locale(language: str) -> "Locale | None":
    """By whose habits figures and times are written: the catalogue's header says so (fr.po: those of fr_CA)."""
    if language not in languages() or language == ENGLISH:
        return None
    from babel import Locale  # what only speaks English pays nothing for it

    return Locale.parse(_catalogue(language).info()["language"])


def called(language: str) -> str:
    """By those who speak it."""
    found = locale(language)
    return "English" if found is None else str(found.languages[found.language])


def load() -> None:
    """All of them now, so that nobody's first sentence waits for its catalogue."""
    for language in languages():
        locale(language)


@cache
def _catalogue(language: str) -> NullTranslations:
    """Read from the text that translators edit. One whose file is gone is empty: its readers get English."""
    if language not in languages():
        return NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with (FOLDER / f"{language}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=None))
    compiled.seek(0)
    return GNUTranslations(compiled)


def _sound(said: str, english: str) -> str:
    """A translation that brings a figure of its own is not said."""
    return said if all(figure(words) is None for words, _ in _parsed(said)) else english


@cache
def _split(sentence: str) -> tuple[tuple[str, str | None], ...]:
    """Raises HoldsFigure."""
    return tuple((free_of_figures(words), name) for words, name in _parsed(sentence))


@cache
def _parsed(sentence: str) -> tuple[tuple[str, str | None], ...]:
    return tuple((words, name) for words, name, _, _ in Formatter().parse(sentence))
