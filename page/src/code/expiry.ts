// How long the code is still good: for the eye each second, for the ear at sensible moments.
import { element } from "../dom/element";
import { countDown } from "../dom/ticking";
import type { Page } from "../page";
import { expiryOf, type PendingCode } from "../session/pending";

/** Seconds before the end at which screen readers say how long is left. */
const SPOKEN = [30, 10];

export interface Expiry {
  readonly bar: HTMLElement;
  readonly text: HTMLElement;
}

/** Counts down until the code expires; `expired` is called then, also if that was before. */
export function expiry(page: Page, pending: PendingCode, signal: AbortSignal, expired: () => void): Expiry {
  const { texts, formats } = page;
  const end = expiryOf(pending);
  // One flat line of time. It only repeats what the text says.
  const bar = element("div", { class: "time-bar", "aria-hidden": "true" }, element("div"));
  const text = element("span", { class: "clock", role: "timer" });
  const start = pending.receivedAt;
  // By CSSOM, which `style-src 'self'` allows; a style attribute in markup would need 'unsafe-inline'.
  bar.style.setProperty("--span", `${end - start}ms`);
  bar.style.setProperty("--elapsed", `${start - Date.now()}ms`);
  let before = Infinity;
  countDown(end, signal, (left) => {
    text.textContent = left > 0 ? texts.code.goodFor(formats.clock(left)) : texts.code.expired;
    const moment = SPOKEN.find((seconds) => left > 0 && left <= seconds * 1000 && before > seconds * 1000);
    if (moment !== undefined && before !== Infinity) page.announce(texts.code.secondsLeft(moment));
    before = left;
    if (left > 0) return;
    bar.hidden = true;
    expired();
  });
  return { bar, text };
}
