// Chromium, as the browser tests find it.

import { chromium } from "@playwright/test";

import { launchOptions } from "../../../e2e/browser/harness/chromium.mjs";

export function launchBrowser() {
  return chromium.launch(launchOptions());
}
