import assert from "node:assert/strict";
import { test } from "node:test";

import { chooseTexts, formattingTag } from "../src/languages/choose";
import { en } from "../src/languages/en";
import { es } from "../src/languages/es";
import { formatsOf } from "../src/languages/formats";

test("the first of the browser's languages that there are texts in is taken, English if there are none", () => {
  assert.equal(chooseTexts(["es-MX", "en"]).tag, "es");
  assert.equal(chooseTexts(["fr", "ES", "en"]).tag, "es");
  assert.equal(chooseTexts(["fr", "en-GB", "es"]).tag, "en");
  assert.equal(chooseTexts(["fr"]).tag, "en");
  assert.equal(chooseTexts(["est"]).tag, "en");
  assert.equal(chooseTexts([]).tag, "en");
});

test("formats follow the region of the language that was chosen", () => {
  assert.equal(formattingTag(es, ["en-US", "es-MX"]), "es-MX");
  assert.equal(formattingTag(en, ["fr"]), "en");
});

test("a clock counts seconds that have begun, and hours only when there are any", () => {
  const { clock } = formatsOf("en");
  assert.equal(clock(60_000), "1:00");
  assert.equal(clock(59_001), "1:00");
  assert.equal(clock(9_000), "0:09");
  assert.equal(clock(1), "0:01");
  assert.equal(clock(0), "0:00");
  assert.equal(clock(-1), "0:00");
  assert.equal(clock(3_600_000), "1:00:00");
  assert.equal(clock(3_599_000), "59:59");
});

test("a wait is never said shorter than it is", () => {
  const { wait } = formatsOf("en");
  assert.equal(wait(0.2), "in 1 second");
  assert.equal(wait(45), "in 45 seconds");
  assert.equal(wait(121), "in 3 minutes");
  assert.equal(wait(7_201), "in 3 hours");
  assert.equal(formatsOf("es").wait(45), "dentro de 45 segundos");
});

test("no text is in the wrong language", () => {
  const said = (value: unknown): string[] => {
    if (typeof value === "function") return [String(value({ attemptsLeft: 1, wait: "x" }))];
    if (typeof value === "string") return [value];
    return Object.values(value as object).flatMap(said);
  };
  const english = said(en);
  const spanish = new Set(said(es));
  assert.deepEqual(english.filter((text) => spanish.has(text) && text !== "ltr"), []);
});
