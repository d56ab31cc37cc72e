// The one line of a form that says what is wrong.
import type { Explanation } from "../problems/explain";
import { element } from "./element";

export interface ErrorLine {
  readonly root: HTMLElement;
  /** A text alone is about what is in the field. */
  show(error: string | Explanation): void;
  clear(): void;
}

/**
 * Read out by screen readers when it changes, so it must be in the page before that. `field`, if there is one, is described
 * by it, and marked as wrong while what is in it is to blame. `requestIdLabel` comes before a request's id.
 */
export function errorLine(id: string, requestIdLabel: string, field?: HTMLInputElement): ErrorLine {
  const root = element("p", { id, class: "error", role: "alert" });
  const clear = () => {
    root.replaceChildren();
    field?.removeAttribute("aria-invalid");
  };
  return {
    root,
    clear,
    show(error) {
      clear();
      const { sentence, requestId, blamesInput } =
        typeof error === "string" ? { sentence: error, requestId: undefined, blamesInput: true } : error;
      root.append(element("span", {}, sentence));
      if (requestId !== undefined) {
        root.append(element("small", {}, `${requestIdLabel} `, element("code", { dir: "ltr" }, requestId)));
      }
      if (blamesInput) field?.setAttribute("aria-invalid", "true");
    },
  };
}
