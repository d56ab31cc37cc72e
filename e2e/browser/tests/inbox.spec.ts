// The inbox of `cargo xtask dev`, and its notice on the sign-in page.
import type { APIRequestContext, Page } from "@playwright/test";

import { expectAccessible } from "../harness/accessibility";
import { freshNumber, type PhoneNumber } from "../harness/phone_number";
import { expect, test } from "../harness/test";

test.use({ notice: true });

test("texts come by themselves, newest first", { tag: "@both" }, async ({ page, request, inbox }) => {
  const number = freshNumber();
  await page.goto("/_local/inbox");
  await expect(page.getByRole("heading", { level: 1, name: "Messages" })).toBeVisible();
  await text(request, number);
  const filter = page.getByRole("searchbox", { name: "Number" });
  await filter.fill(number.e164);
  const messages = page.getByRole("list", { name: "Texts, newest first" }).getByRole("listitem");
  await expect(messages).toHaveCount(1);
  const first = await inbox.newestCode(number.e164);
  await expect(messages).toContainText(first);

  await text(request, number);
  const second = await inbox.newestCode(number.e164, 2);
  await expect(messages).toContainText([second, first]);
  await filter.fill("999999999999999");
  await expect(messages).toHaveCount(0);
  await page.getByRole("button", { name: "Show all" }).click();
  await expect(messages.filter({ hasText: first }).first()).toBeVisible();
});

test("a code is copied with one tap", async ({ page, request, inbox, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const number = freshNumber();
  await text(request, number);
  const code = await inbox.newestCode(number.e164);
  await page.goto("/_local/inbox");
  await page.getByRole("searchbox", { name: "Number" }).fill(number.e164);
  await page.getByRole("button", { name: `Copy the code ${code}` }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(code);
});

test("the inbox is accessible, and fits 320 pixels", async ({ page, request }) => {
  const number = freshNumber();
  await text(request, number);
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto("/_local/inbox");
  // So many texts would take axe long, and they are all alike.
  await page.getByRole("searchbox", { name: "Number" }).fill(number.e164);
  await expect(page.getByRole("listitem")).toHaveCount(1);
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
});

test("the sign-in page shows a new text as a phone would, and fills the code in", async ({ signIn, page, inbox }) => {
  const number = freshNumber();
  await onlyTextsTo(page, number);
  await signIn.open();
  await signIn.askForCode(number);
  const code = await inbox.newestCode(number.e164);
  const fill = page.getByRole("button", { name: `Fill in the code ${code}` });
  await expect(fill).toBeVisible();
  await expectAccessible(page);
  await fill.click();
  await expect(signIn.heading("signedIn")).toBeVisible();
  await expect(fill).toBeHidden();
});

/** Has a text sent, as soon as the number may get another one. */
async function text(request: APIRequestContext, { e164 }: PhoneNumber): Promise<void> {
  await expect.poll(async () => (await request.post("/sign_up", { data: { phone_number: e164 } })).status()).toBe(201);
}

/** Texts of tests that run at the same time are not this test's affair. */
async function onlyTextsTo(page: Page, { e164 }: PhoneNumber): Promise<void> {
  await page.route("**/_local/inbox/messages", async (route) => {
    const response = await route.fetch();
    const { messages } = (await response.json()) as { messages: { to: string }[] };
    await route.fulfill({ response, json: { messages: messages.filter(({ to }) => to === e164) } });
  });
}
