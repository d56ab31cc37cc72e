import assert from "node:assert/strict";
import { test } from "node:test";

import { readDraft, writeDraft } from "../src/session/draft";
import { expiryOf, PendingStore, type PendingCode } from "../src/session/pending";

const RECEIVED = 1_800_000_000_000;

function pending(): PendingCode {
  // The server's clock is years away from this device's.
  const sms = { channel: "sms", destination: "+1••••••0006" } as const;
  const parameters = { USERNAME: "u", ...sms, code_length: "6", attempts_left: "3" } as const;
  return {
    phoneNumber: "+15005550006",
    challenge: { Session: "s", ChallengeParameters: { ...parameters, issued_at: "1000000000", expires_at: "1000000060" } },
    receivedAt: RECEIVED,
  };
}

function memory() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

test("a code lasts as long as the server says, counted from when the answer came", () => {
  assert.equal(expiryOf(pending()), RECEIVED + 60_000);
});

test("a pending code is kept, and forgotten some time after it has expired", () => {
  const store = new PendingStore(memory());
  store.write(pending());
  assert.deepEqual(store.read(RECEIVED), pending());
  assert.deepEqual(store.read(RECEIVED + 61_000), pending());
  assert.equal(store.read(RECEIVED + 3_600_000), undefined);
  store.clear();
  assert.equal(store.read(RECEIVED), undefined);
});

test("what is kept and broken is as if it were not there", () => {
  const whole = pending();
  const withParameters = (changes: object) => {
    const { challenge } = whole;
    return { ...whole, challenge: { ...challenge, ChallengeParameters: { ...challenge.ChallengeParameters, ...changes } } };
  };
  const partial = [
    withParameters({ USERNAME: undefined }),
    withParameters({ code_length: "none" }),
    withParameters({ code_length: "0" }),
    { ...whole, receivedAt: undefined },
    { ...whole, challenge: { Session: "s" } },
  ].map((value) => JSON.stringify(value));
  for (const text of ["", "null", "{}", '{"phoneNumber":1}', "not JSON", ...partial]) {
    const storage = { ...memory(), getItem: () => text };
    assert.equal(new PendingStore(storage).read(RECEIVED), undefined, text);
    assert.equal(readDraft(storage), undefined, text);
  }
});

test("a draft is kept", () => {
  const storage = memory();
  writeDraft(storage, { country: "DE", text: "0151" });
  assert.deepEqual(readDraft(storage), { country: "DE", text: "0151" });
});
