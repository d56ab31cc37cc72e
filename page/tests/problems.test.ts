import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem, SignedOut } from "passwordless-edge-client";

import { en } from "../src/languages/en";
import { es } from "../src/languages/es";
import { formatsOf } from "../src/languages/formats";
import { explain, waitFor, type Endpoint } from "../src/problems/explain";

const NOW = 1_800_000_000_000;
const formats = formatsOf("en");

function problem(code: string, status: number, more: object = {}, headers: Record<string, string> = {}): Problem {
  const document = { type: "urn:passwordless-edge:problem:x", code, status, title: code, detail: code, message: code, ...more };
  return new Problem(document as ConstructorParameters<typeof Problem>[0], new Headers(headers));
}

function sentence(error: unknown, endpoint: Endpoint = "signUp"): string {
  return explain(error, endpoint, en, formats, NOW).sentence;
}

test("a wrong code says how many attempts are left", () => {
  const more = (attempts: string) => ({ Session: "s", ChallengeParameters: { attempts_left: attempts } });
  assert.match(sentence(problem("WRONG_CODE", 401, more("2")), "signIn"), /2 attempts left/);
  assert.match(sentence(problem("WRONG_CODE", 401, more("1")), "signIn"), /1 attempt left/);
  const spanish = explain(problem("WRONG_CODE", 401, more("1")), "signIn", es, formatsOf("es"), NOW).sentence;
  assert.match(spanish, /Te queda 1 intento/);
});

test("a limit says when to try again: by the span, and by the time where there is none", () => {
  const limited = problem("TOO_MANY_REQUESTS", 429, { retry_at: 1 }, { "Retry-After": "45" });
  assert.match(sentence(limited), /in 45 seconds/);
  assert.equal(waitFor(limited, NOW), 45);
  assert.equal(waitFor(problem("TOO_MANY_REQUESTS", 429, { retry_at: NOW / 1000 + 30 }), NOW), 30);
  assert.match(sentence(problem("TOO_MANY_REQUESTS", 429)), /later/);
});

test("only a limit holds a number back", () => {
  assert.equal(waitFor(problem("UPSTREAM_UNAVAILABLE", 503, {}, { "Retry-After": "2" }), NOW), undefined);
  assert.equal(waitFor(new TypeError("Failed to fetch"), NOW), undefined);
});

test("NOT_AUTHORIZED means something else at each endpoint", () => {
  const refused = problem("NOT_AUTHORIZED", 403);
  const sentences = (["signUp", "signIn", "session"] as const).map((endpoint) => sentence(refused, endpoint));
  assert.equal(new Set(sentences).size, 3);
});

test("the request's id is there for support when the failure was ours", () => {
  const id = { "X-Request-Id": "0f8c1a52" };
  assert.equal(explain(problem("INTERNAL", 500, {}, id), "signUp", en, formats, NOW).requestId, "0f8c1a52");
  assert.equal(explain(problem("WRONG_CODE", 401, {}, id), "signIn", en, formats, NOW).requestId, undefined);
});

test("the field is marked as wrong only when what is in it is", () => {
  const blames = (error: unknown) => explain(error, "signUp", en, formats, NOW).blamesInput;
  assert.equal(blames(problem("INVALID_PHONE_NUMBER", 400)), true);
  assert.equal(blames(problem("WRONG_CODE", 401)), true);
  assert.equal(blames(problem("TOO_MANY_REQUESTS", 429)), false);
  assert.equal(blames(problem("INTERNAL", 500)), false);
  assert.equal(blames(new TypeError("Failed to fetch")), false);
});

test("a human check that is not set up is nobody's to solve", () => {
  assert.equal(sentence(problem("HUMAN_CHECK_REQUIRED", 403)), en.humanCheck.failed);
});

test("what this page does not know is said to be unexpected, and a network failure to be one", () => {
  assert.equal(sentence(problem("BRAND_NEW", 418)), en.unknownProblem);
  assert.equal(sentence(new Error("anything")), en.unknownProblem);
  assert.equal(sentence(new TypeError("Failed to fetch")), en.network);
  assert.equal(explain(new TypeError("Failed to fetch"), "signUp", en, formats, NOW).isNetworkFailure, true);
  assert.equal(sentence(new SignedOut("x"), "session"), en.notices.sessionEnded);
});
