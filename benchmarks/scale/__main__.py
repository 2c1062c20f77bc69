"""What one case costs, and what a day of them does to the limits of Slack and Teams (python -m benchmarks.scale)."""

import asyncio

from benchmarks.databases import databases
from benchmarks.scale.day import Day, Limit, Outcome, Vendor, quantile
from benchmarks.scale.story import STORY, Costs, play

SLACK = Vendor("Slack", gap=1.0, burst=3.0, room=(), whole=(Limit(300, 60.0), Limit(50, 60.0, cards_only=True)))
"""One message a second in a channel, as our pace is; "several hundred a minute" in a workspace, read as 300; and
``chat.update``, of tier 3, at least 50 times a minute."""
TEAMS = Vendor(
    "Teams",
    gap=2.1,
    burst=12.6,
    room=(Limit(7, 1.0), Limit(8, 2.0), Limit(60, 30.0), Limit(1800, 3600.0)),
    whole=(Limit(50, 1.0),),
)
DAYS = (500, 1_000, 2_000, 3_000, 5_000, 10_000, 20_000)
DESKS = (1, 4, 16)
HEAD = (
    "",
    "cases a day",
    "desk rooms",
    "customers wait, s",
    "the desk waits, s",
    "cards lag, s",
    "redraws spared",
    "429s",
    "processor",
)
"""Waits: what 99 of 100 messages do not exceed."""


def told(name: str, costs: Costs) -> None:
    database = f", database's own {costs.database * 1e3:.1f} ms a case" if costs.database else ""
    print(
        f"{name}: {len(STORY)} acts and {costs.calls} messages a case; CPU {costs.turn * 1e3:.2f} ms an act, "
        f"{costs.send * 1e3:.2f} ms a message{database}; {costs.room / 1024:.1f} KiB a case"
    )


def row(vendor: Vendor, cases: int, desks: int, out: Outcome) -> str:
    waits = [f"{quantile(each, 0.99):.0f}" for each in (out.theirs, out.desk, out.cards)]
    cells = [vendor.name, f"{cases:,}", str(desks), *waits, f"{out.spared:,}", f"{out.refused:,}", f"{out.busiest:.0%}"]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    with databases() as found:
        measured = {each.name: asyncio.run(play(each)) for each in found}
    for name, each in measured.items():
        told(name, each)
    costs = measured["SQLite"]
    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}")
    for vendor in (SLACK, TEAMS):
        for desks in DESKS:
            for cases in DAYS:
                out = Day(vendor, cases, desks, costs.sent, costs.turn, costs.send).run()
                print(row(vendor, cases, desks, out), flush=True)
                if out.late:
                    break


if __name__ == "__main__":
    main()
