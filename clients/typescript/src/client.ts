import { orProblem, parse, Problem, SignedOut, UnexpectedAnswer, type Challenge, type ProblemCode } from "./problem.js";
import { asTokens, SharedTokens, type Tokens, type TokenStorage } from "./tokens.js";

export interface Options {
  /** Where the worker is; `call` takes no other origin. */ url: string | URL;
  /** Where tokens are kept; by default in this instance's memory. */ storage?: TokenStorage | undefined;
  /** Told of all changes, also by other tabs; undefined is signed out. */ onTokens?: ((tokens?: Tokens) => void) | undefined;
  fetch?: typeof globalThis.fetch | undefined;
}
type Abortable = { signal?: AbortSignal | null | undefined };
type SignUpOptions = Abortable & { turnstileToken?: string | undefined; deviceKey?: string | undefined };

/** Signs one person in. Its methods throw {@link Problem}, {@link UnexpectedAnswer}, and what `fetch` throws. */
export class PasswordlessEdge {
  readonly #origin: string;
  readonly #fetch: typeof globalThis.fetch;
  readonly #kept: SharedTokens;
  #renewal: Promise<Tokens> | undefined;
  #refused: string | undefined; // The last access token that the worker did not take.
  readonly #isGood = (tokens: Tokens) => Date.now() < tokens.ExpiresAt && tokens.AccessToken !== this.#refused;

  constructor({ url, storage, onTokens, fetch = globalThis.fetch }: Options) {
    this.#origin = new URL(url).origin;
    this.#fetch = (...request) => fetch(...request); // A browser's own must not be called as a method of this.
    this.#kept = new SharedTokens(`passwordless-edge:${this.#origin}`, storage, onTokens);
  }

  get tokens(): Tokens | undefined {
    return this.#kept.read();
  }

  /** Has a code texted to `phoneNumber` (E.164). */
  signUp(phoneNumber: string, options: SignUpOptions = {}): Promise<Challenge> {
    const body = { phone_number: phoneNumber, turnstile_token: options.turnstileToken, device_key: options.deviceKey };
    const isWhole = (answer: Partial<Challenge>) => answer.Session && answer.ChallengeParameters?.USERNAME;
    return this.#post("/sign_up", body, options, (answer) => (isWhole(answer) ? (answer as Challenge) : undefined));
  }

  /** Answers with the code. After `WRONG_CODE` go on with the problem's `challenge`. */
  async signIn({ Session, ChallengeParameters }: Challenge, answer: string, options: Abortable = {}): Promise<Tokens> {
    const body = { username: ChallengeParameters.USERNAME, session: Session, answer };
    const tokens = await this.#post("/sign_in", body, options, tokensOf);
    this.#kept.keep(tokens);
    return tokens;
  }

  /** Trades the refresh token, or waits for who does it already. If it is refused (`NOT_AUTHORIZED`), tokens are forgotten. */
  refresh(): Promise<Tokens> {
    const renew = () => this.#kept.renew(this.#isGood, (refreshToken) => this.#trade(refreshToken));
    return (this.#renewal ??= renew().finally(() => (this.#renewal = undefined)));
  }

  /** `fetch` with the access token, renewed when need be. The worker's problems are thrown, all other answers returned. */
  async call(path: string | URL, init: RequestInit = {}): Promise<Response> {
    const url = new URL(path, this.#origin);
    if (url.origin !== this.#origin) throw new TypeError("The access token is for the worker's origin alone");
    return this.#authorized(url, () => init);
  }

  /** Ends this sign-in, or all of the user's, and forgets the tokens. When it throws, that did not happen: repeat it, or sign
   * in first if there are no tokens any more. To end one sign-in that has ended already is no error; to end all is. */
  async signOut({ everywhere = false }: { everywhere?: boolean | undefined } = {}): Promise<void> {
    await this.#renewal?.catch(() => undefined);
    try {
      const init = ({ RefreshToken }: Tokens) => json({ refresh_token: RefreshToken, everywhere });
      const { status } = await this.#authorized(`${this.#origin}/sign_out`, init);
      if (status !== 204) throw new UnexpectedAnswer(status);
    } catch (error) {
      if (everywhere || (!(error instanceof SignedOut) && !hasCode(error, "INVALID_TOKEN", "NOT_AUTHORIZED"))) throw error;
    }
    if (this.tokens) this.#kept.keep(undefined, this.tokens.RefreshToken);
  }

  async #post<T>(path: string, body: object, { signal }: Abortable, read: (answer: object) => T | undefined): Promise<T> {
    const response = await orProblem(await this.#fetch(this.#origin + path, { ...json(body), signal: signal ?? null }));
    const answer = response.ok && read(parse(await response.text()));
    if (answer) return answer;
    throw new UnexpectedAnswer(response.status);
  }

  /** Sends with a good access token; if it is refused all the same, once more with a new one. */
  async #authorized(url: string | URL, init: (tokens: Tokens) => RequestInit, isRepeat = false): Promise<Response> {
    const held = this.#kept.held();
    const { body, signal } = init(held);
    signal?.throwIfAborted();
    const isGood = this.#isGood(held);
    const tokens = isGood ? held : await unlessAborted(this.refresh(), signal);
    const headers = new Headers(init(tokens).headers);
    headers.set("Authorization", `Bearer ${tokens.AccessToken}`);
    try {
      return await orProblem(await this.#fetch(url, { ...init(tokens), headers }));
    } catch (error) {
      if (!hasCode(error, "INVALID_TOKEN")) throw error;
      this.#refused = tokens.AccessToken;
      if (isRepeat || !isGood || isStream(body)) throw error;
      return this.#authorized(url, init, true);
    }
  }

  async #trade(from: string): Promise<void> {
    // Other tabs wait for it: a network that swallows requests must not hold them up for good.
    const options = { signal: AbortSignal.timeout(30_000) };
    try {
      const tokens = await this.#post("/refresh_token", { refresh_token: from }, options, (answer) => tokensOf(answer, from));
      this.#kept.keep(tokens, from);
    } catch (error) {
      if (hasCode(error, "NOT_AUTHORIZED")) this.#kept.keep(undefined, from);
      throw error;
    }
  }
}

function tokensOf({ AuthenticationResult }: { AuthenticationResult?: Partial<Tokens> }, refreshToken?: string) {
  const seconds = Number(AuthenticationResult?.ExpiresIn);
  const ExpiresAt = Date.now() + (seconds - Math.min(30, seconds / 10)) * 1000;
  return asTokens({ RefreshToken: refreshToken, ...AuthenticationResult, ExpiresAt });
}

function json(body: object): RequestInit {
  // The worker redirects nowhere, and whoever does must not get the body.
  return { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), redirect: "manual" };
}

const hasCode = (error: unknown, ...codes: ProblemCode[]) => error instanceof Problem && codes.includes(error.code);
/** What can be sent only once. */
const isStream = (body: unknown) => body instanceof ReadableStream || Symbol.asyncIterator in Object(body);
/** Others wait for `work` too: an abort ends the waiting alone. */
const unlessAborted = <T>(work: Promise<T>, signal?: AbortSignal | null) =>
  new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal?.reason);
    signal?.addEventListener("abort", abort);
    void work.then(resolve, reject).finally(() => signal?.removeEventListener("abort", abort));
  });
