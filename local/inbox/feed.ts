// The texts as they come: asked for again and again, while somebody can see the page.

/** One text, as `/_local/inbox/messages` tells it. */
export interface Message {
  id: string;
  /** E.164. */
  to: string;
  text: string;
  /** Unix milliseconds. */
  at: number;
}

export interface Subscriber {
  /** All texts, newest first, each time they were read. */
  onMessages(messages: Message[]): void;
  /** What to tell the developer, each time they could not be read. Whether to go on asking. */
  onTrouble(detail: string): boolean;
}

export const GONE = "The system does not answer. Is `cargo xtask dev` still running?";

const ADDRESS = "/_local/inbox/messages";
const EVERY = 1_000; // milliseconds, like all times here
/** Each failure makes the pause twice as long, up to this: the browser writes every failed request into its console. */
const EVERY_AT_MOST = 5_000;
const ANSWERS_WITHIN = 10_000;

/**
 * Reads at once, and then every second while the page can be seen. When a subscriber does not want to go on, it rests until the
 * page is seen anew. Whether the browser is online does not matter: this machine answers without a network, too.
 */
export function follow({ onMessages, onTrouble }: Subscriber): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = EVERY;
  let reading = false;

  async function read(): Promise<void> {
    if (reading) return;
    clearTimeout(timer);
    reading = true;
    const answer = await ask();
    reading = false;
    if (typeof answer === "string") {
      if (onTrouble(answer)) timer = setTimeout(readIfSeen, pause);
      pause = Math.min(pause * 2, EVERY_AT_MOST);
    } else {
      pause = EVERY;
      timer = setTimeout(readIfSeen, pause);
      onMessages(answer);
    }
  }

  function readIfSeen(): void {
    if (document.visibilityState === "visible") void read();
  }

  document.addEventListener("visibilitychange", readIfSeen);
  void read();
}

/** The texts, or what to tell the developer. */
async function ask(): Promise<Message[] | string> {
  try {
    const response = await fetch(ADDRESS, { cache: "no-store", signal: AbortSignal.timeout(ANSWERS_WITHIN) });
    const body: unknown = await response.json();
    const { messages, detail } = body as { messages?: Message[]; detail?: unknown };
    if (response.ok && Array.isArray(messages)) return messages;
    return typeof detail === "string" ? detail : GONE;
  } catch {
    // No connection, no answer in time, or one of another server that has taken the port.
    return GONE;
  }
}
