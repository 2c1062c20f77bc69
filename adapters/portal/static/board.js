// Keeps an open board or case up to date, and moves through the board's cases by keyboard. Without it both are read by reloading.
const news = document.getElementById("news");
const lost = document.getElementById("lost");
const SOON = 10_000; // milliseconds until a stream that broke for good is tried again
let stream;
let since = document.querySelector("[data-live]")?.dataset.since ?? "";
let fetching = false;
let again = false;

// Makes what stands there the same as what came, and touches nothing that is the same already: focus and reading stay.
function morph(old, now) {
  if (old.isEqualNode(now) || (old.nodeName === "FORM" && begun(old))) return;
  if (old.nodeType !== Node.ELEMENT_NODE) return (old.data = now.data);
  for (const { name } of [...old.attributes]) if (!now.hasAttribute(name) && !["open", "tabindex"].includes(name)) old.removeAttribute(name);
  for (const { name, value } of now.attributes) if (old.getAttribute(name) !== value && name !== "open") old.setAttribute(name, value);
  children(old, now);
}

// Each goes on as what it is: a row as its case, a button as its line. What came anew is put in, what is gone goes.
function children(old, now) {
  const rest = [...old.childNodes];
  const order = [...now.childNodes].map((it) => {
    const at = rest.findIndex((one) => same(one, it));
    if (at < 0) return it;
    const [mine] = rest.splice(at, 1);
    morph(mine, it);
    return mine;
  });
  const kept = rest.filter((it) => it.nodeType === Node.ELEMENT_NODE && [it, ...it.querySelectorAll("form")].some(begun));
  rest.filter((it) => !kept.includes(it)).forEach((it) => it.remove());
  let next = old.firstChild;
  for (const it of order) {
    while (kept.includes(next)) next = next.nextSibling;
    if (it === next) next = next.nextSibling;
    else old.insertBefore(it, next);
  }
}

function same(one, other) {
  return one.nodeType === other.nodeType && one.nodeName === other.nodeName && called(one) === called(other);
}

function called(it) {
  if (it.nodeType !== Node.ELEMENT_NODE) return "";
  const line = it.nodeName === "FORM" && it.querySelector("[name=line]");
  const title = it.nodeName === "DETAILS" && it.querySelector("summary");
  return it.id || it.dataset.case || it.dataset.line || (line && (line.id || line.getAttribute("value"))) || (title && title.textContent) || "";
}

// Whether somebody writes or chooses something in it, which nothing that comes may change.
function begun(it) {
  if (it.nodeName !== "FORM") return false;
  const fields = [...it.elements].filter((one) => one.matches("input:not([type=hidden]), textarea, select"));
  return fields.some((one) => one === document.activeElement || changed(one));
}

function changed(field) {
  if (field.type === "file") return field.files.length > 0;
  if (field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.nodeName !== "SELECT") return field.value !== field.defaultValue;
  return field.selectedIndex !== Math.max([...field.options].findIndex((one) => one.defaultSelected), 0);
}

// Where somebody was when what they were on moved, or is gone.
function place() {
  const held = document.activeElement;
  const row = held.closest?.("[data-case]");
  const [part, number, at] = [held.closest?.("[data-fresh]"), row?.dataset.case, opens().findIndex((link) => row?.contains(link))];
  return () => {
    if (document.activeElement === held) return;
    if (held.isConnected) return held.focus({ preventScroll: true });
    const there = document.querySelector(`[data-case="${number}"] .opens`) ?? (at < 0 ? part : opens()[Math.min(at, opens().length - 1)] ?? part);
    if (there === part) part?.setAttribute("tabindex", "-1");
    there?.focus({ preventScroll: true });
  };
}

function marks() {
  return new Map([...document.querySelectorAll("[data-case]")].map((row) => [row.dataset.case, row.dataset.mark]));
}

async function refresh() {
  if (fetching) return (again = true);
  fetching = true;
  try {
    const here = new URL(window.location.href);
    here.searchParams.set("part", "yes"); // which says that nobody looks, so that the session may end
    const answer = await fetch(here, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return (lost.hidden = false);
    show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    lost.hidden = false;
  } finally {
    fetching = false;
    if (again) {
      again = false;
      refresh();
    }
  }
}

function show(page) {
  const before = marks();
  const events = document.querySelectorAll(".timeline > li").length;
  const back = place();
  for (const part of document.querySelectorAll("[data-fresh]")) {
    const now = page.getElementById(part.id);
    if (now) morph(part, document.adoptNode(now));
  }
  back();
  const changed = [...marks()].filter(([number, mark]) => before.get(number) !== mark).map(([number]) => number);
  document.querySelectorAll("[data-case]").forEach((row) => row.classList.toggle("new", changed.includes(row.dataset.case)));
  const more = document.querySelectorAll(".timeline > li").length > events;
  if (changed.length || more) news.textContent = news.dataset.changed.replace("{cases}", changed.map((number) => `#${number}`).join(", "));
}

function listen() {
  const live = document.querySelector("[data-live]");
  if (!live || !window.EventSource) return;
  const there = new URL(live.dataset.live, window.location.href);
  there.searchParams.set("since", since);
  stream = new EventSource(there);
  stream.onopen = () => { lost.hidden = true; };
  stream.onmessage = (event) => {
    since = event.data;
    refresh();
  };
  stream.onerror = () => {
    lost.hidden = false;
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => document.visibilityState === "visible" && reopen(), SOON);
  };
}

function reopen() {
  stream?.close();
  listen();
}

// A page that nobody sees holds no line open.
document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? reopen() : stream?.close()));
window.addEventListener("pagehide", () => stream?.close());
listen();

function opens() {
  return [...document.querySelectorAll("[data-keys] .opens")];
}

function step(by) {
  const links = opens();
  const row = document.activeElement.closest?.("[data-case]");
  const at = links.findIndex((link) => row?.contains(link));
  links[at < 0 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
}

const KEYS = { j: 1, k: -1 };
const ARROWS = { ArrowDown: 1, ArrowUp: -1 };

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!document.querySelector("[data-keys]")) return;
  const filter = document.getElementById("q");
  if (event.target.closest("input, textarea, select")) {
    if (event.target === filter && event.key === "Escape") step(0);
    return;
  }
  const by = KEYS[event.key] ?? (event.target.matches(".opens") ? ARROWS[event.key] : undefined);
  if (by !== undefined) step(by);
  else if (event.key === "/") filter.select();
  else return;
  event.preventDefault();
});
