// Formatting while somebody types, without taking the caret away from them.

export interface Typed {
  readonly text: string;
  /** Where the caret is: so many UTF-16 units are before it. */
  readonly caret: number;
}

/** What counts in a number; all else is for the eye. Digits of any script, as keyboards of some languages write them. */
const SIGNIFICANT = /[+\p{Nd}]/u;

function significant(text: string): string {
  return [...text].filter((character) => SIGNIFICANT.test(character)).join("");
}

/** Where the caret must be so that `count` characters that count are before it. */
function caretAfter(text: string, count: number): number {
  if (count === 0) return 0;
  let seen = 0;
  for (let index = 0; index < text.length; index++) {
    if (SIGNIFICANT.test(text[index] ?? "") && ++seen === count) return index + 1;
  }
  return text.length;
}

/**
 * `typed` as `format` writes it, with the caret behind the same digit. `previous` is what was there before. Who deletes a
 * space or a bracket means the digit next to it: the format would put the bracket back, and the key would seem to be dead.
 */
export function reformat(typed: Typed, previous: string, inputType: string, format: (text: string) => string): Typed {
  let before = significant(typed.text.slice(0, typed.caret));
  let after = significant(typed.text.slice(typed.caret));
  const nothingDeleted = typed.text.length < previous.length && before + after === significant(previous);
  if (nothingDeleted && inputType === "deleteContentBackward") before = before.slice(0, -1);
  if (nothingDeleted && inputType === "deleteContentForward") after = after.slice(1);
  const text = format(before + after);
  // At the end stay at the end: what the format adds there ("(415) ") belongs to what was typed.
  return { text, caret: after === "" ? text.length : caretAfter(text, before.length) };
}
