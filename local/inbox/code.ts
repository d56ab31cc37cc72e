// The code in a text.

/**
 * The one-time code in a text, if there is one. A last line `@example.com #123456` says which it is (WICG, "Origin-bound
 * one-time codes delivered via SMS"). Otherwise it is a number of four to eight digits that stands by itself; six are the
 * length that this project sends, so that a year in the wording is not taken for it.
 */
export function codeIn(text: string): string | undefined {
  const bound = /^@\S+ #([0-9]{4,8})\s*$/m.exec(text.trimEnd().split("\n").at(-1) ?? "");
  if (bound) return bound[1];
  const numbers = [...text.matchAll(/(?<![\p{L}\p{N}+#])[0-9]{4,8}(?![\p{L}\p{N}])/gu)].map(([digits]) => digits);
  return numbers.find((digits) => digits.length === 6) ?? numbers[0];
}

/** What a person reads: without the last line, which is for the phone alone. */
export function wordingOf(text: string): string {
  return text.replace(/\n+@\S+ #[0-9]+\s*$/, "");
}
