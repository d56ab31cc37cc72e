// What signing out ends, and when tokens are forgotten.

import assert from "node:assert/strict";
import test from "node:test";
import { problem } from "./fake-worker.mjs";
import { gate, signedIn, startWorker } from "./harness.mjs";

test("signing out sends the refresh token along and forgets all", async (t) => {
  const worker = await startWorker(t);
  const told = [];
  const edge = await signedIn(worker, { onTokens: (tokens) => told.push(tokens?.AccessToken) });
  const { AccessToken, RefreshToken } = edge.tokens;
  await edge.signOut();
  const { body, headers } = worker.requests.at(-1);
  assert.deepEqual(JSON.parse(body), { refresh_token: RefreshToken, everywhere: false });
  assert.equal(headers.authorization, `Bearer ${AccessToken}`);
  assert.equal(edge.tokens, undefined);
  assert.deepEqual(told, [AccessToken, undefined]);
  await edge.signOut();
  assert.equal(worker.count("/sign_out"), 1);
});

test("everywhere is asked for when it is meant", async (t) => {
  const worker = await startWorker(t);
  const edge = await signedIn(worker);
  await edge.signOut({ everywhere: true });
  assert.equal(JSON.parse(worker.requests.at(-1).body).everywhere, true);
});

test("with an access token that has expired it is renewed first, so that the newest refresh token is revoked", async (t) => {
  const worker = await startWorker(t);
  const edge = await signedIn(worker);
  const before = edge.tokens;
  worker.expireAccessTokens();
  await edge.signOut();
  assert.deepEqual([worker.count("/refresh_token"), worker.count("/sign_out")], [1, 2]);
  assert.notEqual(JSON.parse(worker.requests.at(-1).body).refresh_token, before.RefreshToken);
  assert.equal(edge.tokens, undefined);
});

test("who was signed out already is signed out", async (t) => {
  const worker = await startWorker(t);
  const edge = await signedIn(worker);
  for (let times = 0; times < 2; times++) worker.once("/sign_out", () => problem("INVALID_TOKEN"));
  await edge.signOut();
  assert.equal(edge.tokens, undefined);
  const other = await signedIn(worker);
  worker.expireAccessTokens();
  worker.once("/refresh_token", () => problem("NOT_AUTHORIZED"));
  await other.signOut();
  assert.equal(other.tokens, undefined);
});

test("who was signed out already is told when signing out everywhere: others may still be signed in", async (t) => {
  const worker = await startWorker(t);
  const edge = await signedIn(worker);
  worker.expireAccessTokens();
  worker.once("/refresh_token", () => problem("NOT_AUTHORIZED"));
  await assert.rejects(edge.signOut({ everywhere: true }), { name: "Problem", code: "NOT_AUTHORIZED" });
  assert.equal(edge.tokens, undefined);
  await assert.rejects(edge.signOut({ everywhere: true }), { name: "SignedOut" });
  const other = await signedIn(worker);
  for (let times = 0; times < 2; times++) worker.once("/sign_out", () => problem("INVALID_TOKEN"));
  await assert.rejects(other.signOut({ everywhere: true }), { name: "Problem", code: "INVALID_TOKEN" });
});

const portal = { status: 200, headers: { "content-type": "text/html" }, body: "<h1>Pay</h1>" };
for (const [what, answer, error] of [
  ["503", problem("UPSTREAM_UNAVAILABLE"), { code: "UPSTREAM_UNAVAILABLE" }],
  ["a page of a captive portal", portal, { name: "UnexpectedAnswer" }],
  ["a proxy's page", { status: 502, headers: {}, body: "" }, { name: "UnexpectedAnswer" }],
  ["a network failure", "cut", TypeError],
]) {
  test(`a sign-out that did not happen throws, keeps the tokens and can be repeated: ${what}`, async (t) => {
    const worker = await startWorker(t);
    const edge = await signedIn(worker);
    const before = edge.tokens;
    worker.once("/sign_out", () => answer);
    await assert.rejects(edge.signOut(), error);
    assert.deepEqual(edge.tokens, before);
    await edge.signOut();
    assert.equal(edge.tokens, undefined);
  });
}

test("a refresh that is under way is awaited, so that its tokens are signed out too", async (t) => {
  const worker = await startWorker(t);
  const edge = await signedIn(worker);
  const [asked, answered] = [gate(), gate()];
  worker.once("/refresh_token", async (_request, answer) => (asked.open(), await answered.opened, answer()));
  const refreshed = edge.refresh();
  await asked.opened;
  const signedOut = edge.signOut();
  answered.open();
  const tokens = await refreshed;
  await signedOut;
  assert.equal(JSON.parse(worker.requests.at(-1).body).refresh_token, tokens.RefreshToken);
  assert.equal(edge.tokens, undefined);
  assert.equal(worker.accepted.size, 0);
});

test("a refresh that ends after the sign-out does not bring tokens back", async (t) => {
  const worker = await startWorker(t);
  const edge = await signedIn(worker);
  const [signingOut, asked, answered] = [gate(), gate(), gate()];
  worker.once("/sign_out", async (_request, answer) => (signingOut.open(), await asked.opened, answer()));
  worker.once("/refresh_token", async (_request, answer) => {
    const renewed = answer();
    asked.open();
    await answered.opened;
    return renewed;
  });
  const signedOut = edge.signOut();
  await signingOut.opened;
  const refreshed = assert.rejects(edge.refresh(), { name: "SignedOut" });
  await signedOut;
  assert.equal(edge.tokens, undefined);
  answered.open();
  await refreshed;
  assert.equal(edge.tokens, undefined);
});
