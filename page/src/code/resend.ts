// Another code: when that is allowed.
import { busyButton } from "../dom/busy_button";
import { element } from "../dom/element";
import { endingWith } from "../dom/ending";
import { countDown } from "../dom/ticking";
import type { HumanCheck } from "../human_check/human_check";
import type { Page } from "../page";
import { waitFor, type Explanation } from "../problems/explain";
import { retrying } from "../session/connection";
import { expiryOf, type PendingCode } from "../session/pending";
import { requestCode } from "../session/request_code";

export interface Resend {
  readonly root: HTMLElement;
}

/** A button that sends a new code to the same number, once the last one has expired and no limit is in the way. */
export function resend(
  page: Page,
  pending: PendingCode,
  check: HumanCheck,
  signal: AbortSignal,
  failed: (explanation: Explanation) => void,
): Resend {
  const { texts, formats } = page;
  const button = busyButton(texts.code.resend, { class: "secondary", "aria-disabled": "true" });
  const retry = retrying(signal);
  let counting = endingWith(signal);

  function allowAt(time: number): void {
    counting.abort();
    counting = endingWith(signal);
    countDown(time, counting.signal, (left) => {
      // Not `disabled`, which would take the focus from whoever has just pressed it.
      if (left > 0) button.root.setAttribute("aria-disabled", "true");
      else button.root.removeAttribute("aria-disabled");
      button.label(left > 0 ? texts.code.resendIn(formats.clock(left)) : texts.code.resend);
    });
  }

  async function send(): Promise<void> {
    if (button.root.getAttribute("aria-disabled") === "true") return;
    retry.cancel();
    try {
      const sent = await button.during(texts.code.resending, () => requestCode(page.edge, pending.phoneNumber, check, signal));
      if (sent !== undefined && !signal.aborted) page.enterCode(sent, texts.code.resent);
    } catch (failure) {
      if (signal.aborted) return;
      const wait = waitFor(failure, Date.now());
      if (wait !== undefined) {
        const resendAt = Date.now() + wait * 1000;
        const known = page.pending.read(Date.now());
        if (known !== undefined) page.pending.write({ ...known, resendAt });
        allowAt(resendAt);
      }
      const explanation = page.explain(failure, "signUp");
      failed(explanation);
      if (explanation.isNetworkFailure) retry.whenOnline(() => void send());
    }
  }

  button.root.addEventListener("click", () => void send());
  allowAt(Math.max(expiryOf(pending), pending.resendAt ?? 0));
  return { root: element("div", { class: "resend" }, button.root) };
}
