// A code that was sent and not answered yet. It outlives a reload of the tab.
import type { Challenge, TokenStorage } from "passwordless-edge-client";

export interface PendingCode {
  /** E.164: to send another code to, and to show. */
  readonly phoneNumber: string;
  readonly challenge: Challenge;
  /** When the answer came, in Unix milliseconds of this device's clock, which may be wrong: used for spans only. */
  readonly receivedAt: number;
  /** When another code may be asked for, if that is later than the code's end. Likewise. */
  readonly resendAt?: number | undefined;
  /** No attempt is left, or the session was refused: only a new code helps. */
  readonly isUsedUp?: boolean | undefined;
}

const KEY = "passwordless-edge-page:pending";

/** For how long a code that has expired is still worth showing, in milliseconds: to send another to the same number. */
const WORTH_SHOWING = 15 * 60 * 1000;

/** When the code expires, in Unix milliseconds of this device: the server's span, counted from when its answer came. */
export function expiryOf({ challenge: { ChallengeParameters: parameters }, receivedAt }: PendingCode): number {
  const span = Number(parameters.expires_at) - Number(parameters.issued_at);
  return receivedAt + (Number.isFinite(span) ? span : 0) * 1000;
}

export class PendingStore {
  readonly #storage: TokenStorage;

  constructor(storage: TokenStorage) {
    this.#storage = storage;
  }

  /** `now`: Unix milliseconds. */
  read(now: number): PendingCode | undefined {
    const pending = parse(this.#storage.getItem(KEY));
    return pending !== undefined && now < expiryOf(pending) + WORTH_SHOWING ? pending : undefined;
  }

  write(pending: PendingCode): void {
    this.#storage.setItem(KEY, JSON.stringify(pending));
  }

  clear(): void {
    this.#storage.removeItem(KEY);
  }
}

function parse(text: string | null): PendingCode | undefined {
  try {
    const pending = JSON.parse(text ?? "") as PendingCode;
    const { phoneNumber, receivedAt, challenge } = pending;
    const { USERNAME, code_length: length } = challenge.ChallengeParameters;
    const areStrings = [phoneNumber, challenge.Session, USERNAME].every((value) => typeof value === "string");
    return areStrings && Number(length) > 0 && Number.isFinite(receivedAt) ? pending : undefined;
  } catch {
    return undefined;
  }
}
