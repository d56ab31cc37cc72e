// Finding the code in what was pasted, filled in or typed.

const ZERO_OF_SCRIPT = /\p{Nd}/u;

/** Digits of `text`, in ASCII whatever script they were in ("١٢٣" is "123"). */
export function digitsOf(text: string): string {
  return [...text].map(toAscii).join("");
}

function toAscii(character: string): string {
  if (!ZERO_OF_SCRIPT.test(character)) return "";
  let value = 0;
  // Unicode §4.6: decimal digits of a script are ten characters in a row, from zero to nine.
  const codePoint = character.codePointAt(0) ?? 0;
  while (value < 9 && ZERO_OF_SCRIPT.test(String.fromCodePoint(codePoint - value - 1))) value++;
  return String(value);
}

/**
 * The code of `length` digits in `text`: alone ("123 456", "123-456") or somewhere in a whole message. Undefined if there is
 * none, or several that differ.
 */
export function extractCode(text: string, length: number): string | undefined {
  const digits = digitsOf(text);
  if (digits.length === length && /^[\p{Nd}\s\p{Pd}]*$/u.test(text)) return digits;
  const runs = text.match(/\p{Nd}+(?:[ \u00a0-]\p{Nd}+)*/gu) ?? [];
  const codes = new Set(runs.map(digitsOf).filter((run) => run.length === length));
  return codes.size === 1 ? [...codes][0] : undefined;
}
