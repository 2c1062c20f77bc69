"""How figures, amounts and times are written in each language, the same on every channel."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.languages import counted, locale, translated
from bot.messages import ENGLISH, Reader

HOURS = {False: ("{n} hour", "{n} hours"), True: ("{n} business hour", "{n} business hours")}
MINUTES = {False: ("{n} minute", "{n} minutes"), True: ("{n} business minute", "{n} business minutes")}

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def count(number: int, language: str = ENGLISH) -> str:
    there = locale(language)
    if there is None:
        return str(number)
    from babel.numbers import format_decimal

    return format_decimal(number, locale=there)


def percent(number: int, language: str = ENGLISH) -> str:
    there = locale(language)
    if there is None:
        return f"{number} %"
    from babel.numbers import format_percent

    return format_percent(Decimal(number) / 100, locale=there)


def money(amount: Decimal, sign: str, language: str = ENGLISH) -> str:
    """With the sign that the catalogue prints, where the language puts it; cents only where there are any."""
    there = locale(language)
    if there is None:
        return f"{sign}{amount:,.2f}".removesuffix(".00")
    from babel.numbers import format_decimal

    pattern = there.currency_formats["standard"]
    written = format_decimal(amount, "#,##0" if amount == int(amount) else "#,##0.00", locale=there)
    return f"{pattern.prefix[0]}{written}{pattern.suffix[0]}".replace("¤", sign)


def octets(many: int, language: str = ENGLISH) -> str:
    """ "12 kB", "1.4 MB"."""
    large = many >= 1024 * 1024
    size = round(many / 1024 / 1024, 1) if large else max(1, round(many / 1024))
    there = locale(language)
    if there is None:
        written = str(size)
    else:
        from babel.numbers import format_decimal

        written = format_decimal(size, locale=there)
    return translated(language, "{n} MB" if large else "{n} kB").format(n=written)


def file(name: str, size: int | None, kind: str, language: str = ENGLISH) -> str:
    """ "screen.png (12 kB, image/png)"; what is not known of it is left out."""
    about = ", ".join(filter(None, (octets(size, language) if size is not None else "", kind)))
    return f"{name} ({about})" if about else name


def duration(minutes: int, business: bool = False, language: str = ENGLISH) -> str:
    hours, rest = divmod(minutes, 60)
    if hours and rest:
        plain, counted_in = "{hours} h {minutes} min", "{hours} h {minutes} min of business time"
        template = translated(language, counted_in) if business else translated(language, plain)
        return template.format(hours=hours, minutes=f"{rest:02}")
    return _several(HOURS[business], hours, language) if hours else _several(MINUTES[business], rest, language)


def moment(at: datetime, reader: Reader, there: str = "", label: str = "", year: bool = False) -> str:
    """In the reader's zone; a moment with a zone of its own in that first: "Mon 20 Jan 11:30 ET (16:30 London)"."""
    first, second = both(at, reader, there, label, year)
    return f"{first} ({second})" if second else first


def both(at: datetime, reader: Reader, there: str = "", label: str = "", year: bool = False) -> tuple[str, str]:
    """The same in its two halves; the second is empty where it would say nothing new."""
    zone, language = reader
    here = at.astimezone(ZoneInfo(zone))
    if not there:
        return f"{day(here, language, year)} {_city(zone, here, language)}", ""
    first = at.astimezone(ZoneInfo(there))
    said = f"{day(first, language, year)} {_label(there, label, language) or _city(there, first, language)}"
    if here.utcoffset() == first.utcoffset() or zone == "UTC":
        return said, ""
    other = "" if here.date() == first.date() else f"{_weekday(here, language)} "
    return said, f"{other}{_clock(here, language)} {_city(zone, here, language)}"


def day(at: datetime, language: str = ENGLISH, year: bool = False) -> str:
    """ "Mon 20 Jan 11:30", by the clock that ``at`` has; "Mon 20 Jan 2025 11:30" with its year."""
    found = locale(language)
    if found is None:
        return f"{at:%a} {at.day} {at:%b} {at.year} {at:%H:%M}" if year else f"{at:%a} {at.day} {at:%b %H:%M}"
    from babel.dates import format_skeleton

    return f"{format_skeleton('yMMMEd' if year else 'MMMEd', at, locale=found)} {_clock(at, language)}"


def date_(on: date, language: str = ENGLISH) -> str:
    """ "Wed 18 Feb 2026"."""
    found = locale(language)
    if found is None:
        return f"{on:%a} {on.day} {on:%b} {on.year}"
    from babel.dates import format_skeleton

    return str(format_skeleton("yMMMEd", on, locale=found))


def week(days: Mapping[str, Sequence[tuple[int, int]]], zone: str, label: str, language: str = ENGLISH) -> str:
    """ "Mon–Fri 8:00–18:00 ET": days with the same windows (minutes of the day) are named together."""
    groups: list[tuple[list[str], str]] = []
    for each, windows in days.items():
        hours = (f"{_hour(begins, language)}–{_hour(ends, language)}" for begins, ends in windows)
        spelt = f" {translated(language, 'and')} ".join(hours)
        if groups and groups[-1][1] == spelt:
            groups[-1][0].append(each)
        elif spelt:
            groups.append(([each], spelt))
    named = ("–".join(_named(each, language) for each in dict.fromkeys((days[0], days[-1]))) for days, _ in groups)
    said = ", ".join(f"{name} {spelt}" for name, (_, spelt) in zip(named, groups, strict=True))
    return f"{said} {_label(zone, label, language)}"


def either(words: Sequence[str], language: str = ENGLISH) -> str:
    """ "Teams or Slack"."""
    found = locale(language)
    if found is None:
        return " or ".join(words)
    from babel.lists import format_list

    return format_list(words, "or", locale=found)


def _several(forms: tuple[str, str], number: int, language: str) -> str:
    return counted(language, *forms, number).format(n=count(number, language))


def _clock(at: datetime, language: str) -> str:
    found = locale(language)
    if found is None:
        return f"{at:%H:%M}"
    from babel.dates import format_time

    return format_time(at, "short", locale=found)


def _hour(minute: int, language: str) -> str:
    if locale(language) is None:
        return f"{minute // 60}:{minute % 60:02}"
    return _clock(datetime(2000, 1, 1) + timedelta(minutes=minute), language)


def _named(day: str, language: str) -> str:
    """``mon`` as the catalogue's keys are."""
    found = locale(language)
    return day.title() if found is None else str(found.days["format"]["abbreviated"][DAYS.index(day)])


def _weekday(at: datetime, language: str) -> str:
    found = locale(language)
    if found is None:
        return f"{at:%a}"
    from babel.dates import format_date

    return format_date(at, "EEE", locale=found)


def _label(zone: str, label: str, language: str) -> str:
    """What the provider calls its zone; or what the language does ("HE" for "ET"), where it has a name as short."""
    found = locale(language)
    if not label or found is None:
        return label
    from babel.core import get_global

    meta = found.meta_zones.get(get_global("meta_zones").get(zone, ""), {})
    return str(meta.get("short", {}).get("generic") or label)


def _city(zone: str, at: datetime, language: str) -> str:
    if zone == "UTC" or at.tzinfo is UTC:
        return "UTC"
    found = locale(language)
    if found is None:
        return zone.rpartition("/")[2].replace("_", " ")
    from babel.dates import get_timezone_location

    return get_timezone_location(ZoneInfo(zone), locale=found, return_city=True)
