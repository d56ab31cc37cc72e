import type { components } from "./generated/api.js";
import { parse, SignedOut } from "./problem.js";

/** What Cognito gave. `ExpiresAt`: use the access token until then, up to 30 s before it expires (Unix ms, this device's). */
export type Tokens = Readonly<Required<components["schemas"]["Tokens"]> & { ExpiresAt: number }>;
/** `sessionStorage`, `localStorage`, or anything that keeps strings like them. */
export type TokenStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;
/** Between tabs: who has traded `asked`? `from` became `tokens`; without any, it is worth nothing. */
type Message = { asked?: string; from?: string | undefined; tokens?: Tokens | undefined };

/** `value`, if it is tokens. */
export function asTokens(value: { [Name in keyof Tokens]?: unknown }): Tokens | undefined {
  const areStrings = [value.AccessToken, value.IdToken, value.RefreshToken].every((token) => typeof token === "string");
  return areStrings && Number.isFinite(value.ExpiresAt) ? (value as Tokens) : undefined;
}

/** Keeps the tokens. A refresh token is good once, but tabs share a storage, or copy it when they are duplicated: so one tab
 * trades it and tells the others. Tokens in memory are told to nobody. */
export class SharedTokens {
  readonly #channel: BroadcastChannel | undefined;
  readonly #traded = new Set<string>(); // Refresh tokens that have become those that are kept.
  #memory = "";
  #known: string | undefined; // The access token that `onTokens` was told of last.

  constructor(readonly name: string, readonly storage?: TokenStorage, readonly onTokens?: (tokens?: Tokens) => void) {
    this.#known = this.read()?.AccessToken;
    if (!storage || !globalThis.BroadcastChannel) return;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }: MessageEvent<Message | null>) => this.#hear(data ?? {});
    (this.#channel as { unref?: () => void }).unref?.(); // Or Node.js would wait for messages and never end.
  }

  read(): Tokens | undefined {
    return asTokens(parse<Tokens>(this.storage ? this.storage.getItem(this.name) : this.#memory));
  }

  held(): Tokens {
    const tokens = this.read();
    if (tokens) return tokens;
    throw new SignedOut();
  }

  /** Keeps what `from` became, unless others have taken its place meanwhile. Without `from` it is a new sign-in. */
  keep(tokens: Tokens | undefined, from?: string): void {
    if (!from) this.#write(tokens);
    this.#hear({ from, tokens });
    this.#channel?.postMessage({ from, tokens: from && tokens });
  }

  /** Has the refresh token traded, one at a time in all tabs that have Web Locks, unless one of them has good ones already. */
  async renew(isGood: (tokens: Tokens) => boolean, trade: (refreshToken: string) => Promise<void>): Promise<Tokens> {
    const before = this.held();
    const work = async () => {
      if (this.#channel && this.held().AccessToken === before.AccessToken) {
        this.#channel.postMessage({ asked: before.RefreshToken });
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      const held = this.held();
      if (held.AccessToken === before.AccessToken || !isGood(held)) await trade(held.RefreshToken);
    };
    const locks = this.storage && globalThis.navigator?.locks;
    await (locks ? locks.request(`${this.name}:refresh`, work) : work());
    return this.held();
  }

  #hear({ asked, from, tokens }: Message): void {
    if (asked && this.#traded.has(asked)) this.#channel?.postMessage({ from: asked, tokens: this.read() });
    if (from && from === this.read()?.RefreshToken) this.#write(tokens, from);
    const now = this.read();
    if (now?.AccessToken === this.#known) return;
    this.#known = now?.AccessToken;
    this.onTokens?.(now);
  }

  #write(tokens: Tokens | undefined, from?: string): void {
    if (from) this.#traded.add(from);
    else this.#traded.clear();
    if (!this.storage) this.#memory = JSON.stringify(tokens ?? null);
    else if (tokens) this.storage.setItem(this.name, JSON.stringify(tokens));
    else this.storage.removeItem(this.name);
  }
}
