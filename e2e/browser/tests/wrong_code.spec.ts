// Codes that are not the right one.
import { otherThan } from "../harness/inbox";
import { freshNumber } from "../harness/phone_number";
import { explained } from "../harness/explained";
import { expect, test } from "../harness/test";

test("a wrong code costs an attempt, and the right one still works", { tag: "@both" }, async ({
  signIn, inbox, texts, quiet,
}) => {
  const number = freshNumber();
  quiet.expectAnswer("/sign_in", 401);
  await signIn.open();
  await signIn.askForCode(number);
  const code = await inbox.newestCode(number.e164);

  await signIn.code.fill(otherThan(code));
  await expect(signIn.error).toHaveText(explained(texts, "WRONG_CODE", { attemptsLeft: 2 }));
  await expect(signIn.text(texts.code.attemptsLeft(2)).last()).toBeVisible();
  await expect(signIn.code).toHaveValue("");
  await expect(signIn.code).toBeFocused();
  await expect(signIn.code).toHaveAttribute("aria-invalid", "true");

  await signIn.code.press("1");
  await expect(signIn.error).toHaveCount(0);
  await expect(signIn.code).not.toHaveAttribute("aria-invalid");

  await signIn.answerCode(code);
});

test("after three wrong codes only a new code helps", async ({ signIn, inbox, texts, page, quiet }) => {
  const number = freshNumber();
  quiet.expectAnswer("/sign_in", 401);
  quiet.expectAnswer("/sign_in", 403);
  await page.clock.install();
  await signIn.open();
  await signIn.askForCode(number);
  const code = await inbox.newestCode(number.e164);
  for (const attemptsLeft of [2, 1]) {
    await signIn.code.fill(otherThan(code));
    await expect(signIn.error).toHaveText(explained(texts, "WRONG_CODE", { attemptsLeft }));
  }
  await signIn.code.fill(otherThan(code));
  await expect(signIn.error).toHaveText(texts.notAuthorized.signIn);
  await expect(signIn.code).not.toBeEditable();
  await expect(signIn.button(texts.code.submit)).toBeHidden();

  await page.clock.fastForward("01:01");
  await signIn.button(texts.code.resend).click();
  await expect(signIn.text(texts.code.attemptsLeft(3))).toBeVisible();
  await signIn.answerCode(await inbox.newestCode(number.e164, 2));
});

test("an incomplete code is not sent", async ({ signIn, texts, page }) => {
  await signIn.open();
  await signIn.askForCode(freshNumber());
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.url()));
  await signIn.code.fill("123");
  await signIn.button(texts.code.submit).click();
  await expect(signIn.error).toHaveText(texts.code.incomplete(6));
  await expect(signIn.code).toBeFocused();
  expect(sent.filter((url) => url.endsWith("/sign_in"))).toEqual([]);
});

test("a code that is corrected while the wrong one is checked is not lost", async ({ signIn, inbox, texts, page, quiet }) => {
  const number = freshNumber();
  quiet.expectAnswer("/sign_in", 401);
  await signIn.open();
  await signIn.askForCode(number);
  const code = await inbox.newestCode(number.e164);
  let answer = () => {};
  const corrected = new Promise<void>((resolve) => (answer = resolve));
  await page.route("**/sign_in", async (route) => (await corrected, route.continue()), { times: 1 });
  await signIn.code.fill(otherThan(code));
  await expect(signIn.button(texts.code.submitting)).toBeVisible();
  await signIn.code.press("Backspace");
  await signIn.code.press(code.slice(-1));
  await expect(signIn.code).toHaveValue(code);
  answer();
  await expect(signIn.heading("signedIn")).toBeVisible();
});
