// axe on every step and state of the page, in light and in dark.
import { expectAccessible } from "../harness/accessibility";
import { otherThan } from "../harness/inbox";
import { freshNumber } from "../harness/phone_number";
import { problem } from "../harness/problem";
import { expect, test } from "../harness/test";

test("the number's step, empty and with an error", async ({ signIn, texts, page }) => {
  await signIn.open();
  await expectAccessible(page);
  await signIn.button(texts.number.submit).click();
  await expect(signIn.error).toBeVisible();
  await expectAccessible(page);
});

test("the code's step, new, with an error, and when the code has expired", async ({ signIn, inbox, texts, page, quiet }) => {
  const number = freshNumber();
  quiet.expectAnswer("/sign_in", 401);
  await page.clock.install();
  await signIn.open();
  await signIn.askForCode(number);
  await expectAccessible(page);
  await signIn.code.fill(otherThan(await inbox.newestCode(number.e164)));
  await expect(signIn.error).toBeVisible();
  await expectAccessible(page);
  await page.clock.fastForward("01:01");
  await expect(signIn.timer).toHaveText(texts.code.expired);
  await expectAccessible(page);
});

test("the signed-in step, with an answer, and with an error", async ({ signIn, texts, page, context, quiet }) => {
  quiet.allowOffline();
  await signIn.signIn(freshNumber());
  await expectAccessible(page);
  await context.setOffline(true);
  await signIn.button(texts.signedIn.callAgain).click();
  await expect(signIn.error).toHaveText(texts.network);
  await expectAccessible(page);
});

test("a limit that is reached", async ({ signIn, texts, page, quiet }) => {
  quiet.expectAnswer("/sign_up", 429);
  const limit = problem(429, "TOO_MANY_REQUESTS", { "Retry-After": "60" });
  await page.route("**/sign_up", (route) => route.fulfill(limit));
  await signIn.open();
  await signIn.number.fill(freshNumber().digits);
  await signIn.button(texts.number.submit).click();
  await expect(signIn.error).toBeVisible();
  await expectAccessible(page);
});

test("a failure with its id, and a farewell", async ({ signIn, texts, page, quiet }) => {
  quiet.expectAnswer("/sign_up", 500);
  const failure = problem(500, "INTERNAL", { "X-Request-Id": "4f0c0628-b7be-4414-b3ab-b354d5ad9906" });
  await signIn.signIn(freshNumber());
  await signIn.button(texts.signedIn.signOut).click();
  await expect(signIn.text(texts.notices.signedOut).first()).toBeVisible();
  await expectAccessible(page);
  await page.route("**/sign_up", (route) => route.fulfill(failure));
  await signIn.number.fill(freshNumber().digits);
  await signIn.button(texts.number.submit).click();
  await expect(signIn.error).toContainText(texts.requestId);
  await expectAccessible(page);
});
