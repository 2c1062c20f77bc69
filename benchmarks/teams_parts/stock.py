"""An environment for Microsoft's own adapters, which the project does not depend on."""

import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / ".tools" / "bench"
PYTHON = FOLDER / "bin" / "python"
PACKAGES = [
    "botbuilder-integration-aiohttp==4.17.1",
    "microsoft-agents-hosting-aiohttp==1.9.0",
    "microsoft-agents-authentication-msal==1.9.0",
    *(f"{shared}=={version(shared)}" for shared in ("aiohttp", "cryptography", "pyjwt", "yarl")),
]
"""With what both sides stand on in the same versions."""


def installed() -> bool:
    """Makes it where it is missing; says so, and why it cannot be."""
    wanted, made = "\n".join(PACKAGES), FOLDER / "packages"
    if made.exists() and made.read_text() == wanted:
        return True
    print(f"Installing {', '.join(PACKAGES)} into {FOLDER.relative_to(ROOT)}, for this benchmark alone.", flush=True)
    uv = next((str(each) for each in (ROOT / ".venv/bin/uv", ROOT / ".tools/bin/uv") if each.exists()), "uv")
    try:
        _run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(FOLDER))
        _run(uv, "pip", "install", "--quiet", "--python", str(PYTHON), *PACKAGES)
    except (OSError, subprocess.SubprocessError) as error:
        shutil.rmtree(FOLDER, ignore_errors=True)
        reason = (getattr(error, "stderr", "") or str(error)).strip().splitlines()[-1].strip()
        print(f"They cannot be installed here, so Microsoft's own adapters are left out: {reason}")
        return False
    made.write_text(wanted)
    return True


def _run(*command: str) -> None:
    settings = os.environ | {"UV_PYTHON_DOWNLOADS": "never"}
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=300, env=settings)
