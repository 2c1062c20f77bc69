"""The product as an operator runs it, stopped for a while: what was written meanwhile is a case when it runs again."""

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.app.test_command_line import run, running
from tests.app.test_serve_slack import DIRECTORY, played, said
from tests.slack.far import Far
from tests.slack.slack import Slack


def alive(desk: Path) -> datetime:
    with sqlite3.connect(desk) as rows:
        (kept,) = rows.execute("SELECT value FROM setting WHERE name = 'alive slack'").fetchone()
    return datetime.fromisoformat(kept)


async def test_a_message_to_a_stopped_desk_is_a_case_once_it_runs_again(tmp_path: Path) -> None:
    async with Far() as far:
        environment = played(far)
        (tmp_path / "desk.toml").write_text(DIRECTORY)
        imported = await asyncio.to_thread(run, tmp_path, "import", "desk.toml", **environment)
        assert imported.returncode == 0, imported.stderr
        with running(tmp_path, "serve", **environment) as (_, process):
            began = datetime.now(UTC)
            process.terminate()
            await asyncio.to_thread(process.wait, 15)
        desk = tmp_path / "supporthub.db"
        assert alive(desk) >= began, "it says so last of all"
        with sqlite3.connect(desk) as rows:  # the night goes by
            ago = (alive(desk) - timedelta(hours=9)).isoformat()
            rows.execute("UPDATE setting SET value = ? WHERE name = 'alive slack'", (ago,))
        far.clock = lambda: (began - timedelta(hours=3)).timestamp()
        wrote = await Slack(far, events=()).message("U0ANN", "U0ANN", "The quote form is broken")
        far.clock = lambda: datetime.now(UTC).timestamp()
        with running(tmp_path, "serve", **environment):
            await said(far, "U0ANN", "Thank you, Ann Lee. This is case #1001.")
        with sqlite3.connect(desk) as rows:
            ((received,),) = rows.execute("SELECT received_at FROM cases").fetchall()
        assert abs(datetime.fromisoformat(received).replace(tzinfo=UTC).timestamp() - float(wrote.ts)) < 1
        assert far.violations == []
