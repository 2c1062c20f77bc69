"""Every dialog, one file each; this is the list."""

from bot.dialogs.dialog import Begin, Dialog
from bot.dialogs.how_do_i import HowDoI
from bot.dialogs.open_case import OpenCase
from bot.dialogs.unsure import Unsure
from bot.dialogs.which_case import WhichCase
from bot.dialogs.words import Words

DIALOGS: dict[str, type[Dialog]] = {dialog.name: dialog for dialog in (OpenCase, HowDoI, WhichCase, Words, Unsure)}

__all__ = ["DIALOGS", "Begin", "Dialog"]
