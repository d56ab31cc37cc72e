// Phone numbers: which country's, whether possible, how written. All by libphonenumber's data.
import { AsYouType, getCountries, getCountryCallingCode } from "libphonenumber-js/core/es6";
import { parsePhoneNumberFromString, validatePhoneNumberLength } from "libphonenumber-js/core/es6";
import type { CountryCode, PhoneNumber } from "libphonenumber-js/core/es6";
// The build leaves only those of page/settings.json's countries in it.
import metadata from "libphonenumber-js/min/metadata";

export type { CountryCode };

export type PhoneEntry =
  | { readonly kind: "number"; readonly e164: string }
  | { readonly kind: "empty" | "impossible" | "tooShort" | "tooLong" | "notServed" };

/** ISO 3166-1 codes of the countries that codes are sent to. */
export function servedCountries(): readonly CountryCode[] {
  const all = getCountries(metadata);
  if (SETTINGS.countries.length === 0) return all;
  return all.filter((country) => SETTINGS.countries.includes(country));
}

/** Such as "49", without the plus sign. */
export function callingCode(country: CountryCode): string {
  return getCountryCallingCode(country, metadata);
}

/**
 * What was typed, as a number. Only impossible lengths are refused: numbering plans change, and the worker has the last word.
 */
export function readNumber(text: string, country: CountryCode): PhoneEntry {
  if (text.trim() === "") return { kind: "empty" };
  const number = parsePhoneNumberFromString(text, { defaultCountry: country, extract: false }, metadata);
  if (number?.isPossible()) return isServed(number) ? { kind: "number", e164: number.number } : { kind: "notServed" };
  switch (validatePhoneNumberLength(text, { defaultCountry: country }, metadata)) {
    case "TOO_SHORT":
      return { kind: "tooShort" };
    case "TOO_LONG":
      return { kind: "tooLong" };
    case "INVALID_COUNTRY":
      return { kind: SETTINGS.countries.length === 0 ? "impossible" : "notServed" };
    default:
      return { kind: "impossible" };
  }
}

/** Countries that share a calling code cannot always be told apart: served if one of them is. */
function isServed(number: PhoneNumber): boolean {
  const countries = number.country === undefined ? number.getPossibleCountries() : [number.country];
  return SETTINGS.countries.length === 0 || countries.some((country) => SETTINGS.countries.includes(country));
}

/** As far as it was typed, with the country's spaces, brackets and dashes. */
export function formatTyped(text: string, country: CountryCode): string {
  return new AsYouType(country, metadata).input(text);
}

/** The country that an international number ("+49 …") belongs to, as soon as it can be told. Undefined for a national one. */
export function countryTyped(text: string, current: CountryCode): CountryCode | undefined {
  const typed = new AsYouType(current, metadata);
  typed.input(text);
  if (!typed.isInternational()) return undefined;
  const exact = typed.getCountry();
  if (exact !== undefined) return exact;
  const code = typed.getCallingCode();
  // Several countries may share a code (+1, +44): stay with one that has it, until the number says which.
  if (code === undefined || code === callingCode(current)) return undefined;
  return metadata.country_calling_codes[code]?.[0];
}

/** What comes after the calling code of an international number; a national one as it is. */
export function nationalPart(text: string, country: CountryCode): string {
  const typed = new AsYouType(country, metadata);
  typed.input(text);
  const code = typed.isInternational() ? typed.getCallingCode() : undefined;
  return code === undefined ? text : typed.getChars().replace(`+${code}`, "");
}

/** "+49 1512 3456789" for "+4915123456789". */
export function formatInternational(e164: string): string {
  return parsePhoneNumberFromString(e164, metadata)?.formatInternational() ?? e164;
}
