// Count-downs.

const SECOND = 1000;

/**
 * Calls `show` with the milliseconds that are left until `end` (Unix milliseconds): now, each time that a whole second has
 * gone by, and last with 0. Ends with `signal`.
 */
export function countDown(end: number, signal: AbortSignal, show: (left: number) => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tick = () => {
    clearTimeout(timer);
    if (signal.aborted) return;
    const left = Math.max(0, end - Date.now());
    show(left);
    // To the next change of the number shown, not a second from now: timers are late, and lateness would add up.
    if (left > 0) timer = setTimeout(tick, left % SECOND || SECOND);
    else document.removeEventListener("visibilitychange", tick);
  };
  // Browsers slow the timers of hidden pages down: be right as soon as somebody looks.
  document.addEventListener("visibilitychange", tick, { signal });
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  tick();
}
