"""Where everything in a TOML text stands."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.toml_lines import Mistake, Mistakes, Path, read

DIRECTORY = '''# who is who
title = "a [b] # no comment"

[[account]]
name = "Northwind"
slug.short = "nw"
teams = [
    "t1",  # the first
    {id = "t2", tags = ["x",
        "y"]},[1],{},"z",
]

[[account.site]]
city = 'O"Hare'
notes = """
[not.a.table]
k = 1 and a \\""" and two more quotes"""""
after = """"""
past=1

[[account]]# [the second]
name = "Contoso"
"odd.key" = 1
since = 2026-01-01 08:00:00
[account.desk]# [[the desk]]
open = true
[a.b.c]
d = \'\'\'
\'\'\'\'\'
e = {}
[a]
f = [[], [1,
2]]'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 1),
        (("title",), 2),
        (("account",), 4),
        (("account", 0), 4),
        (("account", 0, "name"), 5),
        (("account", 0, "slug"), 6),
        (("account", 0, "slug", "short"), 6),
        (("account", 0, "teams"), 7),
        (("account", 0, "teams", 0), 8),
        (("account", 0, "teams", 1, "id"), 9),
        (("account", 0, "teams", 1, "tags", 1), 10),
        (("account", 0, "teams", 4), 10),
        (("account", 0, "site", 0), 13),
        (("account", 0, "site", 0, "city"), 14),
        (("account", 0, "site", 0, "notes"), 15),
        (("account", 0, "site", 0, "after"), 18),
        (("account", 0, "site", 0, "past"), 19),
        (("account", 1), 21),
        (("account", 1, "name"), 22),
        (("account", 1, "odd.key"), 23),
        (("account", 1, "since"), 24),
        (("account", 1, "desk"), 25),
        (("account", 1, "desk", "open"), 26),
        (("a", "b"), 27),
        (("a", "b", "c", "d"), 28),
        (("a", "b", "c", "e"), 30),
        (("a",), 31),
        (("a", "f", 0), 32),
        (("a", "f", 1, 1), 33),
    ],
)
def test_every_value_and_table_knows_its_line(path, line):
    assert read(DIRECTORY)[1].of(*path) == line


def test_what_is_missing_is_pointed_at_by_the_nearest_thing_around_it():
    lines = read(DIRECTORY)[1]
    assert lines.of("account", 1, "plan") == 21
    assert lines.of("account", 0, "teams", 1, "tags", 7) == 9
    assert lines.of("account", 9, "name") == 4
    assert lines.of("nothing", "like", "it") == 1


def test_windows_line_ends_count_once():
    assert read("a = 1\r\nb = '''\r\n\r\n'''\r\nc = 3\r\n")[1].of("c") == 5


def test_an_escaped_key_is_found_under_its_real_name():
    assert read('x = 1\n"\\u00e9t\\"e" = 2\n')[1].of('ét"e') == 2


def test_numbers_with_a_point_lose_no_cent():
    assert read("price = 0.1")[0] == {"price": Decimal("0.1")}


@pytest.mark.parametrize(
    ("text", "line", "about"),
    [
        ("a = 1\nb = \n", 2, "Invalid value"),
        ("a = 1\na = 2\n", 2, "overwrite"),
        ("a = 1\n\n[b\n", 3, "table"),
        ('a = 1\nb = """\n\n', 2, "Unterminated"),
        ("a = 1\nb = 2026-02-30\n", 2, "date"),
        ("n = " + "9" * 5000, 1, "digits"),
        ("n = 1e" + "9" * 20, 1, "TOML"),
        ("n = " + "[" * 5000, 1, "deeply"),
    ],
)
def test_a_text_that_is_not_toml_is_one_mistake_with_its_line(text, line, about):
    with pytest.raises(Mistakes) as raised:
        read(text, "people.toml")
    (mistake,) = raised.value.mistakes
    assert (mistake.line, mistake.file) == (line, "people.toml")
    assert about in mistake.says
    assert mistake.says.startswith("This is n")


def test_mistakes_read_one_a_line_in_the_order_of_the_files():
    found = Mistakes([Mistake(7, "No.", "b.toml"), Mistake(12, "Late.", "a.toml"), Mistake(3, "Early.", "a.toml")])
    assert str(found) == "a.toml:3: Early.\na.toml:12: Late.\nb.toml:7: No."


VALUES = st.recursive(
    st.sampled_from(["1", "-0.5", "true", '"[a] = {#"', "'''\n]\n'''", '"""\n\\"""\n"""', "2026-01-01", "''", '""']),
    lambda inner: st.lists(inner, max_size=4).map(lambda items: "[ # [\n" + ",\n".join(items) + "\n]"),
    max_leaves=8,
)


@given(st.lists(st.tuples(st.sampled_from(["[t{}]", "[[many]]", "# [x]", ""]), VALUES), max_size=12))
def test_the_line_of_every_key_is_where_it_was_written(parts):
    written: list[tuple[Path, int]] = []
    path: Path = ()
    text, lines, many = "", 1, 0
    for number, (header, value) in enumerate(parts):
        if header == "[[many]]":
            path, many = ("many", many), many + 1
        elif header == "[t{}]":
            path = (f"t{number}",)
        text += f"{header.format(number)}\nk{number} = {value}\n"
        written.append(((*path, f"k{number}"), lines + 1))
        lines += 2 + value.count("\n")
    found = read(text)[1]
    assert [(place, found.of(*place)) for place, _ in written] == written
