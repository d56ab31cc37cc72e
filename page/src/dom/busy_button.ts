// A button that says what it is doing.
import { element } from "./element";

export interface BusyButton {
  readonly root: HTMLButtonElement;
  readonly isBusy: boolean;
  /** What it says when it does nothing. */
  label(label: string): void;
  /** Runs `work` unless some is running; meanwhile the button says `busyLabel`. */
  during<Result>(busyLabel: string, work: () => Promise<Result>): Promise<Result | undefined>;
}

export function busyButton(label: string, attributes: { readonly [name: string]: string }): BusyButton {
  const root = element("button", { type: "button", ...attributes }, label);
  let isBusy = false;
  return {
    root,
    get isBusy() {
      return isBusy;
    },
    label(newLabel) {
      label = newLabel;
      if (!isBusy) root.textContent = label;
    },
    async during(busyLabel, work) {
      if (isBusy) return undefined;
      isBusy = true;
      // Not `disabled`: that would take the focus away, and people who cannot see it would not know where they are.
      root.setAttribute("aria-disabled", "true");
      root.classList.add("busy");
      root.textContent = busyLabel;
      try {
        return await work();
      } finally {
        isBusy = false;
        root.removeAttribute("aria-disabled");
        root.classList.remove("busy");
        root.textContent = label;
      }
    },
  };
}
