// Against a running system. E2E_WORKER is where its worker is, such as http://127.0.0.1:8787; E2E_INBOX is what lists the
// texts, such as http://127.0.0.1:4566/_ministack/sns/sms-messages.

import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import test from "node:test";
import { PasswordlessEdge, Problem } from "../dist/index.js";
import { MemoryStorage } from "./harness.mjs";

const { E2E_WORKER, E2E_INBOX } = process.env;
const skip = !(E2E_WORKER && E2E_INBOX) && "E2E_WORKER and E2E_INBOX are not set";

/** The code of the newest text to `phoneNumber`. All texts are read: a number does not belong into a URL. */
async function newestCode(phoneNumber) {
  for (const until = Date.now() + 20_000; Date.now() < until; ) {
    const { sms_messages: texts } = await (await fetch(E2E_INBOX)).json();
    const code = texts[phoneNumber]?.at(-1)?.Message.match(/\b(\d{6}) is your code/)?.[1];
    if (code) return code;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("no text came");
}

test("signing up, a wrong code, signing in, a call, a refresh and signing out", { skip }, async () => {
  const phoneNumber = `+1415555${randomInt(10_000).toString().padStart(4, "0")}`;
  const told = [];
  const storage = new MemoryStorage();
  const edge = new PasswordlessEdge({ url: E2E_WORKER, storage, onTokens: (tokens) => told.push(Boolean(tokens)) });
  const challenge = await edge.signUp(phoneNumber);
  const code = await newestCode(phoneNumber);
  const wrong = await edge.signIn(challenge, code === "000000" ? "000001" : "000000").catch((error) => error);
  assert.ok(wrong instanceof Problem, String(wrong));
  assert.deepEqual([wrong.code, wrong.status, wrong.challenge.ChallengeParameters.attempts_left], ["WRONG_CODE", 401, "2"]);
  assert.equal(wrong.challenge.ChallengeParameters.USERNAME, challenge.ChallengeParameters.USERNAME);
  assert.match(wrong.requestId, /^[0-9a-f-]{36}$/);
  const first = await edge.signIn(wrong.challenge, code);

  const called = await edge.call("/secured/call?color=red", { method: "POST", body: new URLSearchParams({ size: "3" }) });
  const { query, body, caller } = await called.json();
  assert.deepEqual([called.status, query, body], [200, { color: "red" }, { size: "3" }]);
  assert.equal(caller.username, challenge.ChallengeParameters.USERNAME);

  const duplicate = new PasswordlessEdge({ url: E2E_WORKER, storage: storage.copy() });
  const [second, same] = [await edge.refresh(), await duplicate.refresh()];
  assert.notEqual(second.AccessToken, first.AccessToken);
  assert.ok(same.AccessToken);
  assert.equal((await edge.call("/secured/call")).status, 200);

  await edge.signOut();
  assert.deepEqual([edge.tokens, told], [undefined, [true, true, false]]);
  const stale = new PasswordlessEdge({ url: E2E_WORKER, storage: new MemoryStorage(storage.items) });
  assert.equal(stale.tokens, undefined);
});

test("tokens that were signed out are refused, and forgotten when they are used", { skip }, async () => {
  const phoneNumber = `+1415556${randomInt(10_000).toString().padStart(4, "0")}`;
  const edge = new PasswordlessEdge({ url: E2E_WORKER });
  await edge.signIn(await edge.signUp(phoneNumber), await newestCode(phoneNumber));
  const copy = new MemoryStorage([[`passwordless-edge:${new URL(E2E_WORKER).origin}`, JSON.stringify(edge.tokens)]]);
  await edge.signOut();
  const thief = new PasswordlessEdge({ url: E2E_WORKER, storage: copy });
  await assert.rejects(thief.call("/secured/call"), { name: "Problem", code: "NOT_AUTHORIZED" });
  assert.equal(thief.tokens, undefined);
});

test("what the limits refuse says when to come back", { skip }, async () => {
  const phoneNumber = `+1415557${randomInt(10_000).toString().padStart(4, "0")}`;
  const edge = new PasswordlessEdge({ url: E2E_WORKER });
  await edge.signUp(phoneNumber);
  const limit = await edge.signUp(phoneNumber).catch((error) => error);
  assert.equal(limit.code, "TOO_MANY_REQUESTS");
  assert.ok(limit.retryAfter > 0 && limit.retryAfter <= 60, String(limit.retryAfter));
  assert.ok(Math.abs(limit.retryAt - Date.now() / 1000 - limit.retryAfter) < 5, String(limit.retryAt));
});
