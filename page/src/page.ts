// What every view gets, and what a view is.
import type { PasswordlessEdge, TokenStorage, Tokens } from "passwordless-edge-client";

import type { Formats } from "./languages/formats";
import type { Texts } from "./languages/texts";
import type { Endpoint, Explanation } from "./problems/explain";
import type { PendingCode, PendingStore } from "./session/pending";

export interface Page {
  readonly texts: Texts;
  readonly formats: Formats;
  /** The browser's languages (BCP 47), the best first. */
  readonly languages: readonly string[];
  /** What outlives a reload, in this tab alone; memory where people forbid it. */
  readonly storage: TokenStorage;
  readonly edge: PasswordlessEdge;
  readonly pending: PendingStore;

  explain(error: unknown, endpoint: Endpoint): Explanation;
  /** Has screen readers read it out, when they are done with what they read. */
  announce(text: string): void;
  /** On to the code's step, with a code that was just sent, or is still good. */
  enterCode(pending: PendingCode, notice?: string): void;
  /** Back to the number's step. */
  changeNumber(): void;
}

export interface View {
  /** Of the document, before the app's name. */
  readonly title: string;
  readonly content: readonly HTMLElement[];
  /** What gets the focus when the view comes up by somebody's own doing. */
  readonly focus: HTMLElement;
  onTokens?(tokens: Tokens): void;
}

/** The one heading of a view. It takes the focus, so that screen readers read it when the step changes. */
export const HEADING = { tabindex: -1 };
