// The live line: every change as it is kept; after a break it goes on from the last revision seen.

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5000;

/**
 * Connects for good. `since()` says the last revision seen; `onFrame({run, now, entries})` takes each frame;
 * `onState("live" | "away")` follows the connection.
 */
export function connect({ since, onFrame, onState }) {
  let breaks = 0;

  const open = () => {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/play/live?since=${since()}`);
    socket.addEventListener("message", ({ data }) => {
      breaks = 0;
      onState("live");
      onFrame(JSON.parse(data));
    });
    socket.addEventListener("close", () => {
      onState("away");
      const pause = Math.min(FIRST_PAUSE * 2 ** breaks++, LONGEST_PAUSE);
      setTimeout(open, pause * (0.75 + Math.random() / 2));
    });
  };
  open();
}
