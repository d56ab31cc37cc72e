// Codes that are too old.
import { explained } from "../harness/explained";
import { freshNumber } from "../harness/phone_number";
import { expect, test } from "../harness/test";

test.describe("codes that live three seconds", () => {
  test.use({ worker: "short" });

  test("a code that has expired gives way to a new one", async ({ signIn, inbox, texts }) => {
    const number = freshNumber();
    await signIn.open();
    await signIn.askForCode(number);
    await expect(signIn.timer).toHaveText(texts.code.expired);
    await expect(signIn.code).not.toBeEditable();
    await expect(signIn.button(texts.code.submit)).toBeHidden();

    await signIn.button(texts.code.resend).click();
    await expect(signIn.text(texts.code.resent).first()).toBeVisible();
    await inbox.newestCode(number.e164, 2);
  });

  test("the worker has the last word about what has expired", async ({ signIn, inbox, texts, page, quiet }) => {
    const number = freshNumber();
    quiet.expectAnswer("/sign_in", 410);
    await page.clock.install();
    await signIn.open();
    // A page whose clock stands still goes on thinking that the code is good.
    await page.clock.pauseAt(Date.now() + 1000);
    const answer = page.waitForResponse("**/sign_up");
    await signIn.askForCode(number);
    const challenge = (await (await answer).json()) as { ChallengeParameters: { expires_at: string } };
    const expiresAt = Number(challenge.ChallengeParameters.expires_at);
    await expect.poll(() => Date.now()).toBeGreaterThan((expiresAt + 1) * 1000);
    await signIn.code.fill(await inbox.newestCode(number.e164));
    await expect(signIn.error).toHaveText(explained(texts, "EXPIRED_CODE"));
    await expect(signIn.code).not.toBeEditable();
  });
});

test("time runs down for the eye each second, for the ear at 30 and at 10 seconds", async ({ signIn, texts, page }) => {
  await page.clock.install();
  await signIn.open();
  await signIn.askForCode(freshNumber());
  await expect(signIn.button(texts.code.resend)).toHaveCount(0);
  const left = await secondsLeft();
  await expect.poll(secondsLeft).toBeLessThan(left);

  await page.clock.runFor(((await secondsLeft()) - 29) * 1000);
  await expect(page.getByRole("status").filter({ hasText: texts.code.secondsLeft(30) })).toHaveCount(1);
  await page.clock.runFor(((await secondsLeft()) - 9) * 1000);
  await expect(page.getByRole("status").filter({ hasText: texts.code.secondsLeft(10) })).toHaveCount(1);
  await page.clock.runFor(10_000);
  await expect(signIn.timer).toHaveText(texts.code.expired);
  await expect(page.getByRole("status").filter({ hasText: texts.code.expired })).toHaveCount(1);
  await expect(signIn.button(texts.code.resend)).toBeEnabled();

  async function secondsLeft(): Promise<number> {
    const [, minutes, seconds] = /(\d):(\d\d)$/.exec((await signIn.timer.textContent()) ?? "") ?? [];
    return Number(minutes) * 60 + Number(seconds);
  }
});
