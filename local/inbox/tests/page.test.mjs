// The inbox's page and the notice in Chromium, with a strict Content-Security-Policy and texts that a test sends.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, afterEach, before, beforeEach, test } from "node:test";

import { AxeBuilder } from "@axe-core/playwright";

import { launchBrowser } from "./browser.mjs";
import { bundle, INBOX } from "./bundle.mjs";

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
  + "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const ONE = "+15005550006";
const OTHER = "+4915112345678";
/** A sign-in page of which the notice knows nothing: a code field that appears later, and what it was told. */
const SIGN_IN = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Sign in</title>
  <link rel="stylesheet" href="/_local/inbox/notice.css"><script type="module" src="/_local/inbox/notice.js"></script>
  <main><h1>Sign in</h1><label>Phone <input id="phone" autofocus></label>
  <p id="step" hidden><label>Code <input id="code" autocomplete="one-time-code"></label></p></main></html>`;
const SIZES = [{ width: 320, height: 568 }, { width: 390, height: 844 }, { width: 1280, height: 800 }];

let files;
let server;
let origin;
let browser;
let context;
let page;
let messages;
let complaints;
let broken;

before(async () => {
  const file = (name) => readFile(INBOX + name, "utf8");
  files = {
    "/": ["text/html", SIGN_IN],
    "/_local/inbox": ["text/html", await file("inbox.html")],
    "/_local/inbox/inbox.css": ["text/css", await file("inbox.css")],
    "/_local/inbox/inbox.js": ["text/javascript", await bundle("inbox.ts")],
    "/_local/inbox/notice.css": ["text/css", await file("notice.css")],
    "/_local/inbox/notice.js": ["text/javascript", await bundle("notice.ts")],
  };
  server = createServer((request, response) => {
    if (request.url === "/_local/inbox/messages") {
      if (broken) return void response.writeHead(502).end(JSON.stringify({ detail: "The local AWS is gone." }));
      return void response.end(JSON.stringify({ messages }));
    }
    const [type, body] = files[request.url] ?? ["text/plain", ""];
    response.writeHead(200, { "Content-Type": `${type}; charset=utf-8`, "Content-Security-Policy": POLICY }).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  server?.close();
  server?.closeAllConnections();
});

beforeEach(async () => {
  messages = [];
  complaints = [];
  broken = false;
  context = await browser.newContext({ viewport: SIZES[0], permissions: ["clipboard-read", "clipboard-write"] });
  context.setDefaultTimeout(10_000);
  page = await context.newPage();
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
});

afterEach(() => context.close());

let sent = 0;
function send(to, code) {
  sent += 1;
  const text = `${code} is your code for Example.\n\n@example.com #${code}`;
  messages = [{ id: `id-${sent}`, to, text, at: Date.now() }, ...messages];
}

/** Opens a page, and returns once it has read the texts for the first time. */
async function open(path) {
  const read = page.waitForResponse("**/_local/inbox/messages");
  await page.goto(origin + path);
  await (await read).finished();
}

async function assertAccessible() {
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
}

const bubbles = () => page.locator("#messages > li");

test("an empty inbox says what to do, and a text appears by itself and is read out", async () => {
  await open("/_local/inbox");
  assert.equal(await page.locator("#empty a").getAttribute("href"), "/");
  await assertAccessible();
  send(ONE, "011688");
  await bubbles().filter({ hasText: ONE }).waitFor();
  assert.equal(await page.locator("#empty").isVisible(), false);
  assert.match(await page.getByRole("status").textContent(), /New text to \+15005550006: 011688 is your code/);
  assert.deepEqual(complaints, []);
});

test("what was there when the page was opened is shown, newest first, and not read out", async () => {
  send(ONE, "111111");
  send(OTHER, "222222");
  await open("/_local/inbox");
  await bubbles().nth(1).waitFor();
  assert.deepEqual(await page.locator(".digits").allTextContents(), ["222222", "111111"]);
  const wordings = ["222222 is your code for Example.", "111111 is your code for Example."];
  assert.deepEqual(await page.locator(".text").allTextContents(), wordings);
  assert.equal(await page.locator("#news").textContent(), "");
});

test("a new text leaves the focus where it is", async () => {
  send(ONE, "111111");
  await open("/_local/inbox");
  const copy = bubbles().filter({ hasText: ONE }).getByRole("button", { name: "Copy the code 111111" });
  await copy.focus();
  send(OTHER, "222222");
  await bubbles().filter({ hasText: OTHER }).waitFor();
  assert.ok(await copy.evaluate((button) => button === document.activeElement));
});

test("a code is copied with the keyboard", async () => {
  send(ONE, "011688");
  await open("/_local/inbox");
  await page.getByRole("button", { name: "Copy the code 011688" }).press("Enter");
  await page.getByText("Copied 011688.").waitFor({ state: "attached" });
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "011688");
});

test("one number's texts are chosen by its digits or by a tap on it", async () => {
  send(ONE, "111111");
  send(OTHER, "222222");
  await open("/_local/inbox");
  const field = page.getByLabel("Number");
  await field.fill("151 123");
  await bubbles().filter({ hasText: ONE }).waitFor({ state: "detached" });
  assert.deepEqual(await page.locator(".digits").allTextContents(), ["222222"]);
  await field.fill("999");
  await page.getByRole("button", { name: "Show all" }).click();
  assert.equal(await bubbles().count(), 2);
  await page.getByRole("button", { name: ONE }).click();
  assert.deepEqual(await page.locator(".digits").allTextContents(), ["111111"]);
  assert.equal(page.url(), `${origin}/_local/inbox`);
});

test("the page says when the system is gone, and goes on by itself when it is back", async () => {
  send(ONE, "111111");
  await open("/_local/inbox");
  broken = true;
  await page.getByRole("alert").filter({ hasText: "The local AWS is gone." }).waitFor();
  await assertAccessible();
  assert.equal(await bubbles().count(), 1);
  broken = false;
  messages = [];
  await page.locator("#empty").waitFor();
  assert.equal(await page.getByRole("alert").count(), 0);
});

for (const viewport of SIZES) {
  for (const colorScheme of ["light", "dark"]) {
    test(`the inbox is accessible and fits at ${viewport.width} px, ${colorScheme}`, async () => {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      send(ONE, "111111");
      send(OTHER, "222222");
      await open("/_local/inbox");
      await bubbles().nth(1).waitFor();
      await assertAccessible();
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      assert.deepEqual(complaints, []);
    });
  }
}

const notice = () => page.locator(".local-notice");

test("a text that comes while the sign-in page is open is shown, without taking the focus or covering the page", async () => {
  send(ONE, "111111");
  await open("/");
  await page.locator("#phone").focus();
  assert.equal(await notice().textContent(), "");
  send(ONE, "222222");
  await notice().getByText("222222 is your code for Example.").waitFor();
  assert.equal(await notice().getAttribute("role"), "status");
  assert.equal(await page.evaluate(() => document.activeElement.id), "phone");
  await page.waitForFunction(() => document.querySelector("h1").getBoundingClientRect().top
    >= document.querySelector(".local-notice").getBoundingClientRect().bottom);
  assert.ok((await notice().boundingBox()).height <= 120);
  await assertAccessible();
  assert.deepEqual(complaints, []);
});

test("one tap fills in the code, as if it were typed, once the page asks for it", async () => {
  await open("/");
  await page.evaluate(() => addEventListener("input", (event) => (document.title = `typed ${event.target.value}`)));
  send(ONE, "011688");
  await notice().getByText("011688").waitFor();
  const fill = notice().getByRole("button", { name: "Fill in the code 011688" });
  assert.equal(await fill.isVisible(), false);
  await page.evaluate(() => (document.getElementById("step").hidden = false));
  await fill.click();
  assert.equal(await page.inputValue("#code"), "011688");
  assert.equal(await page.title(), "typed 011688");
  assert.equal(await page.evaluate(() => document.activeElement.id), "code");
  assert.equal(await notice().textContent(), "");
});

test("the notice goes when the page no longer asks for a code", async () => {
  await open("/");
  await page.evaluate(() => (document.getElementById("step").hidden = false));
  send(ONE, "011688");
  await notice().getByRole("button", { name: /Fill in/ }).waitFor();
  await page.evaluate(() => (document.getElementById("step").hidden = true));
  await notice().getByText("011688").waitFor({ state: "detached" });
});

test("the notice goes when it is dismissed, by button or Escape, and the page moves back", async () => {
  await open("/");
  const top = await page.locator("h1").evaluate((heading) => heading.getBoundingClientRect().top);
  const click = () => notice().getByRole("button", { name: /Dismiss/ }).click();
  const escape = () => notice().getByRole("link").press("Escape");
  for (const dismiss of [click, escape]) {
    send(ONE, "011688");
    await notice().getByText("011688").waitFor();
    await dismiss();
    await page.waitForFunction((before) => document.querySelector("h1").getBoundingClientRect().top === before, top);
    assert.equal(await notice().textContent(), "");
  }
});

test("a tap on the notice opens the inbox in a new tab", async () => {
  await open("/");
  send(ONE, "011688");
  const opened = context.waitForEvent("page");
  await notice().getByRole("link").click();
  assert.equal(new URL((await opened).url()).pathname, "/_local/inbox");
});

test("the notice goes by itself once the code has expired", async () => {
  await page.clock.install();
  await open("/");
  send(ONE, "011688");
  await page.clock.runFor(1_000);
  await notice().getByText("011688").waitFor();
  await page.clock.runFor(50_000);
  assert.match(await notice().textContent(), /011688/);
  await page.clock.runFor(10_000);
  assert.equal(await notice().textContent(), "");
});

test("without an inbox the notice keeps quiet, and stops asking", async () => {
  broken = true;
  let asked = 0;
  page.on("request", (request) => (asked += request.url().endsWith("/messages") ? 1 : 0));
  await page.clock.install();
  await open("/");
  for (let second = 0; second < 90; second += 1) {
    await page.clock.runFor(1_000);
    // The answer is awaited on this side of the clock.
    await page.evaluate(() => fetch("/"));
  }
  assert.equal(asked, 8);
  assert.ok(complaints.every((complaint) => complaint.startsWith("Failed to load resource")), complaints.join("\n"));
});
