// Tokens are in memory and in sessionStorage, and nowhere else.
import { freshNumber } from "../harness/phone_number";
import { expect, test } from "../harness/test";

test("what a sign-in leaves behind is in sessionStorage alone", async ({ signIn, page, context }) => {
  const number = freshNumber();
  await signIn.open();
  await signIn.askForCode(number);
  expect(await elsewhere()).toEqual(NOTHING);
  expect(await inHistory()).not.toContain(number.digits);

  await signIn.answerCode(await signIn.inbox.newestCode(number.e164));
  await expect(signIn.answer).toBeVisible();
  expect(await elsewhere()).toEqual(NOTHING);
  expect(await inHistory()).toBe('{"step":"signed-in"}');
  expect(new URL(page.url()).pathname + new URL(page.url()).search + new URL(page.url()).hash).toBe("/");

  await signIn.button(signIn.texts.signedIn.signOut).click();
  await expect(signIn.heading("number")).toBeVisible();
  const left = await page.evaluate(() => JSON.stringify(window.sessionStorage));
  expect(left).not.toContain("Token");
  expect(left).not.toContain(number.digits);

  async function elsewhere() {
    const inPage = await page.evaluate(async () => ({
      localStorage: Object.keys(window.localStorage),
      databases: (await indexedDB.databases()).map(({ name }) => name),
      caches: await window.caches.keys(),
      serviceWorkers: (await navigator.serviceWorker.getRegistrations()).length,
    }));
    return { ...inPage, cookies: await context.cookies() };
  }

  function inHistory(): Promise<string> {
    return page.evaluate(() => JSON.stringify(history.state));
  }
});

const NOTHING = { localStorage: [], databases: [], caches: [], serviceWorkers: 0, cookies: [] };
