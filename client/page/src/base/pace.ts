// Runs soon, but at most once in `ms`, and once more after the last call. What `run` promises takes part
// in it: at most a tenth of the time is spent on that, as long as it comes once in `most` ms all the same.
export function atMostEvery(ms: number, most: number, run: () => void | Promise<void>): () => void {
  let pace = ms;
  let last = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    if (timer !== undefined) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        last = performance.now();
        void Promise.resolve(run()).then(() => {
          pace = Math.min(Math.max(ms, 10 * (performance.now() - last)), most);
        });
      },
      Math.max(0, last + pace - performance.now()),
    );
  };
}

// Runs once it has not been called for `quiet` ms, and `most()` ms after the first call at the latest.
export function onceQuiet(quiet: number, most: () => number, run: () => void): () => void {
  let first = 0;
  let last = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    const now = performance.now();
    const left = Math.min(last + quiet, first + most()) - now;
    timer = left > 0 ? setTimeout(look, Math.min(left, quiet)) : undefined;
    if (!timer) run();
  };
  return () => {
    last = performance.now();
    if (timer) return;
    first = last;
    timer = setTimeout(look, quiet);
  };
}
