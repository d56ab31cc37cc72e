// How the browser tests run. The system that they test must be running: see README.md.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { launchOptions } from "./harness/chromium.mjs";

const { workers } = JSON.parse(readFileSync(required("E2E_SYSTEM"), "utf8"));
const target = fileURLToPath(new URL("../../target/", import.meta.url));

export default {
  testDir: "tests",
  outputDir: `${target}browser-tests`,
  fullyParallel: true,
  forbidOnly: true,
  // A test that fails now and then has found something.
  retries: 0,
  workers: 2,
  reporter: "list",
  // Milliseconds. A busy machine takes a second for what takes an idle one a tenth.
  timeout: 60_000,
  globalTimeout: 15 * 60_000,
  expect: { timeout: 15_000 },
  use: {
    // Options of harness/test.ts.
    addresses: workers,
    screenshots: `${target}screenshots`,
    building: new URL("../../page/building/", import.meta.url).href,
    noTexts: fileURLToPath(new URL("harness/no_texts.js", import.meta.url)),
    locale: "en-US",
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    // They would hold codes and tokens.
    trace: "off",
    video: "off",
    screenshot: "off",
    launchOptions: launchOptions(),
  },
  // A test without a tag runs on the phone, for which the page is made first.
  projects: [
    {
      name: "phone",
      grepInvert: /@desktop/,
      use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    },
    {
      name: "desktop",
      grep: /@desktop|@both/,
      use: { viewport: { width: 1280, height: 800 } },
    },
  ],
};

function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: see e2e/browser/README.md`);
  return value;
}
