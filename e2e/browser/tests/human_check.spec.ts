// Cloudflare Turnstile, where page/settings.json names a site. Its script is a stand-in here: no test asks another host.
import type { Page } from "@playwright/test";

import { pageWith } from "../harness/other_settings";
import { freshNumber } from "../harness/phone_number";
import { problem } from "../harness/problem";
import { expect, test } from "../harness/test";

const TURNSTILE = "https://challenges.cloudflare.com";
const SITE_KEY = "1x00000000000000000000AA";
/** Is human by a tap, and then gives a token with the action in it. */
const SCRIPT = `globalThis.turnstile = {
  render(container, { sitekey, action, callback }) {
    const button = document.createElement("button");
    button.textContent = "I am human";
    button.type = "button";
    button.addEventListener("click", () => callback(["token", sitekey, action].join("|")));
    container.append(button);
    return "widget";
  },
  remove() {},
};`;

test("asked for, it is shown, and its token goes along with the number", async ({
  signIn, inbox, texts, page, quiet, building,
}) => {
  const number = freshNumber();
  quiet.expectAnswer("/sign_up", 403);
  quiet.allowHost(TURNSTILE);
  await withTurnstile(page, building);
  await page.route(`${TURNSTILE}/**`, (route) => route.fulfill({ contentType: "text/javascript", body: SCRIPT }));
  const tokens: unknown[] = [];
  await page.route("**/sign_up", async (route) => {
    const { turnstile_token: token } = route.request().postDataJSON() as { turnstile_token?: string };
    tokens.push(token);
    await (token === undefined ? route.fulfill(problem(403, "HUMAN_CHECK_REQUIRED")) : route.continue());
  });
  await signIn.open();
  await signIn.number.fill(number.digits);
  await signIn.button(texts.number.submit).click();
  await expect(signIn.text(texts.humanCheck.prompt)).toBeVisible();
  await signIn.button("I am human").click();
  await expect(signIn.heading("code")).toBeVisible();
  expect(tokens).toEqual([undefined, `token|${SITE_KEY}|sign_up`]);
  await signIn.answerCode(await inbox.newestCode(number.e164));
});

test("a content blocker that keeps it away is told about, and the number can be sent again", async ({
  signIn, texts, page, quiet, building,
}) => {
  quiet.expectAnswer("/sign_up", 403);
  quiet.allowHost(TURNSTILE);
  quiet.expect(/^console: Failed to load resource: net::ERR_BLOCKED_BY_CLIENT/);
  await withTurnstile(page, building);
  await page.route(`${TURNSTILE}/**`, (route) => route.abort("blockedbyclient"), { times: 1 });
  await page.route("**/sign_up", (route) => route.fulfill(problem(403, "HUMAN_CHECK_REQUIRED")));
  await signIn.open();
  await signIn.number.fill(freshNumber().digits);
  await signIn.button(texts.number.submit).click();
  await expect(signIn.error).toHaveText(texts.humanCheck.failed);

  await page.route(`${TURNSTILE}/**`, (route) => route.fulfill({ contentType: "text/javascript", body: SCRIPT }));
  await signIn.button(texts.number.submit).click();
  await expect(signIn.button("I am human")).toBeVisible();
});

test("an empty script in its place is told about, and the number can be sent again", async ({
  signIn, texts, page, quiet, building,
}) => {
  quiet.expectAnswer("/sign_up", 403);
  quiet.allowHost(TURNSTILE);
  await withTurnstile(page, building);
  await page.route(`${TURNSTILE}/**`, (route) => route.fulfill({ contentType: "text/javascript", body: SCRIPT }));
  await page.route(`${TURNSTILE}/**`, (route) => route.fulfill({ contentType: "text/javascript", body: "" }), { times: 1 });
  await page.route("**/sign_up", (route) => route.fulfill(problem(403, "HUMAN_CHECK_REQUIRED")));
  await signIn.open();
  await signIn.number.fill(freshNumber().digits);
  await signIn.button(texts.number.submit).click();
  await expect(signIn.error).toHaveText(texts.humanCheck.failed);
  await signIn.button(texts.number.submit).click();
  await expect(signIn.button("I am human")).toBeVisible();
});

test("a browser that it does not support is told so", async ({ signIn, texts, page, quiet, building }) => {
  quiet.expectAnswer("/sign_up", 403);
  quiet.allowHost(TURNSTILE);
  const body = `globalThis.turnstile = {
    render(_, options) {
      options["unsupported-callback"]();
      return "widget";
    },
    remove() {},
  };`;
  await withTurnstile(page, building);
  await page.route(`${TURNSTILE}/**`, (route) => route.fulfill({ contentType: "text/javascript", body }));
  await page.route("**/sign_up", (route) => route.fulfill(problem(403, "HUMAN_CHECK_REQUIRED")));
  await signIn.open();
  await signIn.number.fill(freshNumber().digits);
  await signIn.button(texts.number.submit).click();
  await expect(signIn.error).toHaveText(texts.humanCheck.failed);
});

test("where no site is set up, a worker that asks for it is told of", async ({ signIn, texts, page, quiet }) => {
  quiet.expectAnswer("/sign_up", 403);
  await page.route("**/sign_up", (route) => route.fulfill(problem(403, "HUMAN_CHECK_REQUIRED")));
  await signIn.open();
  await signIn.number.fill(freshNumber().digits);
  await signIn.button(texts.number.submit).click();
  await expect(signIn.error).toHaveText(texts.humanCheck.failed);
});

/** Serves the page as it is built with a site key, with the policy that belongs to it. */
async function withTurnstile(page: Page, building: string): Promise<void> {
  const { script, policy } = await pageWith(building, { turnstileSiteKey: SITE_KEY, humanCheck: "soft" });
  await page.route("/assets/page.js", (route) => route.fulfill({ contentType: "text/javascript", body: script }));
  await page.route("/", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": policy } });
  });
}
