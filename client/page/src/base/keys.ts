// Keys come first. A picture takes a sixtieth of a second, and for three of them after the last one drawn a
// browser (Chromium 156) lets a key wait for the next; after that it draws at once. And whatever this
// computer does for what was typed takes time from drawing it. So while somebody types, all else is done
// right behind the picture of one of the keys: then nobody waits, and the next key is the furthest away.

// Who typed so recently most likely goes on.
const kTypingMs = 500;
// So long at most does anything wait for the next key, unless it says otherwise.
const kWaitMs = 250;

let last = -Infinity;
let drawing = false; // whether a key's picture is still to come
let waiting: (() => void)[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
let due = Infinity; // when the timer is up

function go(): void {
  clearTimeout(timer);
  due = Infinity;
  const list = waiting;
  waiting = [];
  for (const run of list) {
    try {
      run();
    } catch (error) {
      reportError(error); // the others are not held up by it
    }
  }
}

// A key has changed a text.
export function typed(): void {
  last = performance.now();
  if (drawing) return;
  drawing = true;
  // A frame's callbacks run before it is painted, a message after it.
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      drawing = false;
      go();
    };
    port2.postMessage(null);
  });
}

// Whether somebody is typing here.
export function typing(): boolean {
  return performance.now() - last <= kTypingMs;
}

// Runs it at once when nobody types, otherwise behind a key or after `most` ms; in the order of the calls.
export function soon(run: () => void, most = kWaitMs): void {
  if (waiting.length === 0 && !typing()) return run();
  waiting.push(run);
  const now = performance.now();
  if (now + most >= due) return;
  clearTimeout(timer);
  due = now + most;
  timer = setTimeout(go, most);
}
