// Without a connection, and with it again. Nothing that was typed is lost, and what waited goes on by itself.
import { freshNumber } from "../harness/phone_number";
import { expect, test } from "../harness/test";

test.beforeEach(({ quiet }) => quiet.allowOffline());

test("the number waits for the connection", async ({ signIn, inbox, texts, context }) => {
  const number = freshNumber();
  await signIn.open();
  await context.setOffline(true);
  await expect(signIn.text(texts.notices.offline)).toBeVisible();
  await signIn.number.fill(number.digits);
  await signIn.button(texts.number.submit).click();
  await expect(signIn.error).toHaveText(texts.network);
  await expect(signIn.number).toHaveValue(number.national);

  await context.setOffline(false);
  await expect(signIn.heading("code")).toBeVisible();
  await expect(signIn.text(texts.notices.offline)).toHaveCount(0);
  await signIn.answerCode(await inbox.newestCode(number.e164));
});

test("the code waits for the connection", async ({ signIn, inbox, texts, context }) => {
  const number = freshNumber();
  await signIn.open();
  await signIn.askForCode(number);
  const code = await inbox.newestCode(number.e164);
  await context.setOffline(true);
  await signIn.code.fill(code);
  await expect(signIn.error).toHaveText(texts.network);
  await expect(signIn.code).toHaveValue(code);

  await context.setOffline(false);
  await expect(signIn.heading("signedIn")).toBeVisible();
});

test("a code that was changed meanwhile is not sent by itself", async ({ signIn, inbox, texts, context, page }) => {
  const number = freshNumber();
  await signIn.open();
  await signIn.askForCode(number);
  const code = await inbox.newestCode(number.e164);
  await context.setOffline(true);
  await signIn.code.fill(code);
  await expect(signIn.error).toHaveText(texts.network);
  await signIn.code.press("Backspace");
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.url()));
  await context.setOffline(false);
  await expect(page.getByRole("status").filter({ hasText: texts.notices.online })).toHaveCount(1);
  await expect(signIn.code).toHaveValue(code.slice(0, -1));
  await signIn.code.pressSequentially(code.slice(-1));
  await expect(signIn.heading("signedIn")).toBeVisible();
  expect(sent.filter((url) => url.endsWith("/sign_in"))).toHaveLength(1);
});

test("who is signed in stays so, and renews the token when the connection is back", async ({ signIn, texts, context }) => {
  await signIn.signIn(freshNumber());
  const before = await signIn.tokens();
  await context.setOffline(true);
  await signIn.button(texts.signedIn.callAgain).click();
  await expect(signIn.error).toHaveText(texts.network);
  // Its old answer would look like this call's.
  await expect(signIn.answer).toHaveCount(0);
  await signIn.button(texts.signedIn.renew).click();
  await expect(signIn.error).toHaveText(texts.network);
  expect(await signIn.tokens()).toEqual(before);

  await context.setOffline(false);
  await expect.poll(async () => (await signIn.tokens())?.AccessToken).not.toBe(before?.AccessToken);
  await signIn.button(texts.signedIn.callAgain).click();
  await expect(signIn.error).toHaveCount(0);
  await expect(signIn.answer).toBeVisible();
});

test("who signs out without a connection is signed out when it is back, with one request", async ({
  signIn, texts, context, page,
}) => {
  await signIn.signIn(freshNumber());
  await context.setOffline(true);
  for (let times = 0; times < 2; times++) {
    await signIn.button(texts.signedIn.signOut).click();
    await expect(signIn.error).toHaveText(texts.network);
  }
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.url()));
  await context.setOffline(false);
  await expect(signIn.heading("number")).toBeVisible();
  await expect(signIn.text(texts.notices.signedOut).first()).toBeVisible();
  expect(sent.filter((url) => url.endsWith("/sign_out"))).toHaveLength(1);
});

test("a new code is sent when the connection is back", async ({ signIn, texts, context, page }) => {
  await page.clock.install();
  await signIn.open();
  const answer = page.waitForResponse("**/sign_up");
  await signIn.askForCode(freshNumber());
  const challenge = await (await answer).text();
  // Not the worker's, which may say that it is too early.
  await page.route("**/sign_up", (route) => route.fulfill({ status: 201, contentType: "application/json", body: challenge }));
  await page.clock.fastForward("01:01");
  await context.setOffline(true);
  await page.route("**/sign_up", (route) => route.abort("internetdisconnected"), { times: 1 });
  await signIn.button(texts.code.resend).click();
  await expect(signIn.error).toHaveText(texts.network);
  await context.setOffline(false);
  await expect(signIn.text(texts.code.resent).first()).toBeVisible();
});
