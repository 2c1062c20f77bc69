"""What every command begins with and ends by: the settings, and an exit status with a sentence."""

import os
from typing import Any, NoReturn

import typer

from app.settings import Misconfigured, Mode, Settings, read

REFUSED, MISUSED, TRY_AGAIN = 1, 2, 75
"""Refused or found wrong; wrong use or configuration; not now."""
DEMO_DATABASE = "sqlite:///supporthub-demo.db"


def settings(demo: bool = False) -> Settings:
    """All that is wrong is told at once; the demo has a mode and a database of its own."""
    fixed: dict[str, Any] = {"mode": Mode.DEMO} if demo and "SUPPORTHUB_MODE" not in os.environ else {}
    if demo and not {"SUPPORTHUB_DATABASE_URL", "SUPPORTHUB_DATABASE_URL_FILE"} & set(os.environ):
        fixed["database_url"] = DEMO_DATABASE
    try:
        return read(**fixed)
    except Misconfigured as wrong:
        misused(wrong)


def misused(wrong: Misconfigured) -> NoReturn:
    stop("\n".join(wrong.sentences), MISUSED)


def stop(sentence: str, status: int = REFUSED) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(status)
