// Instants as people read them: "Mon 20 Jan 11:30 ET (16:30 London)".

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAY = 24 * 3600_000;
const formats = new Map();

/** The wall clock of `zone` at an instant. A zone this browser does not know reads as UTC, and says so. */
export function wall(at, zone) {
  const parts = Object.fromEntries(format(zone).formatToParts(new Date(at)).map(({ type, value }) => [type, value]));
  return {
    weekday: parts.weekday,
    day: `${parts.weekday} ${Number(parts.day)} ${MONTHS[Number(parts.month) - 1]}`,
    time: `${parts.hour}:${parts.minute}`,
    hour: Number(parts.hour) % 12 || 12,
    minute: parts.minute,
    half: Number(parts.hour) < 12 ? "AM" : "PM",
    year: Number(parts.year),
    date: `${parts.year}-${parts.month}-${parts.day}`,
  };
}

function format(zone) {
  if (!formats.has(zone)) {
    try {
      formats.set(zone, new Intl.DateTimeFormat("en-GB", {
        timeZone: zone, weekday: "short", year: "numeric", month: "2-digit", day: "2-digit",
        hour: "2-digit", minute: "2-digit", hourCycle: "h23",
      }));
    } catch {
      return format("UTC");
    }
  }
  return formats.get(zone);
}

/** A Day, the same in every zone: "Wed 18 Feb 2026". */
export function date(on) {
  const { day, year } = wall(`${on}T00:00:00Z`, "UTC");
  return `${day} ${year}`;
}

/** "Jan 20, 2025", as vendors write a day; `zone` is the reader's. */
export function spelled(at, zone) {
  const { date: on, year } = wall(at, zone);
  const [, month, day] = on.split("-").map(Number);
  return `${MONTHS[month - 1]} ${day}, ${year}`;
}

/** "today" and the days beside it; nothing for any other. */
export function relative(at, now, zone) {
  const days = ["yesterday", "today", "tomorrow"];
  const [one, other] = [at, now].map((instant) => Date.parse(wall(instant, zone).date));
  return days[Math.round((one - other) / DAY) + 1];
}

/** "London" for Europe/London: how people name their zone when it has no label of its own. */
export function city(zone) {
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: zone });
  } catch {
    return "UTC";
  }
  return zone.split("/").at(-1).replaceAll("_", " ");
}

/**
 * A Moment in words, the same as plain() has them. In the reader's zone; with a zone of its own first in that one,
 * under its label, then the reader's in parentheses where the wall clocks differ. UTC stands for a reader unknown.
 */
export function moment({ at, zone, label }, readerZone) {
  const theirs = wall(at, readerZone);
  if (!zone) return `${theirs.day} ${theirs.time} ${city(readerZone)}`;
  const own = wall(at, zone);
  const first = `${own.day} ${own.time} ${label || city(zone)}`;
  const sameDay = own.date === theirs.date;
  if (city(readerZone) === "UTC" || (sameDay && own.time === theirs.time)) return first;
  return `${first} (${sameDay ? "" : `${theirs.weekday} `}${theirs.time} ${city(readerZone)})`;
}
