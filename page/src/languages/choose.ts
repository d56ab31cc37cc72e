// The page's language: the first of the browser's that there are texts in.
import { en } from "./en";
import { es } from "./es";
import type { Texts } from "./texts";

const LANGUAGES: readonly Texts[] = [en, es];

/** `preferred`: BCP 47 tags, the best first, as navigator.languages has them. English if none of them is there. */
export function chooseTexts(preferred: readonly string[]): Texts {
  for (const tag of preferred) {
    const language = tag.toLowerCase().split("-")[0];
    const found = LANGUAGES.find((texts) => texts.tag === language);
    if (found !== undefined) return found;
  }
  return en;
}

/**
 * The tag to format numbers, times and names by: the browser's own variant of the language that was chosen ("es-MX"), since
 * regions differ in those.
 */
export function formattingTag(texts: Texts, preferred: readonly string[]): string {
  return preferred.find((tag) => tag.toLowerCase().split("-")[0] === texts.tag) ?? texts.tag;
}
