// The number: formatted while it is typed, in step with the country.
import { element } from "../dom/element";
import { countryTyped, formatTyped, nationalPart, servedCountries, type CountryCode } from "../phone/numbering";
import { reformat } from "../phone/typing";

/** `changed` is called after every edit of the number or the country, with both in step. */
export function numberField(country: HTMLSelectElement, text: string, changed: () => void): HTMLInputElement {
  const field = element("input", {
    id: "phone-number",
    name: "phone-number",
    type: "tel",
    inputmode: "tel",
    autocomplete: "tel",
    enterkeyhint: "next",
    required: true,
    // Digits run from left to right in every language.
    dir: "ltr",
    "aria-describedby": "number-error",
  });
  const selected = () => country.value as CountryCode;
  field.value = formatTyped(text, selected());
  let previous = field.value;

  field.addEventListener("input", (event) => {
    const typedCountry = countryTyped(field.value, selected());
    if (typedCountry !== undefined && servedCountries().includes(typedCountry)) country.value = typedCountry;
    const caret = field.selectionStart ?? field.value.length;
    const inputType = event instanceof InputEvent ? event.inputType : "";
    const typed = reformat({ text: field.value, caret }, previous, inputType, (text) => formatTyped(text, selected()));
    if (typed.text !== field.value) {
      field.value = typed.text;
      field.setSelectionRange(typed.caret, typed.caret);
    }
    previous = typed.text;
    changed();
  });

  country.addEventListener("change", () => {
    // The number is the new country's now, whatever it began with.
    field.value = formatTyped(nationalPart(field.value, selected()), selected());
    previous = field.value;
    changed();
  });
  return field;
}
