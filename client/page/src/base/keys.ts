// Keys come first. A picture takes a sixtieth of a second, and a key struck just after one has begun
// waits for the next; and whatever this computer does for what was typed takes time from drawing it. So
// while somebody types, all else is done right behind the picture of one of the keys, when nobody waits.

// Who typed so recently most likely goes on.
const kTypingMs = 300;
// So long at most does anything wait for the next key.
const kWaitMs = 90;

let last = -Infinity;
let drawing = false; // whether a key's picture is still to come
let waiting: (() => void)[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

function go(): void {
  clearTimeout(timer);
  timer = undefined;
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

// Runs it at once when nobody types, otherwise behind a key; in the order of the calls.
export function soon(run: () => void): void {
  if (waiting.length === 0 && performance.now() - last > kTypingMs) return run();
  waiting.push(run);
  timer ??= setTimeout(go, kWaitMs);
}
