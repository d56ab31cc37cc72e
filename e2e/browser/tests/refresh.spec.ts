// New tokens for old ones.
import { freshNumber } from "../harness/phone_number";
import { expect, test } from "../harness/test";

test("a token that expires is renewed by itself, and the clock starts anew", async ({ signIn, page }) => {
  await page.clock.install();
  await signIn.signIn(freshNumber());
  const before = await signIn.tokens();
  await page.clock.fastForward("59:40");
  await expect.poll(async () => (await signIn.tokens())?.AccessToken).not.toBe(before?.AccessToken);
  await expect(signIn.timer).toHaveText(/ 5\d:\d\d$/);
});

test("a token that expired while the tab was away is renewed before the call", async ({ signIn, page }) => {
  await signIn.signIn(freshNumber());
  const statuses: number[] = [];
  page.on("response", (response) => {
    if (response.url().includes("/secured/")) statuses.push(response.status());
  });
  await signIn.changeTokens({ ExpiresAt: Date.now() - 1000 });
  await page.reload();
  await expect(signIn.answer).toBeVisible();
  expect((await signIn.tokens())?.ExpiresAt).toBeGreaterThan(Date.now());
  expect(statuses).toEqual([200]);
});

test("a token that is refused is renewed, and the call is sent once more", async ({ signIn, page, quiet }) => {
  quiet.expectAnswer("/secured/call", 401);
  await signIn.signIn(freshNumber());
  const { AccessToken = "" } = (await signIn.tokens()) ?? {};
  // Another signature.
  await signIn.changeTokens({ AccessToken: AccessToken.replace(/[^.]+$/, (signature) => [...signature].reverse().join("")) });
  await page.reload();
  await expect(signIn.answer).toBeVisible();
  await expect(signIn.error).toHaveCount(0);
});

test("who renews by hand gets new tokens and is told", async ({ signIn, texts, page }) => {
  await signIn.signIn(freshNumber());
  const before = await signIn.tokens();
  await signIn.button(texts.signedIn.renew).click();
  await expect(page.getByRole("status").filter({ hasText: texts.signedIn.renewed })).toHaveCount(1);
  expect((await signIn.tokens())?.AccessToken).not.toBe(before?.AccessToken);
});

test("a sign-in that was ended elsewhere leads back to the number", async ({ signIn, texts, request, quiet }) => {
  quiet.expectAnswer("/refresh_token", 403);
  await signIn.signIn(freshNumber());
  const { AccessToken, RefreshToken } = (await signIn.tokens()) ?? {};
  const elsewhere = await request.post("/sign_out", {
    headers: { Authorization: `Bearer ${AccessToken}` },
    data: { refresh_token: RefreshToken, everywhere: true },
  });
  expect(elsewhere.ok()).toBe(true);
  await signIn.button(texts.signedIn.renew).click();
  await expect(signIn.heading("number")).toBeVisible();
  await expect(signIn.text(texts.notices.sessionEnded).first()).toBeVisible();
  expect(await signIn.tokens()).toBeUndefined();
});
