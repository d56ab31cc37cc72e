// What was typed as a number: a reload shall not lose it.
import type { TokenStorage } from "passwordless-edge-client";

const KEY = "passwordless-edge-page:draft";

export interface Draft {
  readonly country: string;
  readonly text: string;
}

export function readDraft(storage: TokenStorage): Draft | undefined {
  try {
    const draft = JSON.parse(storage.getItem(KEY) ?? "") as Draft;
    return typeof draft.country === "string" && typeof draft.text === "string" ? draft : undefined;
  } catch {
    return undefined;
  }
}

export function writeDraft(storage: TokenStorage, draft: Draft): void {
  storage.setItem(KEY, JSON.stringify(draft));
}

export function clearDraft(storage: TokenStorage): void {
  storage.removeItem(KEY);
}
