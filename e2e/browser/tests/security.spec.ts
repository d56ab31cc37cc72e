// What the static files' answers tell browsers, and that browsers hold to it.
import { expect, test } from "../harness/test";

test.use({ worker: "main" });

const COMMON = {
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

for (const path of ["/", "/assets/page.js", "/docs/", "/openapi.json"]) {
  test(`${path} comes with the headers that keep others out`, async ({ request }) => {
    const response = await request.get(path);
    expect(response.status()).toBe(200);
    const headers = response.headers();
    expect(headers).toMatchObject(COMMON);
    const policy = new Map(
      (headers["content-security-policy"] ?? "").split("; ").map((directive) => {
        const [name = "", ...sources] = directive.split(" ");
        return [name, sources.join(" ")] as const;
      }),
    );
    for (const name of ["default-src", "base-uri", "form-action", "frame-ancestors"]) {
      expect(policy.get(name), name).toBe("'none'");
    }
    for (const name of ["script-src", "style-src", "connect-src"]) expect(policy.get(name), name).toBe("'self'");
    expect(headers["content-security-policy"]).not.toMatch(/unsafe|\*|https?:/);
  });
}

test("/openapi.json may be read by pages of any origin, the sign-in page by none", async ({ request }) => {
  expect((await request.get("/openapi.json")).headers()).toMatchObject({
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
  });
  const page = (await request.get("/")).headers();
  expect(page["access-control-allow-origin"]).toBeUndefined();
  expect(page["cross-origin-resource-policy"]).toBe("same-origin");
});

test("scripts and styles in the markup do nothing", async ({ page, quiet, signIn }) => {
  quiet.expect(/violation of script-src-elem by inline/);
  quiet.expect(/violation of script-src-attr by inline/);
  quiet.expect(/violation of style-src-elem by inline/);
  quiet.expect(/violation of style-src-attr by inline/);
  // What the browser says about each besides, in its own words.
  quiet.expect(/^console: (Executing|Applying) inline .* violates the following Content Security Policy directive/);
  await page.route("/", async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace(
      "</body>",
      `<script>document.title = "taken over"</script><img src="/none.png" onerror="document.title = 'taken over'">
      <style>h1 { color: rgb(1, 2, 3) !important }</style><p id="styled" style="color: rgb(1, 2, 3)">x</p></body>`,
    );
    await route.fulfill({ response, body });
  });
  quiet.expectAnswer("/none.png", 404);
  await signIn.open();
  await expect(page).not.toHaveTitle("taken over");
  await expect(signIn.heading("number")).not.toHaveCSS("color", "rgb(1, 2, 3)");
  await expect(page.locator("#styled")).not.toHaveCSS("color", "rgb(1, 2, 3)");
});

test("text cannot become markup or code, even if a script of the page tried", async ({ page, signIn, quiet }) => {
  quiet.expect(/violation of require-trusted-types-for by trusted-types-sink/);
  quiet.expect(/^console: This document requires 'TrustedHTML' assignment/);
  await signIn.open();
  const outcome = await page.evaluate(() => {
    try {
      document.body.innerHTML = "<img src=x onerror=alert(1)>";
      return "markup";
    } catch (error) {
      return (error as Error).name;
    }
  });
  expect(outcome).toBe("TypeError");
});

test("no other page can show it in a frame", async ({ page, address, addresses, quiet }) => {
  // A page of another origin, without a policy of its own. Not one made by `route`: Chromium takes that for a public network's,
  // and refuses it this machine's pages in any case.
  quiet.allowHost(addresses.short);
  quiet.expect(/^console: Framing .* violates the following Content Security Policy directive: "frame-ancestors 'none'"/);
  quiet.allow(/favicon\.ico$/);
  await page.goto(`${addresses.short}/health`);
  await page.evaluate((address) => {
    const frame = document.createElement("iframe");
    frame.src = `${address}/`;
    document.body.append(frame);
  }, address);
  // What Chromium shows instead of what it refuses to.
  await expect.poll(() => page.frames()[1]?.url()).toBe("chrome-error://chromewebdata/");
});

test("what is deployed has no inbox", async ({ request }) => {
  for (const path of ["/_local/inbox", "/_local/inbox/", "/_local/inbox/messages", "/_local/inbox/notice.js"]) {
    expect((await request.get(path)).status(), path).toBe(404);
  }
});

test("the page is only for reading", async ({ request }) => {
  for (const method of ["POST", "PUT", "DELETE"]) {
    const response = await request.fetch("/", { method });
    expect([404, 405], method).toContain(response.status());
    expect(await response.text()).not.toContain("<html");
  }
});
