// The code: one field, filled by hand, by paste, by the phone, or by WebOTP.
import { element } from "../dom/element";
import { digitsOf, extractCode } from "./extract";

/** `complete` is called each time that the last digit has come; `edited` at every change. */
export function codeField(length: number, complete: () => void, edited: () => void): HTMLInputElement {
  const field = element("input", {
    id: "code",
    name: "code",
    type: "text",
    inputmode: "numeric",
    // HTML §4.10.18.7: what phones fill in from the text message.
    autocomplete: "one-time-code",
    maxlength: length,
    enterkeyhint: "done",
    autocapitalize: "none",
    spellcheck: "false",
    required: true,
    dir: "ltr",
    "aria-describedby": "code-error sent-to",
  });
  field.addEventListener("input", () => {
    const digits = digitsOf(field.value);
    if (digits !== field.value) field.value = digits;
    edited();
    if (digits.length === length) complete();
  });
  field.addEventListener("paste", (event) => {
    // The browser would cut "123 456" off at the sixth character.
    const code = extractCode(event.clipboardData?.getData("text") ?? "", length);
    if (code === undefined || field.readOnly) return;
    event.preventDefault();
    fillIn(field, code);
  });
  return field;
}

/** As if somebody had typed it. */
export function fillIn(field: HTMLInputElement, code: string): void {
  field.value = code;
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertReplacementText" }));
}
