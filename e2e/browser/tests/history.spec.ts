// The browser's back and forward buttons.
import { freshNumber } from "../harness/phone_number";
import { expect, test } from "../harness/test";

test("back leads to the number, which is still there, and forward to the code, which is still good", async ({
  signIn, inbox, page,
}) => {
  const number = freshNumber();
  await signIn.open();
  await signIn.askForCode(number);
  await page.goBack();
  await expect(signIn.heading("number")).toBeVisible();
  await expect(signIn.number).toHaveValue(number.national);
  await page.goForward();
  await expect(signIn.heading("code")).toBeVisible();
  await signIn.answerCode(await inbox.newestCode(number.e164));
});

test("the same number again takes the code that was sent, another number gets its own", async ({ signIn, inbox, texts }) => {
  const [first, second] = [freshNumber(), freshNumber()];
  await signIn.open();
  await signIn.askForCode(first);
  await signIn.button(texts.code.changeNumber).click();
  await expect(signIn.heading("number")).toBeVisible();
  await signIn.button(texts.number.submit).click();
  await expect(signIn.heading("code")).toBeVisible();
  expect(await inbox.textsTo(first.e164)).toHaveLength(1);

  await signIn.button(texts.code.changeNumber).click();
  await signIn.askForCode(second);
  await expect(signIn.text(second.international)).toBeVisible();
  await signIn.answerCode(await inbox.newestCode(second.e164));
});

test("who is signed in gets neither the code nor the number back", async ({ signIn, page }) => {
  await signIn.signIn(freshNumber());
  await page.goBack();
  await expect(signIn.heading("signedIn")).toBeVisible();
  await expect(signIn.answer).toBeVisible();
  await page.goForward();
  await expect(signIn.heading("signedIn")).toBeVisible();
});

test("who has signed out does not get back in", async ({ signIn, texts, page }) => {
  await signIn.signIn(freshNumber());
  await signIn.button(texts.signedIn.signOut).click();
  await expect(signIn.heading("number")).toBeVisible();
  await page.goBack();
  await expect(signIn.heading("number")).toBeVisible();
  await page.goForward();
  await expect(signIn.heading("number")).toBeVisible();
  await expect(signIn.heading("signedIn")).toBeHidden();
});
