// Reading texts, as the person who holds the phone.
import { expect, type APIRequestContext } from "@playwright/test";

interface Message {
  readonly id: string;
  /** E.164. */
  readonly to: string;
  readonly text: string;
}

export class Inbox {
  constructor(
    readonly request: APIRequestContext,
    /** The worker that has the inbox. */
    readonly address: string,
  ) {}

  /** The texts to `number`, newest first. */
  async textsTo(number: string): Promise<readonly Message[]> {
    const response = await this.request.get(`${this.address}/_local/inbox/messages`);
    expect(response.status()).toBe(200);
    const { messages } = (await response.json()) as { messages: Message[] };
    return messages.filter(({ to }) => to === number);
  }

  /** The whole of the newest text to `number`, once there are `count` of them. */
  async newestText(number: string, count = 1): Promise<string> {
    let texts: readonly Message[] = [];
    await expect
      .poll(async () => (texts = await this.textsTo(number)).length, { message: "texts that have come", intervals: [50, 100] })
      .toBe(count);
    return texts[0]?.text ?? "";
  }

  /** The code in it. */
  async newestCode(number: string, count = 1): Promise<string> {
    const code = /\b\d{6}\b/.exec(await this.newestText(number, count))?.[0];
    if (code === undefined) throw new Error("the text has no code in it");
    return code;
  }
}

/** A code of as many digits that is not `code`. */
export function otherThan(code: string): string {
  return code.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
}
