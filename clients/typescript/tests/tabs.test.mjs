// One refresh at a time, in a page and in all tabs of an origin: a refresh token is good once.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import test from "node:test";
import { promisify } from "node:util";
import { PasswordlessEdge } from "../dist/index.js";
import { problem } from "./fake-worker.mjs";
import { eventually, gate, installLocks, MemoryStorage, signedIn, startWorker } from "./harness.mjs";

/** An instance that notes what `onTokens` is told. */
function tab(worker, storage) {
  const told = [];
  const edge = new PasswordlessEdge({ url: worker.url, storage, onTokens: (tokens) => told.push(tokens?.AccessToken) });
  return { edge, told, storage };
}

/** Tabs with one storage (`localStorage`), or with copies of it (`sessionStorage` of duplicated tabs). */
async function tabs(worker, count, isShared) {
  const storage = new MemoryStorage();
  await signedIn(worker, { storage });
  return Array.from({ length: count }, () => tab(worker, isShared ? storage : storage.copy()));
}

test("fifty calls and refreshes at once are one refresh", async (t) => {
  const worker = await startWorker(t);
  const edge = await signedIn(worker);
  worker.expireAccessTokens();
  const calls = Array.from({ length: 50 }, (_, at) => (at % 5 ? edge.call("/secured/call") : edge.refresh()));
  for (const answer of await Promise.all(calls)) assert.ok(answer instanceof Response ? answer.ok : answer.AccessToken);
  assert.equal(worker.count("/refresh_token"), 1);
});

test("a refresh that failed is not handed to later ones", async (t) => {
  const worker = await startWorker(t);
  const edge = await signedIn(worker);
  worker.once("/refresh_token", () => problem("UPSTREAM_UNAVAILABLE"));
  await assert.rejects(edge.refresh(), { code: "UPSTREAM_UNAVAILABLE" });
  await edge.refresh();
  await edge.refresh();
  assert.equal(worker.count("/refresh_token"), 3);
});

for (const isShared of [true, false]) {
  const kind = isShared ? "that share a storage" : "with copies of a storage";

  test(`tabs ${kind} that refresh at once do it once, and all have the new tokens`, async (t) => {
    const worker = await startWorker(t);
    const locks = installLocks(t);
    const all = await tabs(worker, 4, isShared);
    worker.expireAccessTokens();
    const both = ({ edge }) => [edge.refresh(), edge.call("/secured/call")];
    const answers = await Promise.all([...all, ...all].flatMap(both));
    for (const answer of answers) assert.ok(answer instanceof Response ? answer.ok : answer.AccessToken);
    assert.equal(worker.count("/refresh_token"), 1);
    for (const { edge } of all) assert.deepEqual(edge.tokens, all[0].edge.tokens);
    await eventually(() => all.every(({ told }) => told.length), "every tab is told");
    for (const { edge, told } of all) assert.deepEqual(told, [edge.tokens.AccessToken]);
    assert.deepEqual(new Set(locks), new Set([`passwordless-edge:${worker.url}:refresh`]));
  });

  test(`tabs ${kind} that do not refresh have the new tokens too`, async (t) => {
    const worker = await startWorker(t);
    const [first, second] = await tabs(worker, 2, isShared);
    await first.edge.refresh();
    await eventually(() => second.told.length, "the other tab is told");
    assert.deepEqual(second.edge.tokens, first.edge.tokens);
    await second.edge.refresh();
    await eventually(() => first.told.length === 2, "and the other way round");
    assert.deepEqual(second.edge.tokens, first.edge.tokens);
    assert.equal(worker.count("/refresh_token"), 2);
  });

  test(`signing out in one tab is signing out in all: tabs ${kind}`, async (t) => {
    const worker = await startWorker(t);
    const [first, second] = await tabs(worker, 2, isShared);
    await first.edge.signOut();
    await eventually(() => second.told.length, "the other tab is told");
    assert.deepEqual([second.told, second.edge.tokens], [[undefined], undefined]);
    assert.equal(worker.count("/sign_out"), 1);
  });

  test(`a refused refresh token is forgotten in all tabs ${kind}`, async (t) => {
    const worker = await startWorker(t);
    installLocks(t);
    const [first, second] = await tabs(worker, 2, isShared);
    worker.once("/refresh_token", () => problem("NOT_AUTHORIZED"));
    const ends = await Promise.allSettled([first.edge.refresh(), second.edge.refresh()]);
    assert.deepEqual(ends.map(({ reason }) => reason.name), ["Problem", "SignedOut"]);
    assert.deepEqual([first.edge.tokens, second.edge.tokens, worker.count("/refresh_token")], [undefined, undefined, 1]);
  });
}

test("a tab that was asleep asks what has become of its refresh token, however often it was traded", async (t) => {
  const worker = await startWorker(t);
  const [awake] = await tabs(worker, 1, true);
  const asleep = awake.storage.copy();
  for (let times = 0; times < 3; times++) await awake.edge.refresh();
  const woken = tab(worker, asleep);
  assert.deepEqual(await woken.edge.refresh(), awake.edge.tokens);
  assert.equal(worker.count("/refresh_token"), 3);
  assert.deepEqual(woken.told, [awake.edge.tokens.AccessToken]);
});

test("a tab that is told of tokens that have expired meanwhile trades those", async (t) => {
  const worker = await startWorker(t);
  const [awake] = await tabs(worker, 1, true);
  const asleep = awake.storage.copy();
  await awake.edge.refresh();
  const woken = tab(worker, asleep);
  t.mock.method(Date, "now", () => awake.edge.tokens.ExpiresAt);
  const tokens = await woken.edge.refresh();
  assert.equal(worker.count("/refresh_token"), 2);
  await eventually(() => awake.edge.tokens.AccessToken === tokens.AccessToken, "the other tab has them too");
});

test("a tab that was asleep learns of a sign-out without using its refresh token", async (t) => {
  const worker = await startWorker(t);
  const [awake] = await tabs(worker, 1, true);
  const asleep = awake.storage.copy();
  await awake.edge.signOut();
  const woken = tab(worker, asleep);
  await assert.rejects(woken.edge.refresh(), { name: "SignedOut" });
  assert.deepEqual([woken.told, worker.count("/refresh_token")], [[undefined], 0]);
});

test("tabs of different sign-ins leave each other alone", async (t) => {
  const worker = await startWorker(t);
  const [first, second] = [new MemoryStorage(), new MemoryStorage()];
  const [mine, yours] = [await signedIn(worker, { storage: first }), await signedIn(worker, { storage: second })];
  const yoursBefore = yours.tokens;
  await mine.refresh();
  await mine.signOut();
  await signedIn(worker, { storage: first });
  await new Promise((resolve) => setTimeout(resolve, 50)); // Long enough for a message that must not come.
  assert.deepEqual(yours.tokens, yoursBefore);
  assert.equal((await yours.call("/secured/call")).status, 200);
});

test("after another sign-in a tab hands its tokens to nobody who has those of before", async (t) => {
  const worker = await startWorker(t);
  const storage = new MemoryStorage();
  const edge = await signedIn(worker, { storage });
  const asleep = storage.copy();
  await edge.refresh();
  await edge.signIn(await edge.signUp("+15005550007"), "123456");
  const woken = tab(worker, asleep);
  await assert.rejects(woken.edge.refresh(), { code: "NOT_AUTHORIZED" });
  assert.ok(edge.tokens);
});

test("a sign-in is told to tabs that share its storage", async (t) => {
  const worker = await startWorker(t);
  const storage = new MemoryStorage();
  const other = tab(worker, storage);
  const { tokens } = await signedIn(worker, { storage });
  await eventually(() => other.told.length, "the other tab is told");
  assert.deepEqual(other.told, [tokens.AccessToken]);
});

test("tokens of a refresh do not take the place of those of a sign-in that came meanwhile", async (t) => {
  const worker = await startWorker(t);
  const [first, second] = await tabs(worker, 2, true);
  const [asked, answered] = [gate(), gate()];
  worker.once("/refresh_token", async (_request, answer) => (asked.open(), await answered.opened, answer()));
  const refreshed = first.edge.refresh();
  await asked.opened;
  const tokens = await second.edge.signIn(await second.edge.signUp("+15005550007"), "123456");
  answered.open();
  assert.deepEqual(await refreshed, tokens);
  assert.deepEqual(first.edge.tokens, tokens);
});

test("tokens in memory are told to nobody, and need no lock", async (t) => {
  const worker = await startWorker(t);
  const locks = installLocks(t);
  const channel = new BroadcastChannel(`passwordless-edge:${worker.url}`);
  t.after(() => channel.close());
  const heard = [];
  channel.onmessage = ({ data }) => heard.push(data);
  const edge = await signedIn(worker);
  await edge.refresh();
  await edge.signOut();
  await tab(worker, new MemoryStorage()).edge.signOut();
  const last = await signedIn(worker, { storage: new MemoryStorage() });
  await eventually(() => heard.length, "a sign-in with a storage is heard");
  assert.deepEqual([heard, locks], [[{ from: undefined, tokens: undefined }], []]);
  assert.ok(last.tokens);
});

test("what is no message of ours on the channel changes nothing", async (t) => {
  const worker = await startWorker(t);
  const storage = new MemoryStorage();
  const edge = await signedIn(worker, { storage });
  const before = edge.tokens;
  const channel = new BroadcastChannel(`passwordless-edge:${worker.url}`);
  t.after(() => channel.close());
  const messages = [null, undefined, 1, "x", [], {}, { from: "another" }, { asked: "another" }];
  for (const message of messages) channel.postMessage(message);
  await edge.refresh(); // Asks on the same channel, so all of these have been heard.
  assert.notEqual(edge.tokens.AccessToken, before.AccessToken);
  assert.equal((await edge.call("/secured/call")).status, 200);
});

for (const [what, garbage] of [
  ["no JSON", "{"], ["nothing", ""], ["null", "null"], ["a number", "1"], ["a list", "[]"], ["no tokens", "{}"],
  ["half of the tokens", '{"AccessToken":"a","RefreshToken":"r","ExpiresAt":1}'],
  ["tokens without an end", '{"AccessToken":"a","IdToken":"i","RefreshToken":"r","ExpiresAt":null}'],
  ["tokens that are no strings", '{"AccessToken":1,"IdToken":2,"RefreshToken":3,"ExpiresAt":4}'],
]) {
  test(`what is no tokens in the storage counts as none: ${what}`, async (t) => {
    const worker = await startWorker(t);
    const storage = new MemoryStorage([[`passwordless-edge:${worker.url}`, garbage]]);
    const { edge } = tab(worker, storage);
    assert.equal(edge.tokens, undefined);
    await assert.rejects(edge.call("/secured/call"), { name: "SignedOut" });
    await signedIn(worker, { storage });
    assert.equal((await edge.call("/secured/call")).status, 200);
  });
}

test("tokens outlive the instance in one item of the storage, and are gone from it after the sign-out", async (t) => {
  const worker = await startWorker(t);
  const storage = new MemoryStorage();
  const { tokens } = await signedIn(worker, { storage });
  assert.deepEqual([...storage.items.keys()], [`passwordless-edge:${worker.url}`]);
  const { edge, told } = tab(worker, storage);
  assert.deepEqual([edge.tokens, told], [tokens, []]);
  await edge.signOut();
  assert.equal(storage.items.size, 0);
});

test("without Web Locks and channels a storage works all the same", async (t) => {
  const worker = await startWorker(t);
  const { BroadcastChannel } = globalThis;
  delete globalThis.BroadcastChannel;
  t.after(() => (globalThis.BroadcastChannel = BroadcastChannel));
  const edge = await signedIn(worker, { storage: new MemoryStorage() });
  worker.expireAccessTokens();
  await Promise.all(Array.from({ length: 10 }, () => edge.call("/secured/call")));
  assert.equal(worker.count("/refresh_token"), 1);
  await edge.signOut();
  assert.equal(edge.tokens, undefined);
});

test("an instance does not keep Node.js from ending", async () => {
  const index = new URL("../dist/index.js", import.meta.url).href;
  const program = `import { PasswordlessEdge } from ${JSON.stringify(index)};
    const storage = { getItem: () => null, setItem() {}, removeItem() {} };
    const edge = new PasswordlessEdge({ url: "http://127.0.0.1", storage });
    console.log(edge.tokens);`;
  const options = { timeout: 10_000 };
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], options);
  assert.equal(stdout, "undefined\n");
});
