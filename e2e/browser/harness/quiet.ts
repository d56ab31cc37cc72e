// What no page of ours may do, whatever a test is about: complain in the console, fail without anybody noticing, ask another
// host for something, or run into its own Content-Security-Policy.
import { expect, type BrowserContext, type ConsoleMessage } from "@playwright/test";

interface Expected {
  readonly complaint: RegExp;
  readonly must: boolean;
  seen: boolean;
}

export class Quiet {
  readonly #complaints: string[] = [];
  readonly #expected: Expected[] = [];
  readonly #hosts = new Set<string>();

  /** Says that the test makes `path` answer with `status`, an error. It must then do so; Chromium always writes that down. */
  expectAnswer(path: string, status: number): void {
    const words = `Failed to load resource: the server responded with a status of ${status}`;
    this.expect(new RegExp(`^console: ${words} .*[0-9]${path}(\\?.*)?$`));
  }

  /** Says that the test provokes a complaint. */
  expect(complaint: RegExp): void {
    this.#expected.push({ complaint, must: true, seen: false });
  }

  /** Says that a complaint does not matter to the test. */
  allow(complaint: RegExp): void {
    this.#expected.push({ complaint, must: false, seen: false });
  }

  /** Says that the test takes the connection away. */
  allowOffline(): void {
    this.allow(/^console: Failed to load resource: net::ERR_INTERNET_DISCONNECTED/);
  }

  /** Says that the page may ask `origin` for something. */
  allowHost(origin: string): void {
    this.#hosts.add(origin);
  }

  /** Listens to all pages of `context`, which are those of the worker at `address`. */
  async listen(context: BrowserContext, address: string): Promise<void> {
    this.#hosts.add(address);
    context.on("console", (message) => this.#hear(message));
    context.on("weberror", (error) => this.#complain(`error: ${error.error().stack}`));
    context.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      if (!this.#hosts.has(origin) && protocol !== "data:") this.#complain(`request to another host: ${origin}`);
    });
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sourceFile, lineNumber }) =>
        console.error(`violation of ${effectiveDirective} by ${blockedURI} in ${sourceFile}:${lineNumber}`),
      );
    });
  }

  #hear(message: ConsoleMessage): void {
    if (message.type() !== "error" && message.type() !== "warning") return;
    this.#complain(`console: ${message.text()} at ${message.location().url}`);
  }

  #complain(complaint: string): void {
    const expected = this.#expected.filter((expected) => expected.complaint.test(complaint));
    for (const one of expected) one.seen = true;
    if (expected.length === 0) this.#complaints.push(complaint);
  }

  /** Fails if there was a complaint that the test did not announce, or if one that it did does not come. */
  async assert(): Promise<void> {
    // The browser may tell of them a moment after what the test saw.
    await expect.poll(() => this.#missing(), { message: "complaints that the test meant to provoke" }).toEqual([]);
    expect(this.#complaints, "what the browser complains about").toEqual([]);
  }

  #missing(): string[] {
    return this.#expected.filter(({ must, seen }) => must && !seen).map(({ complaint }) => String(complaint));
  }
}
