// Keeps an open conversation up to date: asks for it again whenever the server says that something is new there.
const lines = document.getElementById("lines");

async function refresh() {
  const answer = await fetch(lines.dataset.part, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return window.location.reload();
  const old = lines.children.length;
  lines.innerHTML = await answer.text();
  if (lines.children.length > old) lines.lastElementChild?.scrollIntoView({ block: "end" });
}

if (lines && window.EventSource) {
  const stream = new EventSource(`${lines.dataset.live}&since=${lines.dataset.since}`);
  stream.onmessage = refresh;
  window.addEventListener("pagehide", () => stream.close());
  lines.lastElementChild?.scrollIntoView({ block: "end" });
}

document.querySelector(".composer textarea")?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});
