"""What a desk's audit of itself finds."""

from bot.verifying import Verification
from rules.verifying import Finding
from store.store import Store
from tests.world import CATALOGUES


async def findings(store: Store, catalogues=CATALOGUES) -> list[Finding]:
    return [finding async for finding in Verification(store, catalogues).all()]


async def differences(store: Store) -> list[str]:
    return [str(finding) for finding in await findings(store) if finding.wrong]
