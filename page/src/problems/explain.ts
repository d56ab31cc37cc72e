// What went wrong, in the page's language.
import { Problem, SignedOut, type ProblemCode } from "passwordless-edge-client";

import { HumanCheckFailed } from "../human_check/human_check";
import type { Formats } from "../languages/formats";
import type { Texts } from "../languages/texts";

export interface Explanation {
  readonly sentence: string;
  /** What support finds the failure under, when it was ours. */
  readonly requestId: string | undefined;
  /** No answer came: the same can be tried again once there is a connection. */
  readonly isNetworkFailure: boolean;
  /** What was typed is wrong, and not something else. */
  readonly blamesInput: boolean;
}

const BLAMING_INPUT: ReadonlySet<ProblemCode> = new Set([
  "INVALID_REQUEST",
  "INVALID_PHONE_NUMBER",
  "DESTINATION_NOT_ALLOWED",
  "WRONG_CODE",
]);

/** Where it went wrong. */
export type Endpoint = "signUp" | "signIn" | "session";

/** `now`: Unix milliseconds. */
export function explain(error: unknown, endpoint: Endpoint, texts: Texts, formats: Formats, now: number): Explanation {
  if (error instanceof Problem) {
    return {
      sentence: sentenceOf(error, endpoint, texts, formats, now),
      requestId: error.status >= 500 ? error.requestId : undefined,
      isNetworkFailure: false,
      blamesInput: BLAMING_INPUT.has(error.code),
    };
  }
  if (error instanceof SignedOut) return plain(texts.notices.sessionEnded);
  if (error instanceof HumanCheckFailed) return plain(texts.humanCheck.failed);
  // Fetch standard, "fetch() method": a network error rejects with a TypeError, and nothing else does that comes this far.
  if (error instanceof TypeError) return { ...plain(texts.network), isNetworkFailure: true };
  return plain(texts.unknownProblem);
}

/** A sentence about what is neither the input's fault nor the connection's. */
export function plain(sentence: string): Explanation {
  return { sentence, requestId: undefined, isNetworkFailure: false, blamesInput: false };
}

function sentenceOf(problem: Problem, endpoint: Endpoint, texts: Texts, formats: Formats, now: number): string {
  if (problem.code === "NOT_AUTHORIZED" && endpoint !== "session") return texts.notAuthorized[endpoint];
  // Nothing that somebody could do about it: the worker wants a check that page/settings.json does not set up.
  if (problem.code === "HUMAN_CHECK_REQUIRED" && SETTINGS.turnstileSiteKey === "") return texts.humanCheck.failed;
  const attemptsLeft = problem.challenge && Number(problem.challenge.ChallengeParameters.attempts_left);
  const seconds = waitOf(problem, now);
  // A worker that is newer than this page may know problems that it does not.
  const sentence = texts.problems[problem.code] ?? texts.unknownProblem;
  if (typeof sentence === "string") return sentence;
  return sentence({ attemptsLeft, wait: seconds === undefined ? undefined : formats.wait(seconds) });
}

/** How long a limit that is reached lasts, in seconds; undefined for every other error. */
export function waitFor(error: unknown, now: number): number | undefined {
  return error instanceof Problem && error.code === "TOO_MANY_REQUESTS" ? waitOf(error, now) : undefined;
}

/** How long to wait before the same request, in seconds. */
function waitOf(problem: Problem, now: number): number | undefined {
  // Retry-After is a span, and needs no clock that is right; retry_at does.
  if (problem.retryAfter !== undefined) return problem.retryAfter;
  return problem.retryAt === undefined ? undefined : Math.max(0, problem.retryAt - now / 1000);
}
