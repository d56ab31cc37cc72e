import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "./bundle.mjs";

const { codeIn, wordingOf } = await load("code.ts");

test("the code is found wherever the wording puts it", () => {
  assert.equal(codeIn("011688 is your code for Example. Do not share it."), "011688");
  assert.equal(codeIn("Tu código es 011688."), "011688");
  assert.equal(codeIn("验证码：011688，请勿告诉他人"), "011688");
});

test("the line for the phone says which number is the code", () => {
  assert.equal(codeIn("Flight 123456: your code is 654321\n\n@example.com #654321"), "654321");
});

test("neither a year, nor a part of a phone number or a name is taken for the code", () => {
  assert.equal(codeIn("© 2026 Example. 011688 is your code."), "011688");
  assert.equal(codeIn("Call +15005550006 for help."), undefined);
  assert.equal(codeIn("Studio54321b says 12, 345 and 123456789"), undefined);
});

test("a person reads the wording without the line for the phone", () => {
  assert.equal(wordingOf("011688 is your code.\n\n@example.com #011688"), "011688 is your code.");
  assert.equal(wordingOf("011688 is your code."), "011688 is your code.");
});
