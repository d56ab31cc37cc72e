// Takes the README's two pictures, docs/sign-in.png and docs/signed-in.png, of a running `cargo xtask dev`:
//   node e2e/browser/readme_screenshots.mjs [http://127.0.0.1:8787]
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import sharp from "sharp";

import { launchOptions } from "./harness/chromium.mjs";

const address = process.argv[2] ?? "http://127.0.0.1:8787";
const DOCS = fileURLToPath(new URL("../../docs/", import.meta.url));
/** Bytes: every clone of the repository carries the pictures. */
const LIMIT = 40 * 1024;

const browser = await chromium.launch(launchOptions());
try {
  const page = await browser.newPage({ viewport: { width: 390, height: 720 }, deviceScaleFactor: 2, locale: "en-US" });
  await page.addInitScript({ path: fileURLToPath(new URL("harness/no_texts.js", import.meta.url)) });
  // A new one each time, for a number may have only so many codes in an hour. 555-01xx is for films and pictures.
  const line = `01${String(Math.floor(Math.random() * 100)).padStart(2, "0")}`;
  await page.goto(address);
  await page.getByLabel("Phone number").pressSequentially(`415555${line}`);
  await take(page, "sign-in");
  const before = await messages();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("One-time code").fill(await newCode(`+1415555${line}`, before));
  await page.getByRole("region", { name: "Answer" }).waitFor();
  await take(page, "signed-in");
} finally {
  await browser.close();
}

async function messages() {
  return (await (await fetch(`${address}/_local/inbox/messages`)).json()).messages;
}

/** The code in the first text to `number` that is not one of `before`. */
async function newCode(number, before) {
  const known = new Set(before.map(({ id }) => id));
  for (const until = Date.now() + 20_000; Date.now() < until; ) {
    const text = (await messages()).find(({ id, to }) => to === number && !known.has(id))?.text;
    if (text !== undefined) return /\d{6}/.exec(text)[0];
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("no text came within 20 s");
}

async function take(page, name) {
  const picture = await page.screenshot({ animations: "disabled", caret: "hide" });
  const small = await sharp(picture).png({ palette: true, colours: 32, effort: 10 }).toBuffer();
  if (small.length > LIMIT) throw new Error(`${name}.png has ${small.length} bytes, more than ${LIMIT}`);
  writeFileSync(`${DOCS}${name}.png`, small);
  console.log(`docs/${name}.png: ${small.length} bytes`);
}
