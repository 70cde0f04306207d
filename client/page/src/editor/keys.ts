// Keys come first. A picture takes a sixtieth of a second, and a key struck just after one has begun
// waits for the next; and whatever this computer does for what was typed takes time from drawing it. So
// while somebody types, all else is done right behind the picture of one of the keys, when nobody waits.

// Who typed so recently most likely goes on.
const kTypingMs = 300;
// So long at most does anything wait for the next key.
const kWaitMs = 90;

export class KeysFirst {
  private last = -Infinity;
  private drawing = false; // whether a key's picture is still to come
  private waiting: (() => void)[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  // A key has changed the text.
  typed(): void {
    this.last = performance.now();
    if (this.drawing) return;
    this.drawing = true;
    // A frame's callbacks run before it is painted, a message after it.
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        this.drawing = false;
        this.go();
      };
      port2.postMessage(null);
    });
  }

  // Runs it at once when nobody types, otherwise behind a key; in the order of the calls.
  soon(run: () => void): void {
    if (this.waiting.length === 0 && performance.now() - this.last > kTypingMs) return run();
    this.waiting.push(run);
    this.timer ??= setTimeout(() => this.go(), kWaitMs);
  }

  private go(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const waiting = this.waiting;
    this.waiting = [];
    for (const run of waiting) run();
  }
}
