// Runs soon, but at most once in `ms`, and once more after the last call. What `run` promises takes part
// in it: at most a tenth of the time is spent on that, as long as that makes it no more than five times rarer.
export function atMostEvery(ms: number, run: () => void | Promise<void>): () => void {
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
          pace = Math.min(Math.max(ms, 10 * (performance.now() - last)), 5 * ms);
        });
      },
      Math.max(0, last + pace - performance.now()),
    );
  };
}
