// The gateway as the page sees it: answers by fetch, news by WebSocket, and whether both still come.

const retry_first_ms = 1_000;
const retry_max_ms = 15_000;
/// The server closes a silent socket only after a minute; both chains speak far more often.
const silence_max_ms = 20_000;

/// What the gateway answered instead of what was asked for: `status` and a sentence.
export class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

export async function get(path) {
  const answer = await fetch(path, { headers: { Accept: "application/json" } });
  const body = await answer.json().catch(() => null);
  if (!answer.ok)
    throw new Problem(answer.status, body?.detail ?? `The gateway answered ${answer.status} to ${path}.`);
  return body;
}
/// As `get`, but nothing where the gateway knows nothing.
export const find = (path) =>
  get(path).catch((why) => {
    if (why instanceof Problem && (why.status === 404 || why.status === 400)) return null;
    throw why;
  });
export const items = async (path) => (await get(path)).items;

/// Follows the events and tells `on_event(event)`, `on_gap()` when some may have been missed and
/// everything has to be asked for again, and `on_link({state, retry_at_ms})`; `state` is live or lost.
export class EventLine {
  #handlers;
  #socket = null;
  #failures = 0;
  #timer = null;
  #heard_ms = 0;

  constructor(handlers) {
    this.#handlers = handlers;
    window.addEventListener("online", () => this.#socket ?? this.connect());
    setInterval(() => this.#check_silence(), 1_000);
  }

  connect() {
    clearTimeout(this.#timer);
    const address = new URL("/v1/events", location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    address.searchParams.set("topics", "heavy,fast,audits,jobs");
    const socket = new WebSocket(address);
    this.#socket = socket;
    this.#heard_ms = Date.now();
    socket.onopen = () => {
      this.#failures = 0;
      this.#handlers.on_link({ state: "live" });
      this.#handlers.on_gap();
    };
    socket.onmessage = (message) => this.#hear(JSON.parse(message.data));
    socket.onclose = () => this.#lose(socket);
  }

  #hear(event) {
    this.#heard_ms = Date.now();
    if (event.type === "lagged") this.#handlers.on_gap();
    else this.#handlers.on_event(event);
  }

  #check_silence() {
    const socket = this.#socket;
    if (!socket || Date.now() - this.#heard_ms <= silence_max_ms) return;
    socket.close();
    this.#lose(socket);  // a dead line would take long to close
  }

  #lose(socket) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    const wait_ms = Math.min(retry_max_ms, retry_first_ms * 2 ** this.#failures++);
    this.#handlers.on_link({ state: "lost", retry_at_ms: Date.now() + wait_ms });
    this.#timer = setTimeout(() => this.connect(), wait_ms);
  }
}
