// Cloudflare Turnstile, rendered explicitly.
// https://developers.cloudflare.com/turnstile/get-started/client-side-rendering/

const SCRIPT = "https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit";

/** What the worker expects the token to name: its setting TURNSTILE_ACTION. */
const ACTION = "sign_up";

/** Milliseconds. A network that swallows requests must not leave somebody waiting for good. */
const LOADS_WITHIN = 15_000;

interface Turnstile {
  render(
    container: HTMLElement,
    options: {
      sitekey: string;
      action: string;
      language: string;
      size: "flexible";
      callback(token: string): void;
      "error-callback"(code: string): boolean;
      "unsupported-callback"(): void;
    },
  ): string | undefined;
  remove(widget: string): void;
}

let loading: Promise<Turnstile> | undefined;

/** Shows a widget in `container` until it has a token, then removes it. Rejects when it fails or `signal` ends. */
export async function turnstileToken(
  container: HTMLElement,
  siteKey: string,
  language: string,
  signal: AbortSignal,
): Promise<string> {
  const ended = new Promise<never>((_, reject) => {
    signal.throwIfAborted();
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  const turnstile = await Promise.race([load(), ended]);
  let widget: string | undefined;
  try {
    const token = new Promise<string>((resolve, reject) => {
      widget = turnstile.render(container, {
        sitekey: siteKey,
        action: ACTION,
        language,
        size: "flexible",
        callback: resolve,
        "error-callback": (code) => {
          reject(new Error(`Turnstile: ${code}`));
          return true;
        },
        "unsupported-callback": () => reject(new Error("Turnstile does not support this browser")),
      });
    });
    return await Promise.race([token, ended]);
  } finally {
    if (widget !== undefined) turnstile.remove(widget);
  }
}

/** Loads the script once; a failure is forgotten, so that it can be tried again. */
function load(): Promise<Turnstile> {
  loading ??= loadScript().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function loadScript(): Promise<Turnstile> {
  const script = document.createElement("script");
  script.src = SCRIPT;
  let limit: ReturnType<typeof setTimeout> | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = () => reject(new Error("Turnstile's script could not be loaded"));
      script.addEventListener("load", () => resolve());
      script.addEventListener("error", fail);
      limit = setTimeout(fail, LOADS_WITHIN);
      document.head.append(script);
    });
    const { turnstile } = globalThis as { turnstile?: Turnstile };
    if (turnstile !== undefined) return turnstile;
    // A content blocker may answer with an empty script.
    throw new Error("Turnstile's script did nothing");
  } catch (error) {
    script.remove();
    throw error;
  } finally {
    clearTimeout(limit);
  }
}
