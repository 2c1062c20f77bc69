"""``supporthub catalogue``: for whoever writes a provider's plans and terms down."""

from pathlib import Path
from typing import Annotated

import typer

from app import command

app = typer.Typer(
    no_args_is_help=True, help="A provider's plans and terms. Example: supporthub catalogue check acme.toml"
)


@app.callback()
def _catalogue() -> None:
    """A provider's plans and terms: docs/catalogue.md. Example: supporthub catalogue check acme.toml"""


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Catalogues: docs/catalogue.md", exists=True, dir_okay=False)],
) -> None:
    """Say everything that is wrong in catalogues, with its line, and what may not be meant.

    Example: supporthub catalogue check catalogues/*.toml

    Exit status: 0 all can be used, 1 something is wrong, 2 wrong use. A warning is no mistake.
    """
    from rules.catalogue import Provider, advice, load_all
    from rules.toml_lines import Mistakes

    try:
        providers = load_all(files)
    except Mistakes as wrong:
        command.stop(str(wrong))

    def said(path: Path, provider: Provider) -> str:
        return f"{path}: {provider.name}, {len(provider.plans)} plans, {len(provider.clauses)} clauses: fine."

    for path, provider in zip(files, providers, strict=True):
        for warning in advice(path.read_text("utf-8-sig"), str(path)):
            typer.echo(f"{warning.file}:{warning.line}: warning: {warning.says}")
        typer.echo(said(path, provider))
