import assert from "node:assert/strict";
import { test } from "node:test";

import { callingCode, countryTyped, formatInternational, formatTyped } from "../src/phone/numbering";
import { nationalPart, readNumber, servedCountries } from "../src/phone/numbering";
import { probableCountry } from "../src/phone/region";

test("numbers become E.164, national and international ones alike", () => {
  for (const [text, country, e164] of [
    ["(415) 555-0123", "US", "+14155550123"],
    ["01512 3456789", "DE", "+4915123456789"],
    ["+49 1512 3456789", "US", "+4915123456789"],
    ["0049 1512 3456789", "DE", "+4915123456789"],
    ["612 34 56 78", "ES", "+34612345678"],
    ["+1 500 555 0006", "US", "+15005550006"],
    // Of a possible length, and in no numbering plan that is known today.
    ["+1 123 155 0123", "US", "+11231550123"],
  ] as const) {
    assert.deepEqual(readNumber(text, country), { kind: "number", e164 }, text);
  }
});

test("what cannot be a number says in which way", () => {
  assert.equal(readNumber("  ", "US").kind, "empty");
  assert.equal(readNumber("415555", "US").kind, "tooShort");
  assert.equal(readNumber("415555012345", "US").kind, "tooLong");
  assert.equal(readNumber("+999 123", "US").kind, "impossible");
});

test("an international number tells its country as soon as it can", () => {
  assert.equal(countryTyped("+49", "US"), "DE");
  assert.equal(countryTyped("+44 7400", "US"), "GB");
  assert.equal(countryTyped("+1 416 555 0123", "US"), "CA");
  assert.equal(countryTyped("+1", "CA"), undefined);
  assert.equal(countryTyped("+", "US"), undefined);
  assert.equal(countryTyped("0151", "DE"), undefined);
});

test("a number keeps its national part when the country is changed", () => {
  assert.equal(nationalPart("+49 1512 345", "DE"), "1512345");
  assert.equal(nationalPart("(415) 555", "US"), "(415) 555");
});

test("numbers are written as their country writes them", () => {
  assert.equal(formatTyped("4155550123", "US"), "(415) 555-0123");
  assert.equal(formatTyped("612345678", "ES"), "612 34 56 78");
  assert.equal(formatInternational("+4915123456789"), "+49 1512 3456789");
});

test("all countries are there, with their calling codes", () => {
  assert.ok(servedCountries().length > 200);
  assert.equal(callingCode("DE"), "49");
});

test("the country to begin with is the browser's, then its language's, then any", () => {
  const served = ["DE", "US", "ES", "MX"];
  assert.equal(probableCountry(["es-MX", "en-US"], served), "MX");
  assert.equal(probableCountry(["de", "en-US"], served), "US");
  assert.equal(probableCountry(["de"], served), "DE");
  assert.equal(probableCountry(["fr-FR"], served), "US");
  assert.equal(probableCountry(["fr-FR"], ["DE"]), "DE");
  assert.equal(probableCountry(["not a tag"], ["DE"]), "DE");
});
