import type { components } from "./generated/api.js";

type Document = components["schemas"]["Problem"];
/** What programs switch on: passwordless-edge's README says what to do about each. There may be new ones. */
export type ProblemCode = components["schemas"]["ProblemCode"];
/** A code that was sent: what it takes to answer it, and what to show meanwhile. Its parameters are strings, numbers too. */
export type Challenge = Pick<components["schemas"]["Challenge"], "Session" | "ChallengeParameters">;

export interface Problem extends Readonly<Pick<Document, "code" | "detail" | "errors" | "status" | "title">> {}
/** An error that the worker answers with (RFC 9457). Its `message` is the `detail`. */
export class Problem extends Error {
  override readonly name = "Problem";
  /** With `TOO_MANY_REQUESTS`: when the same request will be taken, in Unix seconds. */ readonly retryAt: number | undefined;
  /** The header `Retry-After`, in seconds. */ readonly retryAfter: number | undefined;
  /** What the worker's log has the answer under. */ readonly requestId: string | undefined;
  /** With `WRONG_CODE`: what to answer next. The code stays the same. */ readonly challenge: Challenge | undefined;

  constructor({ code, detail, errors, status, title, retry_at, Session, ChallengeParameters }: Document, headers: Headers) {
    super(detail);
    Object.assign(this, { code, detail, errors, status, title });
    this.retryAt = retry_at;
    this.retryAfter = Number(headers.get("Retry-After")) || undefined;
    this.requestId = headers.get("X-Request-Id") ?? undefined;
    this.challenge = Session && ChallengeParameters ? { Session, ChallengeParameters } : undefined;
  }
}

/** An answer that is not the worker's (a proxy's page), or not whole. */
export class UnexpectedAnswer extends Error {
  override readonly name = "UnexpectedAnswer";
  constructor(readonly status: number) {
    super(`An answer of status ${status} is not as passwordless-edge describes it`);
  }
}

/** There are no tokens: nobody has signed in, or they have signed out, perhaps in another tab. */
export class SignedOut extends Error {
  override readonly name = "SignedOut";
  override readonly message = "Nobody is signed in";
}

/** What `text` says in JSON; nothing if it is none. */
export function parse<T extends object>(text: string | null): Partial<T> {
  try {
    return Object(JSON.parse(text ?? ""));
  } catch {
    return {};
  }
}

/** Throws `response` if it is the worker's own problem. Any other can still be read. */
export async function orProblem(response: Response): Promise<Response> {
  if (!response.headers.get("Content-Type")?.startsWith("application/problem+json")) return response;
  const document = parse<Document>(await response.clone().text());
  if (!`${document.type}`.startsWith("urn:passwordless-edge:problem:")) return response;
  throw new Problem(document as Document, response.headers);
}
