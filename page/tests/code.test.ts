import assert from "node:assert/strict";
import { test } from "node:test";

import { digitsOf, extractCode } from "../src/code/extract";

test("a code is found alone, in groups, and in a whole message", () => {
  for (const text of ["123456", " 123 456 ", "123-456", "123\u00a0456", "123–456", "1 2 3 4 5 6"]) {
    assert.equal(extractCode(text, 6), "123456", text);
  }
  assert.equal(extractCode("123456 is your code for passwordless-edge. Do not share it.", 6), "123456");
  assert.equal(extractCode("Your code: 123 456.\n\n@example.com #123456", 6), "123456");
});

test("what is no code, or could be two, is none", () => {
  assert.equal(extractCode("", 6), undefined);
  assert.equal(extractCode("12345", 6), undefined);
  assert.equal(extractCode("+1 415 555 0123", 6), undefined);
  assert.equal(extractCode("123456 or 654321", 6), undefined);
});

test("digits of other scripts are digits", () => {
  assert.equal(digitsOf("١٢٣٤٥٦"), "123456");
  assert.equal(digitsOf("۰۹"), "09");
  assert.equal(digitsOf("a1b-2"), "12");
});
