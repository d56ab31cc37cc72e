// A call that needs a token, and what came back.
import { busyButton } from "../dom/busy_button";
import { element } from "../dom/element";
import type { ErrorLine } from "../dom/error_line";
import type { Page } from "../page";
import { retrying } from "../session/connection";
import { explainCacheStatus } from "./cache_status";

/** Yours to change: any path behind /secured/. */
const PATH = "/secured/call?color=red&color=blue";

export interface SecuredCall {
  readonly root: HTMLElement;
  call(): Promise<void>;
}

export function securedCall(page: Page, error: ErrorLine, signal: AbortSignal): SecuredCall {
  const texts = page.texts.signedIn;
  const button = busyButton(texts.callAgain, { class: "primary" });
  const status = element("p", { class: "cache-status", role: "status" });
  const result = element("strong");
  const answer = element("pre", { tabindex: 0, role: "region", "aria-label": texts.answer, dir: "ltr", hidden: true });
  const retry = retrying(signal);

  async function call(): Promise<void> {
    if (button.isBusy) return;
    retry.cancel();
    error.clear();
    try {
      await button.during(texts.calling, async () => {
        const response = await page.edge.call(PATH, { signal });
        const text = await response.text();
        const cache = explainCacheStatus(response.headers, page.texts);
        status.dataset["result"] = cache.result;
        status.textContent = cache.sentence;
        result.textContent = ` ${response.status}`;
        answer.textContent = readable(text);
        answer.hidden = false;
      });
    } catch (failure) {
      if (signal.aborted) return;
      forget();
      const explanation = page.explain(failure, "session");
      error.show(explanation);
      if (explanation.isNetworkFailure) retry.whenOnline(() => void call());
    }
  }

  /** An answer beside an error would look like the failed call's. */
  function forget(): void {
    delete status.dataset["result"];
    status.textContent = "";
    result.textContent = "";
    answer.textContent = "";
    answer.hidden = true;
  }

  button.root.addEventListener("click", () => void call());
  const root = element(
    "section",
    { class: "call", "aria-labelledby": "call" },
    element("h2", { id: "call" }, texts.call),
    element("p", { class: "request" }, element("code", { dir: "ltr" }, `GET ${PATH}`, result)),
    status,
    answer,
    error.root,
    button.root,
  );
  return { root, call };
}

/** JSON with line breaks; other text as it is. */
function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
