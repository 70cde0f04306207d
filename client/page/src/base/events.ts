// What happens, as the program tells it: one stream that goes on where it was cut off. When too many
// tabs listen already, this one asks every few seconds instead.
import { headers, kRoot } from "./api";

export interface Listener {
  // An event, in order; `anew`: some were missed, look at everything again.
  hear(name: string, data: any): void;
  anew(): void;
  // Whether the program answers.
  alive(yes: boolean): void;
}

const kFirstWaitMs = 300;
const kLastWaitMs = 5000;
const kPollMs = 2000;

// Hears what happens after the event named.
export function listen(after: string, listener: Listener): void {
  void run(after, listener);
}

async function run(last: string, listener: Listener): Promise<never> {
  let wait = kFirstWaitMs;
  for (;;) {
    try {
      const response = await fetch(`${kRoot}/events?after=${encodeURIComponent(last)}`, { headers: headers() });
      if (response.status === 429) {
        last = await poll(last, listener);
        wait = kPollMs;
      } else if (response.ok && response.body) {
        listener.alive(true);
        wait = kFirstWaitMs;
        last = await read(response.body, last, listener, (id) => (last = id));
      } else {
        listener.alive(false);
        wait = Math.min(wait * 2, kLastWaitMs);
      }
    } catch {
      listener.alive(false);
      wait = Math.min(wait * 2, kLastWaitMs);
    }
    await new Promise((done) => setTimeout(done, wait));
  }
}

async function poll(last: string, listener: Listener): Promise<string> {
  const response = await fetch(`${kRoot}/events?poll=1&after=${encodeURIComponent(last)}`, { headers: headers() });
  const answer = await response.json();
  listener.alive(true);
  if (answer.anew) listener.anew();
  for (const event of answer.events) listener.hear(event.name, event.data);
  return answer.id;
}

async function read(
  body: ReadableStream<Uint8Array>,
  last: string,
  listener: Listener,
  keep: (id: string) => void,
): Promise<string> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return last;
    rest += value;
    for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
      last = take(rest.slice(0, end), listener) ?? last;
      keep(last);
      rest = rest.slice(end + 2);
    }
  }
}

function take(block: string, listener: Listener): string | undefined {
  const parts: Record<string, string> = {};
  for (const line of block.split("\n")) {
    const colon = line.indexOf(": ");
    if (colon > 0) parts[line.slice(0, colon)] = line.slice(colon + 2);
  }
  if (parts.event === "anew") listener.anew();
  else if (parts.event && parts.event !== "hello") listener.hear(parts.event, JSON.parse(parts.data ?? "null"));
  return parts.id;
}
