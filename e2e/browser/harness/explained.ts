// What the page says about a problem, by its code.
import type { ProblemDetails, Texts } from "../../../page/src/languages/texts";

/** The page's sentence for the problem; `details` are what the answer tells besides. */
export function explained(texts: Texts, code: keyof Texts["problems"], details: Partial<ProblemDetails> = {}): string {
  const sentence = texts.problems[code];
  return typeof sentence === "string" ? sentence : sentence({ attemptsLeft: undefined, wait: undefined, ...details });
}

/** The same for any wait; what `wait` matches is how long it is, such as "in 42 seconds". */
export function explainedWithWait(texts: Texts, code: keyof Texts["problems"], wait: RegExp): RegExp {
  const [before = "", after = ""] = explained(texts, code, { wait: "\0" }).split("\0");
  return new RegExp(`^${escaped(before)}${wait.source}${escaped(after)}`);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
