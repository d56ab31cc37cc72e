// Leaving: the tokens are gone here, and worth nothing anywhere.
import { freshNumber } from "../harness/phone_number";
import { expect, test } from "../harness/test";

test("who signs out holds no tokens, and those that were held are refused", { tag: "@both" }, async ({
  signIn, texts, request,
}) => {
  await signIn.signIn(freshNumber());
  const { AccessToken, RefreshToken } = (await signIn.tokens()) ?? {};
  const call = () => request.get("/secured/call", { headers: { Authorization: `Bearer ${AccessToken}` } });
  expect((await call()).status()).toBe(200);

  await signIn.button(texts.signedIn.signOut).click();
  await expect(signIn.heading("number")).toBeVisible();
  await expect(signIn.text(texts.notices.signedOut).first()).toBeVisible();
  expect(await signIn.tokens()).toBeUndefined();
  expect((await call()).status()).toBe(401);
  expect((await request.post("/refresh_token", { data: { refresh_token: RefreshToken } })).status()).toBe(403);
});

test("who signs out everywhere is signed out on other devices", async ({ signIn, inbox, texts, browser, address, quiet }) => {
  const number = freshNumber();
  await signIn.signIn(number);

  // Another device: a browser that shares nothing with the first.
  const device = await browser.newContext({ baseURL: address, locale: "en-US" });
  await quiet.listen(device, address);
  quiet.expectAnswer("/secured/call", 401);
  quiet.expectAnswer("/refresh_token", 403);
  const other = signIn.in(await device.newPage());
  await other.open();
  await other.askForCode(number);
  await other.answerCode(await inbox.newestCode(number.e164, 2));
  await expect(other.answer).toBeVisible();

  await signIn.button(texts.signedIn.signOutEverywhere).click();
  await expect(signIn.text(texts.notices.signedOutEverywhere).first()).toBeVisible();
  await other.button(texts.signedIn.callAgain).click();
  await expect(other.heading("number")).toBeVisible();
  await expect(other.text(texts.notices.sessionEnded).first()).toBeVisible();
  await device.close();
});

test("who signs out everywhere too late is told that other devices may still be signed in", async ({
  signIn, texts, request, quiet,
}) => {
  quiet.expectAnswer("/refresh_token", 403);
  await signIn.signIn(freshNumber());
  const { AccessToken, RefreshToken } = (await signIn.tokens()) ?? {};
  const headers = { Authorization: `Bearer ${AccessToken}` };
  expect((await request.post("/sign_out", { headers, data: { refresh_token: RefreshToken } })).status()).toBe(204);
  // The worker would still take the access token here; once that has expired, nothing is left to sign out with.
  await signIn.changeTokens({ ExpiresAt: Date.now() - 1000 });

  await signIn.button(texts.signedIn.signOutEverywhere).click();
  await expect(signIn.heading("number")).toBeVisible();
  await expect(signIn.text(texts.notices.notEverywhere).first()).toBeVisible();
  await expect(signIn.text(texts.notices.signedOutEverywhere)).toHaveCount(0);
  expect(await signIn.tokens()).toBeUndefined();
});
