import assert from "node:assert/strict";
import { test } from "node:test";

import { en } from "../src/languages/en";
import { explainCacheStatus } from "../src/signed_in/cache_status";

function explained(headers: Record<string, string>): string {
  const { result, sentence } = explainCacheStatus(new Headers(headers), en);
  return `${result}: ${sentence}`;
}

test("hit, miss and bypass are said in words, with their times", () => {
  const hit = explained({ "Cache-Status": "passwordless-edge; hit; ttl=55", Age: "5" });
  assert.match(hit, /^hit: .*55 more seconds.*Age: 5 seconds/);
  assert.match(explained({ "Cache-Status": "passwordless-edge; fwd=miss; stored; ttl=60" }), /^miss: .*60 seconds/);
  assert.match(explained({ "Cache-Status": "passwordless-edge; fwd=miss; fwd-status=200" }), /^miss: .*not kept/);
  assert.match(explained({ "Cache-Status": "passwordless-edge; fwd=request" }), /^bypass: /);
  assert.match(explained({}), /^unknown: /);
});

test("of several caches the nearest one counts, which is the last", () => {
  assert.match(explained({ "Cache-Status": "origin; hit, passwordless-edge; fwd=miss; stored; ttl=60" }), /^miss: /);
});
