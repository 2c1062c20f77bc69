"""What people are told when nobody heard them for a while."""

from datetime import datetime

from bot.messages import Message, Moment
from bot.wording import message, say
from rules.catalogue import Provider
from rules.people import Actor


def please_repeat(start: datetime, end: datetime, provider: Provider, reader: Actor) -> Message:
    hours = provider.hours
    zone = (hours.zone, hours.label) if hours else ()
    told = "I could not hear you from {start} to {end}. If you wrote anything then, please send it again."
    return message(reader, say(told, start=Moment(start, *zone), end=Moment(end, *zone)))
