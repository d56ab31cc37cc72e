// Calls with the access token, and when it is renewed for them.

import assert from "node:assert/strict";
import test from "node:test";
import { PasswordlessEdge, Problem, SignedOut } from "../dist/index.js";
import { problem } from "./fake-worker.mjs";
import { gate, signedIn, startWorker } from "./harness.mjs";

test("a call carries the access token, and what it was given", async (t) => {
  const worker = await startWorker(t);
  const edge = await signedIn(worker);
  const headers = { "X-Trace": "1", authorization: "Bearer mine" };
  const response = await edge.call("/secured/call?a=1", { method: "POST", body: "text", headers });
  assert.equal(response.status, 200);
  assert.equal((await response.json()).body, "text");
  const { url, method, headers: sent } = worker.requests.at(-1);
  assert.deepEqual([url, method, sent["x-trace"]], ["/secured/call?a=1", "POST", "1"]);
  assert.equal(sent.authorization, `Bearer ${edge.tokens.AccessToken}`);
  assert.deepEqual(headers, { "X-Trace": "1", authorization: "Bearer mine" });
  await edge.call(new URL("/secured/call?b=2", worker.url));
  assert.equal(worker.requests.at(-1).url, "/secured/call?b=2");
});

test("the token goes to no other origin", async (t) => {
  const worker = await startWorker(t);
  const edge = await signedIn(worker, { fetch: (...request) => fetch(...request) });
  const { length } = worker.requests;
  const { port } = new URL(worker.url);
  for (const foreign of [
    "https://example.com/secured/call", "//example.com/secured/call", "\\\\example.com/secured/call", "data:,x",
    `http://localhost:${port}/secured/call`, `https://127.0.0.1:${port}/secured/call`, "http://127.0.0.1:1/secured/call",
    `http://127.0.0.1:${port}@example.com/`,
  ]) {
    await assert.rejects(edge.call(foreign), TypeError, foreign);
  }
  assert.equal(worker.requests.length, length);
});

test("a path that looks like another origin's is refused before anything else, without tokens too", async (t) => {
  const worker = await startWorker(t);
  await assert.rejects(new PasswordlessEdge({ url: worker.url }).call("//example.com/"), TypeError);
});

test("without tokens nothing is sent", async (t) => {
  const worker = await startWorker(t);
  const edge = new PasswordlessEdge({ url: worker.url });
  for (const start of [() => edge.call("/secured/call"), () => edge.refresh()]) {
    const error = await start().catch((error) => error);
    assert.ok(error instanceof SignedOut && error.name === "SignedOut");
  }
  await edge.signOut();
  assert.equal(worker.requests.length, 0);
});

test("an access token that has expired is renewed first", async (t) => {
  const worker = await startWorker(t);
  const edge = await signedIn(worker);
  const before = edge.tokens;
  t.mock.method(Date, "now", () => before.ExpiresAt - 1);
  await edge.call("/secured/call");
  assert.equal(worker.count("/refresh_token"), 0);
  Date.now.mock.mockImplementation(() => before.ExpiresAt);
  const response = await edge.call("/secured/call");
  assert.equal(response.status, 200);
  assert.deepEqual([worker.count("/refresh_token"), worker.count("/secured/call")], [1, 2]);
  assert.notEqual(edge.tokens.RefreshToken, before.RefreshToken);
});

test("tokens that live for seconds are not renewed all the time", async (t) => {
  const worker = await startWorker(t);
  worker.expiresIn = 20;
  const edge = await signedIn(worker);
  const left = edge.tokens.ExpiresAt - Date.now();
  assert.ok(left > 17_000 && left <= 18_000, `${left}`);
  await edge.call("/secured/call");
  assert.equal(worker.count("/refresh_token"), 0);
});

test("a refresh without rotation keeps the refresh token", async (t) => {
  const worker = await startWorker(t);
  const edge = await signedIn(worker);
  const { RefreshToken, AccessToken } = edge.tokens;
  worker.once("/refresh_token", (_request, answer) => {
    const whole = answer();
    const body = JSON.parse(whole.body);
    delete body.AuthenticationResult.RefreshToken;
    return { ...whole, body: JSON.stringify(body) };
  });
  const tokens = await edge.refresh();
  assert.deepEqual(tokens, edge.tokens);
  assert.equal(tokens.RefreshToken, RefreshToken);
  assert.notEqual(tokens.AccessToken, AccessToken);
});

for (const [what, body] of [
  ["nothing", undefined], ["an empty string", ""], ["a string", "text"], ["a form", new URLSearchParams({ a: "1" })],
  ["bytes", new TextEncoder().encode("text")], ["a buffer", new TextEncoder().encode("text").buffer],
  ["a blob", new Blob(["text"])],
]) {
  test(`a refused token is renewed and the call repeated once, with the same body: ${what}`, async (t) => {
    const worker = await startWorker(t);
    const edge = await signedIn(worker);
    worker.expireAccessTokens();
    const response = await edge.call("/secured/call", { method: "POST", ...(body !== undefined && { body }) });
    assert.equal(response.status, 200);
    assert.deepEqual([worker.count("/refresh_token"), worker.count("/secured/call")], [1, 2]);
    const [first, second] = worker.requests.filter(({ path }) => path === "/secured/call");
    assert.equal(second.body, first.body);
    assert.equal(second.headers["content-type"], first.headers["content-type"]);
  });
}

test("a form with a file is repeated too", async (t) => {
  const worker = await startWorker(t);
  const edge = await signedIn(worker);
  worker.expireAccessTokens();
  const body = new FormData();
  body.set("file", new Blob(["contents"]), "a.txt");
  await edge.call("/secured/call", { method: "POST", body });
  const sent = worker.requests.filter(({ path }) => path === "/secured/call");
  assert.equal(sent.length, 2);
  for (const request of sent) assert.match(request.body, /contents/);
});

async function* chunks() {
  yield new TextEncoder().encode("text");
}
for (const [what, stream] of [["a stream", () => new Blob(["text"]).stream()], ["an async iterable", chunks]]) {
  test(`${what} is not repeated, but the next call has a new token`, async (t) => {
    const worker = await startWorker(t);
    const edge = await signedIn(worker);
    worker.expireAccessTokens();
    const send = () => edge.call("/secured/call", { method: "POST", body: stream(), duplex: "half" });
    await assert.rejects(send(), { name: "Problem", code: "INVALID_TOKEN", status: 401 });
    assert.deepEqual([worker.count("/refresh_token"), worker.count("/secured/call")], [0, 1]);
    assert.equal((await (await send()).json()).body, "text");
    assert.deepEqual([worker.count("/refresh_token"), worker.count("/secured/call")], [1, 2]);
  });
}

test("a worker that refuses the new token too is asked no third time", async (t) => {
  const worker = await startWorker(t);
  const edge = await signedIn(worker);
  for (let times = 0; times < 3; times++) worker.once("/secured/call", () => problem("INVALID_TOKEN"));
  await assert.rejects(edge.call("/secured/call"), { code: "INVALID_TOKEN" });
  assert.deepEqual([worker.count("/refresh_token"), worker.count("/secured/call")], [1, 2]);
  await assert.rejects(edge.call("/secured/call"), { code: "INVALID_TOKEN" });
  assert.deepEqual([worker.count("/refresh_token"), worker.count("/secured/call")], [2, 3], "renewed before it, not after");
});

test("a call that learns of its token's end after it was renewed does not renew it again", async (t) => {
  const worker = await startWorker(t);
  const edge = await signedIn(worker);
  const [asked, late] = [gate(), gate()];
  worker.once("/secured/call", async () => (asked.open(), await late.opened, problem("INVALID_TOKEN")));
  const slow = edge.call("/secured/call");
  await asked.opened;
  await edge.refresh();
  late.open();
  assert.equal((await slow).status, 200);
  assert.deepEqual([worker.count("/refresh_token"), worker.count("/secured/call")], [1, 2]);
});

test("nor is a call repeated twice, even if others have renewed the token in between", async (t) => {
  const worker = await startWorker(t);
  const edge = await signedIn(worker);
  const [asked, late] = [gate(), gate()];
  worker.once("/secured/call", async () => (asked.open(), await late.opened, problem("INVALID_TOKEN")));
  const slow = edge.call("/secured/call");
  await asked.opened;
  await edge.refresh();
  worker.once("/secured/call", () => problem("INVALID_TOKEN"));
  late.open();
  await assert.rejects(slow, { code: "INVALID_TOKEN" });
  assert.deepEqual([worker.count("/refresh_token"), worker.count("/secured/call")], [1, 2]);
});

test("the worker's other problems are thrown, and nothing is repeated", async (t) => {
  const worker = await startWorker(t);
  const edge = await signedIn(worker);
  worker.once("/secured/call", () => problem("UPSTREAM_UNAVAILABLE", { headers: { "retry-after": "2" } }));
  const error = await edge.call("/secured/call").catch((error) => error);
  assert.ok(error instanceof Problem);
  assert.deepEqual([error.code, error.status, error.retryAfter], ["UPSTREAM_UNAVAILABLE", 503, 2]);
  assert.deepEqual([worker.count("/refresh_token"), worker.count("/secured/call")], [0, 1]);
});

for (const [what, answer] of [
  ["a 401", { status: 401, headers: { "content-type": "application/json" }, body: '{"error":"invalid_token"}' }],
  ["a page", { status: 500, headers: { "content-type": "text/html" }, body: "<h1>Oh</h1>" }],
  ["a problem", { ...problem("INVALID_TOKEN"), body: '{"type":"https://example.com/expired","code":"INVALID_TOKEN"}' }],
  ["JSON that quotes a problem", { ...problem("INVALID_TOKEN"), headers: { "content-type": "application/json" } }],
  ["a problem without a type", { ...problem("INVALID_TOKEN"), body: '{"code":"INVALID_TOKEN","status":401}' }],
  ["a problem that is no object", { ...problem("INVALID_TOKEN"), body: "null" }],
  ["a problem that is no JSON", { ...problem("INVALID_TOKEN"), body: "urn:passwordless-edge:problem:" }],
]) {
  test(`what the API behind answers is passed on, whatever it is: ${what}`, async (t) => {
    const worker = await startWorker(t);
    const edge = await signedIn(worker);
    worker.once("/secured/orders", () => answer);
    const response = await edge.call("/secured/orders");
    assert.ok(response instanceof Response);
    assert.deepEqual([response.status, await response.text()], [answer.status, answer.body]);
    assert.equal(response.url, `${worker.url}/secured/orders`);
    assert.deepEqual([worker.count("/refresh_token"), worker.count("/secured/orders")], [0, 1]);
  });
}

test("a refused refresh forgets the tokens and says so", async (t) => {
  const worker = await startWorker(t);
  const told = [];
  const edge = await signedIn(worker, { onTokens: (tokens) => told.push(tokens?.AccessToken) });
  worker.expireAccessTokens();
  worker.once("/refresh_token", () => problem("NOT_AUTHORIZED"));
  await assert.rejects(edge.call("/secured/call"), { name: "Problem", code: "NOT_AUTHORIZED" });
  assert.equal(edge.tokens, undefined);
  assert.equal(told.at(-1), undefined);
  assert.equal(told.length, 2);
  await assert.rejects(edge.call("/secured/call"), SignedOut);
});

for (const [what, answer] of [
  ["a problem of the worker", problem("UPSTREAM_UNAVAILABLE")],
  ["a proxy's page", { status: 403, headers: { "content-type": "text/html" }, body: "" }],
  ["no answer", "cut"],
]) {
  test(`a refresh that fails otherwise keeps the tokens, and can be repeated: ${what}`, async (t) => {
    const worker = await startWorker(t);
    const edge = await signedIn(worker);
    const before = edge.tokens;
    worker.expireAccessTokens();
    worker.once("/refresh_token", () => answer);
    await assert.rejects(edge.call("/secured/call"));
    assert.deepEqual(edge.tokens, before);
    assert.equal((await edge.call("/secured/call")).status, 200);
  });
}

test("a call that is aborted while it waits for a refresh ends, and the refresh goes on for others", async (t) => {
  const worker = await startWorker(t);
  const edge = await signedIn(worker);
  worker.expireAccessTokens();
  const [asked, answered] = [gate(), gate()];
  worker.once("/refresh_token", async (_request, answer) => (asked.open(), await answered.opened, answer()));
  const abort = new AbortController();
  const aborted = assert.rejects(edge.call("/secured/call", { signal: abort.signal }), { name: "AbortError" });
  const patient = edge.call("/secured/call", { signal: new AbortController().signal });
  await asked.opened;
  abort.abort();
  await aborted;
  answered.open();
  assert.equal((await patient).status, 200);
  assert.equal(worker.count("/refresh_token"), 1);
});

test("a signal that lives on is left alone once the call is over", async (t) => {
  const worker = await startWorker(t);
  const edge = await signedIn(worker);
  worker.expireAccessTokens();
  const { signal } = new AbortController();
  const [added, removed] = ["addEventListener", "removeEventListener"].map((name) => t.mock.method(signal, name).mock);
  const ours = ({ calls }) => calls.filter(({ arguments: [, , options] }) => options === undefined).map(({ arguments: [, f] }) => f);
  await edge.call("/secured/call", { signal });
  assert.equal(ours(added).length, 1);
  assert.deepEqual(ours(removed), ours(added));
});

test("a call that is aborted before it starts asks nobody, not even for a refresh", async (t) => {
  const worker = await startWorker(t);
  const edge = await signedIn(worker);
  t.mock.method(Date, "now", () => edge.tokens.ExpiresAt);
  const { length } = worker.requests;
  await assert.rejects(edge.call("/secured/call", { signal: AbortSignal.abort() }), { name: "AbortError" });
  assert.equal(worker.requests.length, length);
});

test("a call can be aborted on its way", async (t) => {
  const worker = await startWorker(t);
  const edge = await signedIn(worker);
  const [asked, abort] = [gate(), new AbortController()];
  worker.once("/secured/call", () => (asked.open(), new Promise(() => {})));
  const rejected = assert.rejects(edge.call("/secured/call", { signal: abort.signal }), { name: "AbortError" });
  await asked.opened;
  abort.abort();
  await rejected;
});

test("a network failure stays fetch's TypeError", async (t) => {
  const worker = await startWorker(t);
  const edge = await signedIn(worker);
  worker.once("/secured/call", () => "cut");
  await assert.rejects(edge.call("/secured/call"), TypeError);
  assert.equal(worker.count("/refresh_token"), 0);
});
