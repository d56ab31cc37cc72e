import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { load } from "./bundle.mjs";

const MESSAGE = { id: "a", to: "+15005550006", text: "011688 is your code.", at: 1 };

let page;
let asked;
let answer;
let seen;
let goOn;

beforeEach(async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  page = Object.assign(new EventTarget(), { visibilityState: "visible" });
  globalThis.document = page;
  asked = 0;
  answer = () => Response.json({ messages: [MESSAGE] });
  mock.method(globalThis, "fetch", async () => {
    asked += 1;
    return answer();
  });
  seen = [];
  goOn = true;
  const { follow } = await load("feed.ts");
  follow({
    onMessages: (messages) => seen.push(messages),
    onTrouble: (detail) => {
      seen.push(detail);
      return goOn;
    },
  });
  await settle();
});

afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
  delete globalThis.document;
});

/** Lets all that is already decided happen; no time passes for what is tested. */
async function settle() {
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
}

async function pass(milliseconds) {
  mock.timers.tick(milliseconds);
  await settle();
}

async function turn(visibilityState) {
  page.visibilityState = visibilityState;
  page.dispatchEvent(new Event("visibilitychange"));
  await settle();
}

test("the texts are read at once, and again each second", async () => {
  assert.deepEqual(seen, [[MESSAGE]]);
  await pass(999);
  assert.equal(asked, 1);
  await pass(1);
  assert.equal(asked, 2);
});

test("a page that nobody sees asks for nothing, and asks at once when it is seen again", async () => {
  await turn("hidden");
  await pass(1_000);
  await pass(60_000);
  assert.equal(asked, 1);
  await turn("visible");
  assert.equal(asked, 2);
  await pass(1_000);
  assert.equal(asked, 3);
});

test("a page that is seen twice within a second still asks once a second", async () => {
  await pass(500);
  await turn("hidden");
  await turn("visible");
  assert.equal(asked, 2);
  await pass(999);
  assert.equal(asked, 2);
  await pass(1);
  assert.equal(asked, 3);
});

test("while there is no answer it asks ever less, and each second again once there is one", async () => {
  answer = () => Promise.reject(new TypeError("Failed to fetch"));
  await pass(1_000);
  assert.match(seen.at(-1), /cargo xtask dev/);
  for (const pause of [1_000, 2_000, 4_000, 5_000, 5_000]) {
    const before = asked;
    await pass(pause - 1);
    assert.equal(asked, before);
    await pass(1);
    assert.equal(asked, before + 1);
  }
  answer = () => Response.json({ messages: [] });
  await pass(5_000);
  assert.deepEqual(seen.at(-1), []);
  const before = asked;
  await pass(1_000);
  assert.equal(asked, before + 1);
});

test("a problem's own words are told", async () => {
  answer = () => Response.json({ detail: "The local AWS is gone." }, { status: 502 });
  await pass(1_000);
  assert.equal(seen.at(-1), "The local AWS is gone.");
});

test("an answer of somebody else is no text", async () => {
  for (const strange of ["<!doctype html>", "null", "{}", '{"messages":"all"}']) {
    answer = () => new Response(strange);
    await pass(5_000);
    assert.equal(typeof seen.at(-1), "string", strange);
  }
  answer = () => Response.json({ messages: [] }, { status: 500 });
  await pass(5_000);
  assert.equal(typeof seen.at(-1), "string");
});

test("a subscriber that gives up is left alone until the page is seen anew", async () => {
  goOn = false;
  answer = () => new Response(null, { status: 404 });
  await pass(1_000);
  assert.equal(asked, 2);
  await pass(600_000);
  assert.equal(asked, 2);
  goOn = true;
  await turn("visible");
  assert.equal(asked, 3);
});
