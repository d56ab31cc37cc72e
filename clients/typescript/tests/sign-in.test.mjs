// Signing up and in, and what answers become.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import test from "node:test";
import { PasswordlessEdge, Problem, UnexpectedAnswer } from "../dist/index.js";
import { CODE, problem } from "./fake-worker.mjs";
import { gate, PHONE, signedIn, startWorker } from "./harness.mjs";

test("a code signs in, and the tokens are kept", async (t) => {
  const worker = await startWorker(t);
  const told = [];
  const edge = new PasswordlessEdge({ url: `${worker.url}/some/page?x=1`, onTokens: (tokens) => told.push(tokens) });
  assert.equal(edge.tokens, undefined);
  const challenge = await edge.signUp(PHONE, { turnstileToken: "t", deviceKey: "d" });
  assert.equal(challenge.ChallengeParameters.attempts_left, "3");
  assert.deepEqual(JSON.parse(worker.requests[0].body), { phone_number: PHONE, turnstile_token: "t", device_key: "d" });
  const before = Date.now();
  const tokens = await edge.signIn(challenge, CODE);
  assert.deepEqual(edge.tokens, tokens);
  assert.deepEqual(told, [tokens]);
  assert.ok(tokens.ExpiresAt >= before + 3_570_000 && tokens.ExpiresAt <= Date.now() + 3_570_000, "30 s in hand");
  assert.equal(worker.accepted.has(tokens.AccessToken), true);
});

test("what is not given is not sent", async (t) => {
  const worker = await startWorker(t);
  await new PasswordlessEdge({ url: worker.url }).signUp(PHONE);
  assert.deepEqual(JSON.parse(worker.requests[0].body), { phone_number: PHONE });
});

test("a wrong code is a problem with the next challenge, which the right code answers", async (t) => {
  const worker = await startWorker(t);
  const edge = new PasswordlessEdge({ url: worker.url });
  const challenge = await edge.signUp(PHONE);
  const wrong = await edge.signIn(challenge, "000000").catch((error) => error);
  assert.ok(wrong instanceof Problem && wrong instanceof Error);
  assert.deepEqual([wrong.status, wrong.code, wrong.title, wrong.name], [401, "WRONG_CODE", "Wrong code", "Problem"]);
  assert.deepEqual([wrong.message, wrong.requestId], [wrong.detail, "request-1"]);
  assert.deepEqual(Object.keys(wrong.challenge), ["Session", "ChallengeParameters"]);
  assert.equal(wrong.challenge.ChallengeParameters.USERNAME, challenge.ChallengeParameters.USERNAME);
  assert.equal(wrong.challenge.ChallengeParameters.attempts_left, "2");
  assert.equal(edge.tokens, undefined);
  await edge.signIn(wrong.challenge, CODE);
  assert.ok(edge.tokens);
});

test("only a wrong code has a next challenge", async (t) => {
  const worker = await startWorker(t);
  const edge = new PasswordlessEdge({ url: worker.url });
  const challenge = await edge.signUp(PHONE);
  await edge.signIn(challenge, CODE);
  await assert.rejects(edge.signIn(challenge, CODE), { name: "Problem", code: "NOT_AUTHORIZED", challenge: undefined });
});

test("a limit says when it ends", async (t) => {
  const worker = await startWorker(t);
  const limit = problem("TOO_MANY_REQUESTS", { retry_at: 1800000060, headers: { "retry-after": "42" } });
  worker.once("/sign_up", () => limit);
  await assert.rejects(new PasswordlessEdge({ url: worker.url }).signUp(PHONE), {
    code: "TOO_MANY_REQUESTS", status: 429, retryAt: 1800000060, retryAfter: 42, errors: undefined,
  });
});

test("wrong fields are named", async (t) => {
  const worker = await startWorker(t);
  const rejected = new PasswordlessEdge({ url: worker.url }).signUp("");
  await assert.rejects(rejected, {
    code: "INVALID_REQUEST",
    errors: [{ field: "phone_number", detail: "is required" }],
    retryAt: undefined,
    retryAfter: undefined,
  });
});

const page = { status: 502, headers: { "content-type": "text/html" }, body: "<h1>Bad gateway</h1>" };
const whole = { AccessToken: "a", IdToken: "i", RefreshToken: "r", ExpiresIn: 3600, TokenType: "Bearer" };
const json = { "content-type": "application/json" };
const signedInAnswer = (body) => ({ status: 200, headers: json, body });
const withTokens = (tokens) => signedInAnswer(JSON.stringify({ AuthenticationResult: { ...whole, ...tokens } }));
for (const [what, answer] of [
  ["a proxy's page", page],
  ["a page of a captive portal", { ...page, status: 200 }],
  ["JSON that ends too soon", signedInAnswer(JSON.stringify({ AuthenticationResult: whole }).slice(0, -5))],
  ["whole tokens with the status of a failure", { ...withTokens({}), status: 502 }],
  ["null", signedInAnswer("null")],
  ["no tokens", signedInAnswer("{}")],
  ["tokens without a refresh token", withTokens({ RefreshToken: undefined })],
  ["tokens without an end", withTokens({ ExpiresIn: "soon" })],
  ["a token that is no string", withTokens({ AccessToken: 1 })],
  ["a redirect", { status: 307, headers: { location: "/elsewhere" }, body: "" }],
  ["somebody else's problem", { ...problem("NOT_AUTHORIZED"), body: JSON.stringify({ type: "about:blank", status: 403 }) }],
  ["a problem that ends too soon", { ...problem("NOT_AUTHORIZED"), body: problem("NOT_AUTHORIZED").body.slice(0, -5) }],
]) {
  test(`an unexpected answer is told as one: ${what}`, async (t) => {
    const worker = await startWorker(t);
    const edge = new PasswordlessEdge({ url: worker.url });
    const challenge = await edge.signUp(PHONE);
    worker.once("/sign_in", () => answer);
    const error = await edge.signIn(challenge, CODE).catch((error) => error);
    assert.ok(error instanceof UnexpectedAnswer && !(error instanceof Problem), String(error));
    assert.deepEqual([error.status, error.name], [answer.status, "UnexpectedAnswer"]);
    assert.equal(edge.tokens, undefined);
    assert.equal(worker.count("/elsewhere"), 0);
  });
}

test("a challenge that lacks its user or session is unexpected", async (t) => {
  const worker = await startWorker(t);
  const edge = new PasswordlessEdge({ url: worker.url });
  const user = { USERNAME: "u" };
  for (const answer of [{}, { Session: "s" }, { Session: "s", ChallengeParameters: {} }, { ChallengeParameters: user }]) {
    worker.once("/sign_up", () => ({ status: 201, headers: json, body: JSON.stringify(answer) }));
    await assert.rejects(edge.signUp(PHONE), { name: "UnexpectedAnswer", status: 201 });
  }
});

test("a network failure is fetch's own TypeError", async (t) => {
  const server = createServer();
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  await assert.rejects(new PasswordlessEdge({ url: `http://127.0.0.1:${port}` }).signUp(PHONE), TypeError);
  const worker = await startWorker(t);
  worker.once("/sign_up", () => "cut");
  await assert.rejects(new PasswordlessEdge({ url: worker.url }).signUp(PHONE), TypeError);
});

test("signing up and in can be aborted", async (t) => {
  const worker = await startWorker(t);
  const edge = new PasswordlessEdge({ url: worker.url });
  const challenge = await edge.signUp(PHONE);
  for (const [path, start] of [
    ["/sign_up", (signal) => edge.signUp(PHONE, { signal })],
    ["/sign_in", (signal) => edge.signIn(challenge, CODE, { signal })],
  ]) {
    const [abort, asked] = [new AbortController(), gate()];
    worker.once(path, () => (asked.open(), new Promise(() => {})));
    const rejected = assert.rejects(start(abort.signal), { name: "AbortError" }, path);
    await asked.opened;
    abort.abort();
    await rejected;
  }
  assert.equal(edge.tokens, undefined);
});

test("no error tells a number, a code or a token", async (t) => {
  const worker = await startWorker(t);
  const edge = await signedIn(worker);
  const secrets = [PHONE, CODE, "000000", ...Object.values(edge.tokens).filter((value) => value !== "Bearer").map(String)];
  const challenge = await edge.signUp(PHONE);
  worker.once("/sign_up", () => page);
  worker.once("/refresh_token", () => "cut");
  worker.once("/secured/call", () => problem("INVALID_TOKEN"));
  const stream = { method: "POST", body: new Blob(["x"]).stream(), duplex: "half" };
  const errors = [];
  for (const fails of [
    () => edge.signUp(PHONE),
    () => edge.signIn(challenge, "000000"),
    () => edge.refresh(),
    () => edge.call("https://example.com/secured/call"),
    () => edge.call("/secured/call", stream),
  ]) {
    await assert.rejects(fails, (error) => errors.push(error) > 0);
  }
  for (const error of errors) {
    const { challenge: _, ...shown } = error;
    const text = `${error.message} ${error.stack} ${JSON.stringify(shown)}`;
    for (const secret of secrets) assert.ok(!text.includes(secret), error.name);
  }
});

test("a fetch of one's own is used, and not as a method", async (t) => {
  const worker = await startWorker(t);
  const seen = [];
  const edge = await signedIn(worker, {
    fetch: function (...request) {
      assert.equal(this, undefined);
      seen.push(String(request[0]));
      return fetch(...request);
    },
  });
  await edge.call("/secured/call");
  assert.deepEqual(seen, ["/sign_up", "/sign_in", "/secured/call"].map((path) => worker.url + path));
});
