// A second code to the same number.
import { explainedWithWait } from "../harness/explained";
import { freshNumber } from "../harness/phone_number";
import { problem } from "../harness/problem";
import { expect, test } from "../harness/test";

test("a new code replaces the old one", async ({ signIn, inbox, texts, page, quiet }) => {
  const number = freshNumber();
  quiet.expectAnswer("/sign_in", 401);
  await page.clock.install();
  await signIn.open();
  await signIn.askForCode(number);
  const old = await inbox.newestCode(number.e164);
  await expect(page.getByRole("button", { name: /0:\d\d$/ })).toBeDisabled();

  await page.clock.fastForward("01:01");
  await signIn.button(texts.code.resend).click();
  await expect(page.getByRole("status").filter({ hasText: texts.code.resent })).toHaveCount(1);
  await expect(signIn.code).toBeEditable();
  await expect(signIn.code).toBeFocused();
  const fresh = await inbox.newestCode(number.e164, 2);
  test.fail(fresh === old, "one in a million: both codes are the same");

  await signIn.code.fill(old);
  await expect(signIn.error).toBeVisible();
  await signIn.answerCode(fresh);
});

test("who has pressed a button that goes away is in the code's field then", async ({ signIn, texts, page }) => {
  await page.clock.install();
  await signIn.open();
  await signIn.askForCode(freshNumber());
  await signIn.button(texts.code.submit).focus();
  await page.clock.fastForward("01:01");
  await expect(signIn.button(texts.code.submit)).toBeHidden();
  await expect(signIn.code).toBeFocused();
});

test("a new code that is refused leaves the focus on the button", async ({ signIn, texts, page, quiet }) => {
  quiet.expectAnswer("/sign_up", 429);
  await page.clock.install();
  await signIn.open();
  await signIn.askForCode(freshNumber());
  await page.clock.fastForward("01:01");
  const refused = problem(429, "TOO_MANY_REQUESTS", { "Retry-After": "42" });
  await page.route("**/sign_up", (route) => route.fulfill(refused));
  await signIn.button(texts.code.resend).click();
  const waiting = page.getByRole("button", { name: / 0:\d\d$/ });
  await expect(waiting).toBeDisabled();
  await expect(waiting).toBeFocused();
});

test.describe("with the limits that are the default", () => {
  test.use({ worker: "main" });

  test("a new code too early is refused, with the time to wait", async ({ signIn, inbox, texts, page, quiet }) => {
    const number = freshNumber();
    quiet.expectAnswer("/sign_up", 429);
    await page.clock.install();
    await signIn.open();
    await signIn.askForCode(number);
    // So the page thinks; at the worker it is still too early.
    await page.clock.fastForward("01:01");
    await signIn.button(texts.code.resend).click();
    await expect(signIn.error).toHaveText(explainedWithWait(texts, "TOO_MANY_REQUESTS", /in \d+ seconds/));
    await expect(page.getByRole("button", { name: /0:\d\d$/ })).toBeDisabled();
    expect(await inbox.textsTo(number.e164)).toHaveLength(1);
  });

  test("a code for a number that has just got one is refused, another number's is not", async ({
    signIn, inbox, texts, page, request, quiet,
  }) => {
    const number = freshNumber();
    quiet.expectAnswer("/sign_up", 429);
    expect((await request.post("/sign_up", { data: { phone_number: number.e164 } })).status()).toBe(201);
    await signIn.open();
    await signIn.number.fill(number.digits);
    await signIn.button(texts.number.submit).click();
    await expect(signIn.error).toHaveText(explainedWithWait(texts, "TOO_MANY_REQUESTS", /in \d+ seconds/));
    await expect(page.getByText(/ 0:\d\d$/)).toBeVisible();
    await expect(signIn.button(texts.number.submit)).toBeDisabled();
    expect(await inbox.textsTo(number.e164)).toHaveLength(1);

    await signIn.askForCode(freshNumber());
  });
});
