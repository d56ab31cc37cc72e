// What every test of this folder is made with: `test`, and `expect` beside it.
import { test as base } from "@playwright/test";

import { en } from "../../../page/src/languages/en";
import { es } from "../../../page/src/languages/es";
import type { Texts } from "../../../page/src/languages/texts";
import { Inbox } from "./inbox";
import { Quiet } from "./quiet";
import { SignInPage } from "./sign_in_page";

export { expect } from "@playwright/test";

/** Workers of the running system, by what is special about them (xtask/src/system/for_tests). */
export interface Addresses {
  /** As `cargo xtask dev` runs it, with the inbox; limits that no test reaches. */
  readonly local: string;
  /** As it is deployed, with the limits that are the default. */
  readonly main: string;
  /** Its codes live three seconds. */
  readonly short: string;
  /** Codes go to no country at all. */
  readonly strict: string;
  /** Without one of its settings. */
  readonly broken: string;
}

export interface Options {
  addresses: Addresses;
  /** The folder that screenshots go to. */
  screenshots: string;
  /** The URL of page/building/, with a slash at the end. */
  building: string;
  /** The path of harness/no_texts.js. */
  noTexts: string;
  /** The worker that the test is about. */
  worker: keyof Addresses;
  /** Whether the page tells of new texts, as it does under `cargo xtask dev`. */
  notice: boolean;
}

interface Fixtures {
  /** The address of the test's worker, without a slash at the end. */
  address: string;
  texts: Texts;
  inbox: Inbox;
  quiet: Quiet;
  signIn: SignInPage;
}

export const test = base.extend<Options & Fixtures>({
  addresses: [undefined as unknown as Addresses, { option: true }],
  screenshots: ["", { option: true }],
  building: ["", { option: true }],
  noTexts: ["", { option: true }],
  worker: ["local", { option: true }],
  notice: [false, { option: true }],

  address: async ({ addresses, worker }, use) => use(addresses[worker]),
  baseURL: async ({ address }, use) => use(address),
  texts: async ({ locale }, use) => use(locale?.startsWith("es") ? es : en),

  // All workers but two share one local AWS, and so one inbox.
  inbox: async ({ request, addresses }, use) => use(new Inbox(request, addresses.local)),

  quiet: [
    async ({ context, address, notice, noTexts }, use) => {
      const quiet = new Quiet();
      await quiet.listen(context, address);
      if (!notice) await context.addInitScript({ path: noTexts });
      await use(quiet);
      await quiet.assert();
    },
    { auto: true },
  ],

  signIn: async ({ page, texts, inbox }, use) => use(new SignInPage(page, texts, inbox)),
});
