// What everybody does: sign up, sign in, look at the answer.
import { freshNumber } from "../harness/phone_number";
import { expect, test } from "../harness/test";

test("somebody signs in with a phone number and the code from the text", { tag: "@both" }, async ({ signIn, inbox, texts }) => {
  const number = freshNumber();
  await signIn.open();
  await signIn.number.pressSequentially(number.digits);
  await expect(signIn.number).toHaveValue(number.national);
  await signIn.button(texts.number.submit).click();

  await expect(signIn.heading("code")).toBeVisible();
  await expect(signIn.code).toBeFocused();
  await expect(signIn.text(number.international)).toBeVisible();
  await expect(signIn.timer).toHaveText(/ 0:[0-5]\d$/);
  await expect(signIn.text(texts.code.attemptsLeft(3))).toBeVisible();

  // The last digit submits.
  await signIn.code.pressSequentially(await inbox.newestCode(number.e164));
  await expect(signIn.heading("signedIn")).toBeFocused();
  await expect(signIn.answer).toContainText(/"color": \[\s*"red",\s*"blue"\s*\]/);
});

test("who comes back is signed in by a new code, as the same user", async ({ signIn, inbox, texts }) => {
  const number = freshNumber();
  await signIn.signIn(number);
  const first = await signIn.answer.textContent();
  await signIn.button(texts.signedIn.signOut).click();
  await signIn.askForCode(number);
  await signIn.answerCode(await inbox.newestCode(number.e164, 2));
  await expect(signIn.answer).toBeVisible();
  const subject = /"sub": "([^"]+)"/;
  expect(subject.exec((await signIn.answer.textContent()) ?? "")?.[1]).toBe(subject.exec(first ?? "")?.[1]);
});

test("the secured call tells whether it came from the cache", async ({ signIn, texts }) => {
  await signIn.signIn(freshNumber());
  await expect(signIn.text(beginningOf(texts.signedIn.cache.stored(60)))).toBeVisible();
  await signIn.button(texts.signedIn.callAgain).click();
  await expect(signIn.text(beginningOf(texts.signedIn.cache.hit(60)))).toBeVisible();
});

/** Up to the number of seconds, which only the worker knows. */
function beginningOf(sentence: string): RegExp {
  return new RegExp(`^${sentence.split(/,? [^ ,]+ [^ ,]*\d/)[0]?.split(/\d/)[0]}`);
}
