// The country of a number: a native select, which every keyboard, screen reader and phone knows how to handle.
import { element } from "../dom/element";
import type { Texts } from "../languages/texts";
import { callingCode, servedCountries, type CountryCode } from "../phone/numbering";

/** Countries by their names in the page's language, with their calling codes. */
export function countrySelect({ tag, direction }: Texts, selected: CountryCode | undefined): HTMLSelectElement {
  const names = new Intl.DisplayNames(tag, { type: "region" });
  // Where names run from right to left, the plus sign would end up behind the digits but for the marks (UAX #9: isolates).
  const [open, close] = direction === "rtl" ? ["\u2066", "\u2069"] : ["", ""];
  const options = servedCountries()
    .map((country) => ({ country, name: names.of(country) ?? country }))
    .sort(byName(tag))
    .map(({ country, name }) => {
      const text = `${name} (${open}+${callingCode(country)}${close})`;
      return element("option", { value: country, selected: country === selected }, text);
    });
  // Off: a browser that restores it after a reload, or fills in an address's country, knows less than the number itself.
  return element("select", { id: "country", name: "country", autocomplete: "off" }, ...options);
}

function byName(tag: string): (one: { name: string }, other: { name: string }) => number {
  const collator = new Intl.Collator(tag);
  return (one, other) => collator.compare(one.name, other.name);
}
