"""Any message whatsoever, made of what could be mark-up in Teams."""

import re

from hypothesis import strategies as st

from tests.adapters.anything import anything as any_of
from tests.adapters.anything import long_of, short_of
from tests.adapters.anything import sensible as sensible_of

NASTY = [
    *("{{DATE(2026-01-19T18:00:00Z, SHORT)}}", "{{TIME(2026-01-19T18:00:00Z)}}", "{", "{", "}", "DATE(", "$", "${x}"),
    *(
        "<at>Cora</at>",
        "<",
        "at>",
        "</at>",
        "<b>",
        "&amp;",
        "&",
        "[x](https://evil.example)",
        "[x",
        "](",
        "]:",
        ")",
        "![",
    ),
    *("*", "**", "_", "~~", "`", "```", "# ", "1. ", "- ", "+ ", "> ", "|", "\\", "---", "www.evil.example", "://"),
    *(" ", "    ", "\n", "\n\n", "\r\n", "\t", "\u2028", "\u200b", "\x01", "🧯", "👩‍🚒", "é", "漢字", "“", "’"),
    *("word", "Ann", "1042", "(", ":", ",", ".", "/", "https://x.com/_a~", "ann@example.com", '"', "'", "£"),
]
short = short_of(NASTY)
long = long_of([unit for unit in NASTY if unit != "!["])  # slow to check
words = st.one_of(short, short, short, short, short, long)
anything = any_of(words, short, words.map(lambda text: re.sub("</?at>", "", text)))
sensible = sensible_of(words, short)
