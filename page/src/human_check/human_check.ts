// Where a view shows the human check, if page/settings.json names a Turnstile site.
import { element } from "../dom/element";
import type { Texts } from "../languages/texts";
import { turnstileToken } from "./turnstile";

export interface HumanCheck {
  readonly root: HTMLElement;
  /** A fresh token: each is good once. Undefined if no check is set up. Throws HumanCheckFailed. */
  token(): Promise<string | undefined>;
}

export class HumanCheckFailed extends Error {
  override readonly name = "HumanCheckFailed";
}

export function humanCheck(texts: Texts, signal: AbortSignal): HumanCheck {
  const root = element("div", { class: "human-check", hidden: true });
  return {
    root,
    async token() {
      // The build knows the setting: without a site key it drops this branch, and Turnstile with it.
      if (SETTINGS.turnstileSiteKey !== "") {
        const widget = element("div");
        root.replaceChildren(element("p", { role: "status" }, texts.humanCheck.prompt), widget);
        root.hidden = false;
        try {
          return await turnstileToken(widget, SETTINGS.turnstileSiteKey, texts.tag, signal);
        } catch (error) {
          throw new HumanCheckFailed(texts.humanCheck.failed, { cause: error });
        } finally {
          root.hidden = true;
          root.replaceChildren();
        }
      }
      return undefined;
    },
  };
}
