// Offline and back.
import { endingWith } from "../dom/ending";

/** What is tried again when the connection is back: one thing at most. */
export interface Retry {
  /** Runs `work` once the browser is online again, in the place of what waited before. */
  whenOnline(work: () => void): void;
  cancel(): void;
}

/** Nothing is tried any more when `signal` has ended. */
export function retrying(signal: AbortSignal): Retry {
  let waiting = endingWith(signal);
  return {
    whenOnline(work) {
      waiting.abort();
      waiting = endingWith(signal);
      window.addEventListener("online", work, { once: true, signal: waiting.signal });
    },
    cancel() {
      waiting.abort();
    },
  };
}
