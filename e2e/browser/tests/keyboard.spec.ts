// Without a mouse and without a finger.
import type { Locator, Page } from "@playwright/test";

import { freshNumber } from "../harness/phone_number";
import { expect, test } from "../harness/test";

test("everything can be done from the keyboard, and one sees where one is", { tag: "@desktop" }, async ({
  signIn, inbox, texts, page,
}) => {
  const number = freshNumber();
  await signIn.open();
  await tabTo(page, signIn.country);
  await page.keyboard.type("Germany");
  await expect(signIn.country).toHaveValue("DE");
  await page.keyboard.type("United States");
  await tabTo(page, signIn.number);
  await page.keyboard.type(number.e164);
  await expect(signIn.country).toHaveValue("US");
  await page.keyboard.press("Enter");

  await expect(signIn.code).toBeFocused();
  await tabTo(page, signIn.button(texts.code.changeNumber));
  await page.keyboard.press("Enter");
  await expect(signIn.heading("number")).toBeFocused();
  await tabTo(page, signIn.button(texts.number.submit));
  await page.keyboard.press("Space");
  await expect(signIn.code).toBeFocused();
  await page.keyboard.type(await inbox.newestCode(number.e164));

  await expect(signIn.heading("signedIn")).toBeFocused();
  await expect(signIn.answer).toBeVisible();
  // It scrolls, so it must be reachable.
  await tabTo(page, signIn.answer);
  await tabTo(page, signIn.button(texts.signedIn.callAgain));
  await page.keyboard.press("Enter");
  await expect(signIn.button(texts.signedIn.callAgain)).toBeFocused();
  await tabTo(page, signIn.button(texts.signedIn.renew));
  await tabTo(page, signIn.button(texts.signedIn.signOutEverywhere), signIn.button(texts.signedIn.signOut));
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(signIn.heading("number")).toBeFocused();
});

/** Presses the tab key until `target` has the focus, which must be seen; on the way it comes by all that `passing` names. */
async function tabTo(page: Page, target: Locator, ...passing: readonly Locator[]): Promise<void> {
  for (const stop of [...passing, target]) {
    // Wherever one was, it is not far: no more stops between two steps of the journey than this.
    for (let presses = 0; presses < 4; presses++) {
      await page.keyboard.press("Tab");
      if (await stop.evaluate((element) => element === document.activeElement)) break;
    }
    await expect(stop).toBeFocused();
    const { outlineStyle, boxShadow } = await stop.evaluate((element) => getComputedStyle(element));
    expect([outlineStyle, boxShadow], "what shows the focus").not.toEqual(["none", "none"]);
  }
}
