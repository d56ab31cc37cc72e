// Two tabs of one sign-in: a duplicated tab has a copy of what the other has stored, and a refresh token is good once.
import type { BrowserContext, Page } from "@playwright/test";

import { freshNumber } from "../harness/phone_number";
import type { SignInPage } from "../harness/sign_in_page";
import { expect, test } from "../harness/test";

test("two tabs that renew at once do it with one request, and both get its tokens", async ({ signIn, texts, context }) => {
  const { other, before } = await inTwoTabs(signIn);
  const requests = countRefreshes(context);
  // The answer waits until both tabs have asked for it.
  await context.route("**/refresh_token", async (route) => {
    await expect(other.button(texts.signedIn.renewing)).toBeVisible();
    await expect(signIn.button(texts.signedIn.renewing)).toBeVisible();
    await route.continue();
  });
  await Promise.all([signIn.button(texts.signedIn.renew).click(), other.button(texts.signedIn.renew).click()]);
  await expectSameNewTokens(signIn, other, before);
  expect(requests).toHaveLength(1);
});

test("two tabs whose token expires at the same moment do it with one request", async ({ signIn, context }) => {
  await context.clock.install();
  const { other, before } = await inTwoTabs(signIn);
  const requests = countRefreshes(context);
  await context.clock.fastForward("59:50");
  await expectSameNewTokens(signIn, other, before);
  expect(requests).toHaveLength(1);
});

test("a tab that comes later takes over what the other has traded", async ({ signIn, texts, context }) => {
  const { other, before } = await inTwoTabs(signIn);
  const requests = countRefreshes(context);
  await signIn.button(texts.signedIn.renew).click();
  await expectSameNewTokens(signIn, other, before);
  await other.button(texts.signedIn.callAgain).click();
  await expect(other.error).toHaveCount(0);
  expect(requests).toHaveLength(1);
});

test("who signs out in one tab is signed out in its duplicate", async ({ signIn, texts }) => {
  const { other } = await inTwoTabs(signIn);
  await signIn.button(texts.signedIn.signOut).click();
  await expect(signIn.heading("number")).toBeVisible();
  await expect(other.heading("number")).toBeVisible();
  expect(await other.tokens()).toBeUndefined();
});

/** Signs in, and duplicates the tab. */
async function inTwoTabs(signIn: SignInPage) {
  await signIn.signIn(freshNumber());
  const before = await signIn.tokens();
  // HTML §7.3.1.1: a window that a page opens begins with a copy of its session storage, as a duplicated tab does.
  const opened = signIn.page.waitForEvent("popup");
  await signIn.page.evaluate(() => void window.open("/"));
  const other = signIn.in((await opened) as Page);
  await expect(other.answer).toBeVisible();
  expect(await other.tokens()).toEqual(before);
  return { other, before };
}

function countRefreshes(context: BrowserContext): string[] {
  const requests: string[] = [];
  context.on("request", (request) => {
    if (request.url().endsWith("/refresh_token")) requests.push(request.url());
  });
  return requests;
}

async function expectSameNewTokens(one: SignInPage, other: SignInPage, before: Awaited<ReturnType<SignInPage["tokens"]>>) {
  await expect.poll(async () => (await one.tokens())?.AccessToken).not.toBe(before?.AccessToken);
  const after = await one.tokens();
  expect(after).toBeDefined();
  await expect.poll(() => other.tokens()).toEqual(after);
  await expect(one.button(one.texts.signedIn.renew)).toBeVisible();
  await expect(other.button(other.texts.signedIn.renew)).toBeVisible();
  await expect(one.error).toHaveCount(0);
  await expect(other.error).toHaveCount(0);
}
