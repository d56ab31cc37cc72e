// The sign-in page as people and screen readers know it: by roles and labels, in the page's language.
import { expect, type Locator, type Page } from "@playwright/test";

import type { Texts } from "../../../page/src/languages/texts";
import type { Inbox } from "./inbox";
import type { PhoneNumber } from "./phone_number";

export interface Tokens {
  readonly AccessToken: string;
  readonly IdToken: string;
  readonly RefreshToken: string;
  /** Unix milliseconds. */
  readonly ExpiresAt: number;
}

export class SignInPage {
  constructor(
    readonly page: Page,
    readonly texts: Texts,
    readonly inbox: Inbox,
  ) {}

  /** The same page in another tab. */
  in(page: Page): SignInPage {
    return new SignInPage(page, this.texts, this.inbox);
  }

  heading(step: "number" | "code" | "signedIn"): Locator {
    return this.page.getByRole("heading", { level: 1, name: this.texts[step].title });
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  get number(): Locator {
    return this.page.getByLabel(this.texts.number.phoneNumber, { exact: true });
  }

  get country(): Locator {
    return this.page.getByLabel(this.texts.number.country, { exact: true });
  }

  get code(): Locator {
    return this.page.getByLabel(this.texts.code.code, { exact: true });
  }

  get error(): Locator {
    return this.page.getByRole("alert").filter({ hasText: /./ });
  }

  /** How long the code or the access token is still good. */
  get timer(): Locator {
    return this.page.getByRole("timer");
  }

  get answer(): Locator {
    return this.page.getByRole("region", { name: this.texts.signedIn.answer, exact: true });
  }

  text(text: string | RegExp): Locator {
    return this.page.getByText(text);
  }

  /** Opens the page and waits until it can be used. */
  async open(): Promise<void> {
    await this.page.goto("/");
    await expect(this.heading("number")).toBeVisible();
  }

  /** From the number's step to the code's. */
  async askForCode(number: PhoneNumber): Promise<void> {
    await this.number.fill(number.digits);
    await this.button(this.texts.number.submit).click();
    await expect(this.heading("code")).toBeVisible();
  }

  /** From the code's step on; the page submits by itself. */
  async answerCode(code: string): Promise<void> {
    await this.code.fill(code);
    await expect(this.heading("signedIn")).toBeVisible();
  }

  /** All of it. */
  async signIn(number: PhoneNumber): Promise<void> {
    await this.open();
    await this.askForCode(number);
    await this.answerCode(await this.inbox.newestCode(number.e164));
    await expect(this.answer).toBeVisible();
  }

  /** The tokens that the page holds, if it does. */
  async tokens(): Promise<Tokens | undefined> {
    const values = await this.page.evaluate(() => Object.values(window.sessionStorage) as string[]);
    const stored = values.map((value) => JSON.parse(value) as Tokens | null);
    return stored.find((value) => value !== null && "AccessToken" in value) ?? undefined;
  }

  /** Changes what the page has stored, as time or somebody else would. */
  async changeTokens(changes: Partial<Tokens>): Promise<void> {
    await this.page.evaluate((changes) => {
      for (const [key, value] of Object.entries(window.sessionStorage) as [string, string][]) {
        const stored = JSON.parse(value) as object;
        if ("AccessToken" in stored) window.sessionStorage.setItem(key, JSON.stringify({ ...stored, ...changes }));
      }
    }, changes);
  }
}
