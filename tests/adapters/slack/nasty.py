"""Any message whatsoever, made of what could be mark-up in Slack."""

from hypothesis import strategies as st

from tests.adapters.anything import anything as any_of
from tests.adapters.anything import long_of, short_of
from tests.adapters.anything import sensible as sensible_of

NASTY = [
    *("<!channel>", "<@U123>", "<https://x|y>", "&amp;", "&", "<", ">", ">>> ", "`", "```", "*", "_", "~", "|", "^"),
    *(
        " ",
        "\n",
        "\r\n",
        "\t",
        "\u2028",
        "\u200b",
        "🧯",
        "👩‍🚒",
        "é",
        "漢字",
        "＊",
        "｀",
        ":fire:",
        "https://x.com/_a~",
        "…",
    ),
    *("word", "Ann", "1042", "(", ")", "- ", "[x]", "{time}", "@here", "#general", '"', "'", "\\"),
]
short = short_of(NASTY)
words = st.one_of(short, short, short, long_of(NASTY))
anything = any_of(words, short, words)
sensible = sensible_of(words, short)
