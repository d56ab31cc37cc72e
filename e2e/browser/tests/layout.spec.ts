// Narrow windows, large type, and writing from right to left: everything is there, and nobody scrolls sideways.
import type { Page } from "@playwright/test";

import { freshNumber } from "../harness/phone_number";
import type { SignInPage } from "../harness/sign_in_page";
import { expect, test } from "../harness/test";

/** WCAG 2.2, 1.4.10: a page of 1280 pixels' width at 400 %. */
const NARROWEST = { width: 320, height: 640 };

test("320 pixels are wide enough", async ({ signIn, page }) => {
  await page.setViewportSize(NARROWEST);
  await throughAllSteps(signIn, () => expectToFit(page));
});

test.describe("in Spanish, whose words are longer", () => {
  test.use({ locale: "es-ES" });

  test("320 pixels are wide enough, from right to left too", async ({ signIn, page }) => {
    await page.setViewportSize(NARROWEST);
    await throughAllSteps(signIn, async () => {
      await page.evaluate(() => (document.documentElement.dir = "ltr"));
      await expectToFit(page);
      await page.evaluate(() => (document.documentElement.dir = "rtl"));
      await expectToFit(page);
      await expectMirrored(page);
    });
  });
});

test("type of twice the size fits a phone", async ({ signIn, page }) => {
  await throughAllSteps(signIn, async () => {
    await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
    await expectToFit(page);
  });
});

test.describe("a desktop zoomed to 200 %", () => {
  // What a browser's zoom does to a window of 1280 by 800 pixels.
  test.use({ viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 });

  test("shows everything", { tag: "@desktop" }, async ({ signIn, page }) => {
    await throughAllSteps(signIn, () => expectToFit(page));
  });
});

test("what is tapped is large enough for a finger", async ({ signIn, page }) => {
  await throughAllSteps(signIn, async () => {
    for (const target of await page.locator("button:visible, input:visible, select:visible").all()) {
      const box = await target.boundingBox();
      // WCAG 2.2, 2.5.8.
      const html = await target.evaluate((element) => element.outerHTML);
      expect(Math.min(box?.width ?? 0, box?.height ?? 0), html).toBeGreaterThanOrEqual(24);
    }
  });
});

async function throughAllSteps(signIn: SignInPage, check: () => Promise<void>): Promise<void> {
  const number = freshNumber();
  await signIn.open();
  await check();
  await signIn.country.selectOption("US");
  await signIn.button(signIn.texts.number.submit).click();
  await expect(signIn.error).toBeVisible();
  await check();
  await signIn.askForCode(number);
  await check();
  await signIn.answerCode(await signIn.inbox.newestCode(number.e164));
  await expect(signIn.answer).toBeVisible();
  await check();
}

/** Nothing sticks out of the window, and no text is cut off. */
async function expectToFit(page: Page): Promise<void> {
  const found = await page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    const outside = [...document.querySelectorAll<HTMLElement>("main *, header *")]
      .filter((element) => element.checkVisibility() && element.closest("pre, .visually-hidden, option") === null)
      .filter((element) => {
        const { left, right } = element.getBoundingClientRect();
        return left < -1 || right > clientWidth + 1;
      });
    const cut = [...document.querySelectorAll<HTMLElement>("button, h1, h2, label, p")]
      .filter((element) => element.checkVisibility() && element.closest(".visually-hidden") === null)
      .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== "inline");
    return { scrolls: scrollWidth > clientWidth, outside: outside.map(shown), cut: cut.map(shown) };

    function shown(element: HTMLElement): string {
      return element.outerHTML.slice(0, 120);
    }
  });
  expect(found).toEqual({ scrolls: false, outside: [], cut: [] });
}

/** Words begin at the right; numbers and codes still run from left to right. */
async function expectMirrored(page: Page): Promise<void> {
  const heading = page.getByRole("heading", { level: 1 });
  expect(await heading.evaluate((element) => getComputedStyle(element).direction)).toBe("rtl");
  for (const field of await page.getByRole("textbox").all()) {
    expect(await field.evaluate((element) => getComputedStyle(element).direction)).toBe("ltr");
  }
}
