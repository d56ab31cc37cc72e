// English and Spanish, as the browser prefers.
import type { Page } from "@playwright/test";

import { en } from "../../../page/src/languages/en";
import { es } from "../../../page/src/languages/es";
import { otherThan } from "../harness/inbox";
import { explained } from "../harness/explained";
import { freshNumber } from "../harness/phone_number";
import { problem } from "../harness/problem";
import { expect, test } from "../harness/test";

test.describe("in Spanish", () => {
  test.use({ locale: "es-MX" });

  test("there is nothing in English from the first step to the last", { tag: "@both" }, async ({
    signIn, inbox, page, quiet,
  }) => {
    const number = freshNumber();
    quiet.expectAnswer("/sign_in", 401);
    await signIn.open();
    await expect(page.locator("html")).toHaveAttribute("lang", "es");
    await expectNoEnglish(page);
    await signIn.button(es.number.submit).click();
    await expect(signIn.error).toHaveText(es.number.missing);
    // Where Spanish is from, and where that is called México.
    await expect(signIn.country).toHaveValue("MX");
    await expect(signIn.country.getByRole("option", { name: /^Estados Unidos/ })).toBeAttached();
    await signIn.country.selectOption("US");
    await expectNoEnglish(page);

    await signIn.askForCode(number);
    await expectNoEnglish(page);
    const code = await inbox.newestCode(number.e164);
    await signIn.code.fill(otherThan(code));
    await expect(signIn.error).toHaveText(explained(es, "WRONG_CODE", { attemptsLeft: 2 }));
    await expectNoEnglish(page);

    await signIn.answerCode(code);
    await expect(signIn.answer).toBeVisible();
    await expectNoEnglish(page);
    await signIn.button(es.signedIn.signOut).click();
    await expect(signIn.text(es.notices.signedOut).first()).toBeVisible();
    await expectNoEnglish(page);
  });

  test("limits are told in Spanish, too", async ({ signIn, page, quiet }) => {
    quiet.expectAnswer("/sign_up", 429);
    const limit = problem(429, "TOO_MANY_REQUESTS", { "Retry-After": "3600" });
    await page.route("**/sign_up", (route) => route.fulfill(limit));
    await signIn.open();
    await signIn.country.selectOption("US");
    await signIn.number.fill(freshNumber().digits);
    await signIn.button(es.number.submit).click();
    await expect(signIn.error).toHaveText(explained(es, "TOO_MANY_REQUESTS", { wait: "dentro de 60 minutos" }));
    await expectNoEnglish(page);
  });
});

for (const [locale, texts] of [["en-GB", en], ["es-ES", es], ["fr-CH", en], ["ar", en]] as const) {
  test(`a browser in ${locale} gets the page in "${texts.tag}", with its own country`, async ({ browser, address, quiet }) => {
    const context = await browser.newContext({ locale, baseURL: address });
    await quiet.listen(context, address);
    const page = await context.newPage();
    await page.goto("/");
    await expect(page.getByRole("heading", { level: 1, name: texts.number.title })).toBeVisible();
    await expect(page.locator("html")).toHaveAttribute("lang", texts.tag);
    await expect(page.getByLabel(texts.number.country)).toHaveValue(locale.slice(3) || "EG");
    await context.close();
  });
}

/** Fails if a sentence, or the constant part of one, is on the page in English that reads otherwise in Spanish. */
async function expectNoEnglish(page: Page): Promise<void> {
  const shown = await page.evaluate(() => {
    const attributes = ["aria-label", "title", "alt", "placeholder", "aria-roledescription"];
    const elements = [...document.querySelectorAll("*")];
    const said = elements.flatMap((element) => attributes.map((name) => element.getAttribute(name) ?? ""));
    // Not what the worker says in JSON, nor the names of countries, which have a test of their own.
    const lines = document.body.cloneNode(true) as HTMLElement;
    for (const other of lines.querySelectorAll("pre, option, noscript, script")) other.remove();
    const walker = document.createTreeWalker(lines, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode.textContent ?? "");
    return [document.title, ...said, ...texts].map((text) => text.trim()).filter((text) => text !== "");
  });
  expect(shown.length).toBeGreaterThan(5);
  const spanish = new Set(constantParts(es));
  const english = constantParts(en).filter((part) => !spanish.has(part));
  const found = shown.filter((text) => english.some((part) => text.includes(part)));
  expect(found, "English texts on the Spanish page").toEqual([]);
}

/** The parts of all texts that do not depend on numbers, where they are long enough to be told from other words. */
function constantParts(texts: object): string[] {
  return Object.values(texts).flatMap((text: unknown) => {
    if (typeof text === "object" && text !== null) return constantParts(text);
    // Some are made of one number, others of a problem's details; what becomes of "2" is left out.
    const said: unknown = typeof text === "function" ? text({ attemptsLeft: 2, wait: "2" }) : text;
    const whole = String(said).replaceAll("[object Object]", "2");
    return whole.split(/\d/).map((part) => part.trim()).filter((part) => part.length >= 5);
  });
}
