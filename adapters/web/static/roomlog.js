// What the page knows of the rooms' log: entries by key, the newest of each, in the order they were first kept.

/**
 * An entry: {key, room, thread, place, revision, entry}; `entry` is one of the shapes in entries.py. What this page
 * has sent and the server has not kept yet stands here too, with an endless place and revision 0.
 */
export class RoomLog {
  #entries = new Map();
  #watchers = new Set();
  #unkept = 0;
  revision = 0;

  /** Calls `watcher(entries)` with every entry that is new or changed, until the function it returns is called. */
  watch(watcher) {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Takes entries in from the server; those it has in a newer revision stay as they are. */
  take(entries) {
    const changed = entries.filter((entry) => (this.#entries.get(entry.key)?.revision ?? -1) < entry.revision);
    for (const entry of changed) {
      this.#entries.set(entry.key, entry);
      this.revision = Math.max(this.revision, entry.revision);
    }
    if (changed.length) this.#tell(changed);
  }

  /** Shows an act of this page's own before the server has kept it. */
  expect(key, room, thread, entry) {
    if (this.#entries.has(key)) return;
    const place = Number.MAX_SAFE_INTEGER - 1e6 + this.#unkept++;
    this.#entries.set(key, { key, room, thread, place, revision: 0, entry });
    this.#tell([this.#entries.get(key)]);
  }

  /** Takes back what the server refused; only what it never kept. */
  forget(key) {
    const entry = this.#entries.get(key);
    if (entry?.revision !== 0) return;
    this.#entries.delete(key);
    this.#tell([entry]);
  }

  /** Nothing changed in the entry itself, but in how its sending goes. */
  touch(key) {
    const entry = this.#entries.get(key);
    if (entry) this.#tell([entry]);
  }

  /** Whether something that was kept is missing from `entries`, all that the server has now. */
  lacks(entries) {
    const there = new Set(entries.map(({ key }) => key));
    return this.all(({ revision }) => revision > 0).some(({ key }) => !there.has(key));
  }

  find(key) {
    return this.#entries.get(key);
  }

  in(room) {
    return this.all((entry) => entry.room === room);
  }

  all(wanted = () => true) {
    return [...this.#entries.values()].filter(wanted).sort((a, b) => a.place - b.place);
  }

  #tell(entries) {
    for (const watcher of this.#watchers) watcher(entries);
  }
}
