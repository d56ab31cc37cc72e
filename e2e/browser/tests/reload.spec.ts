// Reloading in the middle of each step. Phones do it by themselves when one looks at the text in another app.
import { otherThan } from "../harness/inbox";
import { explained } from "../harness/explained";
import { freshNumber } from "../harness/phone_number";
import { expect, test } from "../harness/test";

test("a number that is half typed outlives a reload", async ({ signIn, page }) => {
  await signIn.open();
  await signIn.country.selectOption("DE");
  await signIn.number.fill("15123");
  await page.reload();
  await expect(signIn.country).toHaveValue("DE");
  await expect(signIn.number).toHaveValue(/^1512 ?3$/);
});

test("a code that was sent outlives a reload, with its time and its attempts", async ({
  signIn, inbox, texts, page, quiet,
}) => {
  const number = freshNumber();
  quiet.expectAnswer("/sign_in", 401);
  await signIn.open();
  await signIn.askForCode(number);
  const code = await inbox.newestCode(number.e164);
  await signIn.code.fill(otherThan(code));
  await expect(signIn.error).toHaveText(explained(texts, "WRONG_CODE", { attemptsLeft: 2 }));

  await page.reload();
  await expect(signIn.heading("code")).toBeVisible();
  await expect(signIn.text(number.international)).toBeVisible();
  await expect(signIn.text(texts.code.attemptsLeft(2))).toBeVisible();
  await expect(signIn.timer).toHaveText(/ 0:[0-5]\d$/);
  await signIn.answerCode(code);
  expect(await inbox.textsTo(number.e164)).toHaveLength(1);
});

test("who opens the address again in the same tab goes on with the code, and can go back", async ({ signIn, inbox, page }) => {
  const number = freshNumber();
  await signIn.open();
  await signIn.askForCode(number);
  await page.goto("about:blank");
  await page.goto("/");
  await expect(signIn.heading("code")).toBeVisible();
  await page.goBack();
  await expect(signIn.heading("number")).toBeVisible();
  await expect(signIn.number).toHaveValue(number.national);
  await page.goForward();
  await signIn.answerCode(await inbox.newestCode(number.e164));
});

test("who is signed in stays so", { tag: "@both" }, async ({ signIn, page }) => {
  await signIn.signIn(freshNumber());
  const tokens = await signIn.tokens();
  await page.reload();
  await expect(signIn.heading("signedIn")).toBeVisible();
  await expect(signIn.answer).toBeVisible();
  expect(await signIn.tokens()).toEqual(tokens);
});

test("a new tab begins at the number", async ({ signIn, page, context }) => {
  await signIn.signIn(freshNumber());
  const other = signIn.in(await context.newPage());
  await other.open();
  expect(await other.tokens()).toBeUndefined();
  await page.reload();
  await expect(signIn.heading("signedIn")).toBeVisible();
});
