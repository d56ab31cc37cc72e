// The access token: how long it lasts, and a new one when it does not.
import type { Tokens } from "passwordless-edge-client";

import { busyButton } from "../dom/busy_button";
import { element } from "../dom/element";
import type { ErrorLine } from "../dom/error_line";
import { endingWith } from "../dom/ending";
import { countDown } from "../dom/ticking";
import type { Page } from "../page";
import { retrying } from "../session/connection";

/** Between two renewals that nobody asked for, in milliseconds. */
const LEAST_PAUSE = 10_000;

export interface AccessToken {
  readonly root: HTMLElement;
  /** There are other tokens. */
  show(tokens: Tokens): void;
}

export function accessToken(page: Page, tokens: Tokens, error: ErrorLine, signal: AbortSignal): AccessToken {
  const { texts, formats } = page;
  const text = element("span", { class: "clock", role: "timer" });
  const button = busyButton(texts.signedIn.renew, { class: "link" });
  const retry = retrying(signal);
  let counting = endingWith(signal);
  let renewedAt = 0;

  function show({ ExpiresAt }: Tokens): void {
    counting.abort();
    counting = endingWith(signal);
    countDown(ExpiresAt, counting.signal, (left) => {
      text.textContent = left > 0 ? texts.signedIn.expiresIn(formats.clock(left)) : texts.signedIn.expired;
      // Tokens that are over as soon as they come must not make it ask for ever.
      if (left === 0 && Date.now() - renewedAt > LEAST_PAUSE) void renew();
    });
  }

  async function renew(): Promise<void> {
    if (button.isBusy) return;
    retry.cancel();
    error.clear();
    renewedAt = Date.now();
    try {
      await button.during(texts.signedIn.renewing, () => page.edge.refresh());
      page.announce(texts.signedIn.renewed);
    } catch (failure) {
      if (signal.aborted) return;
      const explanation = page.explain(failure, "session");
      error.show(explanation);
      if (explanation.isNetworkFailure) retry.whenOnline(() => void renew());
    }
  }

  button.root.addEventListener("click", () => void renew());
  show(tokens);
  return { root: element("p", { class: "state" }, text, button.root), show };
}
