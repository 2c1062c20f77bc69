"""Mistakes in a catalogue are told all at once, each with its line."""

from pathlib import Path

import pytest

from catalogues import FOLDER
from rules.catalogue import load, load_folder, parse
from rules.toml_lines import Mistakes
from tests.rules.shipped import ACME, TERRASOFT

# Mistakes. Each row: what to replace, by what, where the mistake is then found, and what it says.
PER_USER = 'price_per_user = { first = 9.50, additional = "0.25"'
WRONG = [
    ('label = "Berlin"', 'lable = "Berlin"', "lable", "`hours.lable` is no key of a catalogue"),
    ('label = "Berlin"\n', "", "[hours]", "`hours.label` is missing"),
    ('title = "Acme Care"', "titel = 1", "titel", "`titel` is no key of a catalogue"),
    ("[facts]", "[fact.s]", "[fact.s]", "`fact` is no key of a catalogue"),
    ("features = ["'"A2"]', 'features = [\n"A1",\n"A9"]', '"A9"', "there is no clause A9"),
    ('["A1", "A3"]', '["A1",\n "W1"]', '"W1"', "there is no clause W1"),
    ("weather = [", 'weather = [\n"B1",', '"B1"', "there is no clause B1"),
    ("colour = [", "colour = []#", "colour", "`facts.colour`"),
    ('extends = "small"', 'extends = "tiny"', "extends", "there is no plan tiny to extend"),
    ('extends = "small"', 'extends = "big"', "extends", "the plan big extends itself: big -> big"),
    ('"13:00", "17:30"', '"11:59", "17:30"', "mon = ", "two windows of this day overlap"),
    ('"13:00", "17:30"', '"17:30", "13:00"', "mon = ", "ends before it begins"),
    ('"00:00", "24:00"', '"00:00", "24:01"', "sat = ", "24:01 is not a time of day"),
    ('"00:00", "24:00"', '"8", "24:00"', "sat = ", "8 is not a time of day"),
    ('"13:00", "17:30"', '"13:00", "13:00"', "mon = ", "ends before it begins"),
    ('"13:00", "17:30"', '"13:00", "15:00", "17:30"', "mon = ", "a window is a pair"),
    ('"00:00", "24:00"', '"00:60", "24:00"', "sat = ", "00:60 is not a time of day"),
    ('["00:00", "24:00"]', '"00:00-24:00"', "sat = ", "a window is a pair"),
    ("sat = [", "samstag = [", "samstag", "samstag"),
    (ACME[ACME.index("[hours.week]") : ACME.index("[terms_notice]")], "week = {}\n", "week", "no day has a window"),
    ("Europe/Berlin", "Europe/Berlim", "zone", "Europe/Berlim is not the name of a time zone"),
    ('"Europe/Berlin"', '"America"', "zone", "America is not the name of a time zone"),
    ("2027-01-01", '\n"2027-01-01"', '"2027-01-01"', "`hours.holidays.1`"),
    ("first = 9.50", "first = -9.50", "price_per_user", "`plans.small.price_per_user.first` must be 0 or more"),
    ("first = 9.50", "first = 9.505", "price_per_user", "decimal places"),
    ("first = 9.50", "first = nan", "price_per_user", "must be a number"),
    ("first = 9.50, ", "", "price_per_user", "`plans.small.price_per_user.first` is missing"),
    ("minutes = 600\n", "minutes = 0\n", "minutes = 0", "must be 1 or more"),
    ("minutes = 600\n", "minutes = true\n", "minutes = true", "whole number"),
    ('days = 30', 'days = "30"', 'days = "30"', "whole number"),
    ("critical = { minutes = 15", "urgent = { minutes = 15", "by_priority = { urgent", "urgent is not one of"),
    ("[plans.small.response]\nby_priority", "x = 1 #", "[plans.small]", "the plan small has no response target"),
    ("minutes = 600\n", 'minutes = 600\n[plans.odd]\nname = "Odd"\n[plans.x]\n', "[plans.odd]", "odd has no response"),
    ("[plans.small.response]\nby_priority", 'response = "unknown" #', "response = ", 'by_priority, or "not published"'),
    ("[plans.small.response]\nby_priority", "response = {} #", "response = ", 'by_priority, or "not published"'),
    ("effective = 2026-06-01", "effective = 2026-05-30", "effective = 2026-05-30", "30 days after they are published"),
    ("effective = 2026-06-01", "effective = 2026-06-01T00:00:00", "effective = 2026-06-01T", "must be a date"),
    ('version = "1"', 'version = "2"', 'version = "2"\npublished = 2025', "there are two versions 2"),
    ('tweak = { verdict = "excluded"', 'tweak = { verdict = "refused"', "tweak", "tweak.verdict` must be one of"),
    ("tweak = {", "gadget = {", "gadget", "`coverage.gadget` must be one of"),
    ('"excluded", clauses = ["A2"]', '"excluded"', "tweak", "a verdict needs the clauses it rests on"),
    ("up_to_minutes = 20\n", "", "[plans.big.coverage.tweak]", "`up_to_minutes` and `beyond` belong together"),
    ('"time_and_materials", clauses = ["A1"]', '"time_and_materials"', "beyond", "a verdict needs the clauses"),
    ("weather = [", "colour = [", 'colour = ["A2"', "`colour` is answered under [facts]"),
    ('rule = "nominated"', 'rule = "anybody"', "rule", "contacts.rule` must be one of 'nominated' or 'one_contact'"),
    ("[contacts]", "[contact]", "[contact]", "`contact` is no key of a catalogue"),
    ('name = "Big"', 'name = ""', 'name = ""', "`plans.big.name`"),
    ('id = "acme"', 'id = "Acme Inc/"', "id = ", "`id`"),
    ('A1 = "Red."', "A1 = 1", "A1 = 1", "`clauses.A1`"),
    ('name = "Big"', 'name = "Big"\nprice_of_licences = { percent = 5, clauses = ["A1"] }\n'
     'price_per_user = { first = 1, additional = 1, clauses = ["A1"] }', "price_of_licences", "big has two prices"),
    (PER_USER, "price_of_licences = { percent = 0", "price_of", "more than 0"),
    (PER_USER, "price_of_licences = { percent = 100.1", "price_of", "100 or less"),
    ('name = "Big"', "name = 3", "name = 3", "`plans.big.name` must be text in quotes"),
    ('rule = "nominated"', 'rule = "nominated"\ndeputy = 1', "deputy", "`contacts.deputy` must be true or false"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "at", "says"), WRONG)
def test_each_mistake_is_told_with_its_line(old, new, at, says):
    assert old in ACME
    text = ACME.replace(old, new, 1)
    with pytest.raises(Mistakes) as raised:
        parse(text, "acme.toml")
    line = text[: text.index(at)].count("\n") + 1
    told = [mistake.says.casefold() for mistake in raised.value.mistakes if mistake.line == line]
    assert any(says.casefold() in one for one in told), str(raised.value)


def test_all_mistakes_are_told_at_once_in_the_order_of_their_lines():
    text = ACME
    for old, new in [
        ('title = "Acme Care"', 'titel = "Acme Care"'),
        ("Europe/Berlin", "Europe/Berlim"),
        ('"13:00", "17:30"', '"11:00", "17:30"'),
        ("effective = 2026-06-01", "effective = 2026-05-02"),
        ('tweak = { verdict = "excluded", clauses = ["A2"] }', 'tweak = { verdict = "excluded", clauses = ["A7"] }'),
        ("weather = [", "colour = ["),
        ("first = 9.50", "first = -1"),
        ("[plans.small.response]\nby_priority", "#"),
        ('extends = "small"', 'extends = "huge"'),
        ("minutes = 15", "minutes = -15"),
        ("up_to_minutes = 20\n", ""),
    ]:
        text = text.replace(old, new, 1)
    with pytest.raises(Mistakes) as raised:
        parse(text, "acme.toml")
    wanted = ["`title` is missing", "`titel`", "Europe/Berlim", "overlap", "30 days", "A7", "colour", "target", "first"]
    wanted += ["huge", "minutes` must", "up_to_minutes"]
    says = [mistake.says for mistake in raised.value.mistakes]
    assert [next((word for word in wanted if word in one), one) for one in says] == wanted
    lines = [mistake.line for mistake in raised.value.mistakes]
    assert lines == sorted(lines)
    assert (
        str(raised.value).splitlines()[2]
        == "acme.toml:7: `hours.zone` is wrong: Europe/Berlim is not the name of a time zone."
    )


def test_a_circle_of_plans_is_told_for_each_of_them():
    text = ACME.replace('name = "Small"', 'name = "Small"\nextends = "big"')
    with pytest.raises(Mistakes) as raised:
        parse(text)
    says = [mistake.says for mistake in raised.value.mistakes]
    assert says == [
        "The plan small extends itself: small -> big -> small.",
        "The plan big extends itself: big -> small -> big.",
    ]


def test_a_target_without_hours_to_count_it_in_is_a_mistake():
    start, end = ACME.index("[hours]"), ACME.index("[terms_notice]")
    text = ACME[:start] + ACME[end:]
    with pytest.raises(Mistakes) as raised:
        parse(text)
    assert [mistake.line for mistake in raised.value.mistakes] == [
        text[: text.index(header)].count("\n") + 1 for header in ("[plans.small.response]", "[plans.big.response]")
    ]


def test_a_catalogue_without_times_is_one_that_says_so():
    start, end = ACME.index("[hours]"), ACME.index("[terms_notice]")
    text = ACME[:start] + ACME[end:]
    for plan in ("small", "big"):
        start, end = (
            text.index(f"[plans.{plan}.response]"),
            text.index("[plans.big" if plan == "small" else "[plans.big.c"),
        )
        text = text[:start] + 'response = "not published"\n' + text[end:]
    acme = parse(text)
    assert all(plan.target("critical") is None for plan in acme.plans.values())


@pytest.mark.parametrize("text", ["", "plans = 1", 'plans = {a = 1}\nclauses = 3\nterms = "x"\ndesk = []\nfacts = [1]'])
def test_a_text_that_is_no_catalogue_at_all_is_only_told_so(text):
    with pytest.raises(Mistakes):
        parse(text)


def test_the_mistakes_of_all_files_in_a_folder_are_told_together(tmp_path):
    (tmp_path / "a.toml").write_text("a = \n")
    (tmp_path / "b.toml").write_bytes(b"# ok\n# \xff\n")
    (tmp_path / "c.toml").write_text("\ufeff" + ACME, encoding="utf-8")
    (tmp_path / "d.toml").write_text(ACME, encoding="utf-8")
    with pytest.raises(Mistakes) as raised:
        load_folder(tmp_path)
    told = [(Path(mistake.file).name, mistake.line) for mistake in raised.value.mistakes]
    assert told == [("a.toml", 1), ("b.toml", 2), ("d.toml", 1)]
    assert "two files" in raised.value.mistakes[-1].says


def test_an_empty_folder_is_a_mistake(tmp_path):
    with pytest.raises(Mistakes, match="no catalogue"):
        load_folder(tmp_path)


def test_one_file_is_one_provider():
    assert list(load(FOLDER / "terrasoft.toml").plans) == list(TERRASOFT.plans)
