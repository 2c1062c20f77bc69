"""What the server and many commands begin with: the store and the catalogues."""

from app.settings import Settings
from rules.catalogue import Catalogues, load_folder
from store.store import Store, open_store


async def open_house(settings: Settings) -> tuple[Store, Catalogues]:
    """The store, brought up to date, and the catalogues; raises Mistakes for all that is wrong in those."""
    catalogues = load_folder(settings.catalogues)
    store = open_store(settings.database_url.get_secret_value(), settings.database_pool)
    await store.migrate()
    return store, catalogues
