import assert from "node:assert/strict";
import { test } from "node:test";

import { formatTyped } from "../src/phone/numbering";
import { reformat } from "../src/phone/typing";

const us = (text: string) => formatTyped(text, "US");

/** `text` with a bar where the caret is. */
function edit(text: string, previous: string, inputType: string): string {
  const caret = text.indexOf("|");
  const typed = reformat({ text: text.replace("|", ""), caret }, previous, inputType, us);
  return `${typed.text.slice(0, typed.caret)}|${typed.text.slice(typed.caret)}`;
}

test("the caret stays at the end while a number is typed", () => {
  let text = "";
  for (const digit of "4155550123") {
    const [before, after] = edit(`${text}${digit}|`, text, "insertText").split("|");
    assert.equal(after, "");
    text = before ?? "";
  }
  assert.equal(text, "(415) 555-0123");
});

test("a digit typed in the middle leaves the caret behind it", () => {
  assert.equal(edit("(4195|) 555-012", "(415) 555-012", "insertText"), "(419) 5|55-5012");
});

test("deleting what the format put there deletes the digit next to it", () => {
  assert.equal(edit("(415| 555-0123", "(415) 555-0123", "deleteContentBackward"), "(41|5) 550-123");
  assert.equal(edit("(415)| 5550123", "(415) 555-0123", "deleteContentBackward"), "(41|5) 550-123");
  assert.equal(edit("(415|) 5550123", "(415) 555-0123", "deleteContentForward"), "(415|) 550-123");
});

test("a digit deleted in the middle leaves the caret where it was", () => {
  assert.equal(edit("(415) |55-0123", "(415) 555-0123", "deleteContentBackward"), "(415|) 550-123");
});

test("all can be deleted", () => {
  assert.equal(edit("|", "(415) 555-0123", "deleteContentBackward"), "|");
});
