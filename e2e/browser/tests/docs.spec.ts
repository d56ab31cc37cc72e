// `/docs`: the description of the API, shown by a viewer of somebody else's (Swagger UI), from this deployment alone.
import { expectAccessible } from "../harness/accessibility";
import { expect, test } from "../harness/test";

test.use({ worker: "main" });

/** What Swagger UI 5 does not do right, in markup and styles of its own. Nothing of ours can change that; a new version may. */
const EXCEPTIONS = {
  "color-contrast": "the colours of methods and parameters",
  "heading-order": "an operation's headings begin two levels below its group's",
  "nested-interactive": "the button that unfolds an operation holds a link to it",
  region: "the introduction and the choice of servers are in no landmark",
  "scrollable-region-focusable": "long examples scroll, and only by hand",
  "select-name": "the choices of servers and of examples have no label",
};

test("the viewer shows every path of the description, and asks no other host", { tag: "@desktop" }, async ({
  page, request,
}) => {
  const { paths } = (await (await request.get("/openapi.json")).json()) as { paths: Record<string, object> };
  await page.goto("/docs");
  await expect(page).toHaveURL(/\/docs\/$/);
  for (const path of Object.keys(paths)) {
    await expect(page.locator(`[data-path="${path}"]`).first(), path).toBeVisible();
  }
  await page.locator('[data-path="/sign_up"]').first().click();
  await expect(page.getByRole("button", { name: "Try it out" }).first()).toBeVisible();
});

test("a request can be tried out", async ({ page }) => {
  await page.goto("/docs/");
  await page.locator('[data-path="/health"]').first().click();
  await page.getByRole("button", { name: "Try it out" }).first().click();
  const answer = page.waitForResponse("**/health*");
  await page.getByRole("button", { name: "Execute" }).first().click();
  expect((await answer).status()).toBe(200);
  await expect(page.getByText('"status": "ok"').first()).toBeVisible();
});

test("the viewer is as accessible as it can be", async ({ page }) => {
  await page.goto("/docs/");
  await page.locator('[data-path="/sign_up"]').first().click();
  await expect(page.getByRole("button", { name: "Try it out" }).first()).toBeVisible();
  await expectAccessible(page, EXCEPTIONS);
});
