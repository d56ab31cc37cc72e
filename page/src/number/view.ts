// The first step: whose phone?
import { busyButton } from "../dom/busy_button";
import { element } from "../dom/element";
import { endingWith } from "../dom/ending";
import { errorLine } from "../dom/error_line";
import { countDown } from "../dom/ticking";
import { humanCheck } from "../human_check/human_check";
import { HEADING, type Page, type View } from "../page";
import { readNumber, servedCountries, type CountryCode, type PhoneEntry } from "../phone/numbering";
import { probableCountry } from "../phone/region";
import { waitFor } from "../problems/explain";
import { retrying } from "../session/connection";
import { readDraft, writeDraft } from "../session/draft";
import { expiryOf } from "../session/pending";
import { requestCode } from "../session/request_code";
import { countrySelect } from "./country_select";
import { numberField } from "./number_field";

export function numberView(page: Page, signal: AbortSignal): View {
  const { texts, storage } = page;
  const draft = readDraft(storage);
  const countries = servedCountries();
  const drafted = countries.find((country) => country === draft?.country);
  const country = countrySelect(texts, drafted ?? probableCountry(page.languages, countries));
  const field = numberField(country, draft?.text ?? "", edited);
  const error = errorLine("number-error", texts.requestId, field);
  const check = humanCheck(texts, signal);
  const submitButton = busyButton(texts.number.submit, { type: "submit", class: "primary" });
  const hint = element("p", { class: "hint" }, texts.number.consent);
  /** A number that a limit is reached for. */
  let held: string | undefined;
  const retry = retrying(signal);
  let holding = endingWith(signal);

  function entry(): PhoneEntry {
    return readNumber(field.value, country.value as CountryCode);
  }

  function edited(): void {
    writeDraft(storage, { country: country.value, text: field.value });
    retry.cancel();
    error.clear();
    const typed = entry();
    if (held !== undefined && (typed.kind !== "number" || typed.e164 !== held)) release();
  }

  function refuse(sentence: string): void {
    error.show(sentence);
    field.focus();
  }

  async function submit(): Promise<void> {
    const typed = entry();
    if (typed.kind !== "number") return refuse(wordsFor(typed.kind, page));
    const { e164 } = typed;
    if (submitButton.isBusy || held === e164) return;
    retry.cancel();
    error.clear();
    writeDraft(storage, { country: country.value, text: field.value });
    const pending = page.pending.read(Date.now());
    // Somebody who went back to look at the number: the code that was sent is still good, and another would be refused.
    if (pending?.phoneNumber === e164 && !pending.isUsedUp && Date.now() < expiryOf(pending)) return page.enterCode(pending);
    try {
      const sent = await submitButton.during(texts.number.submitting, () => requestCode(page.edge, e164, check, signal));
      if (sent !== undefined && !signal.aborted) page.enterCode(sent);
    } catch (failure) {
      if (!signal.aborted) fail(failure, e164);
    }
  }

  function fail(failure: unknown, e164: string): void {
    const typed = entry();
    // Changed meanwhile: the error is about a number that is not there any more.
    if (typed.kind !== "number" || typed.e164 !== e164) return;
    const explanation = page.explain(failure, "signUp");
    error.show(explanation);
    const wait = waitFor(failure, Date.now());
    if (wait !== undefined) return hold(e164, wait);
    if (!explanation.isNetworkFailure) return field.focus();
    retry.whenOnline(() => void submit());
  }

  /** Takes `e164` no more for so many seconds; another number at once. */
  function hold(e164: string, seconds: number): void {
    held = e164;
    holding = endingWith(signal);
    submitButton.root.setAttribute("aria-disabled", "true");
    countDown(Date.now() + seconds * 1000, holding.signal, (left) => {
      hint.textContent = texts.number.retryIn(page.formats.clock(left));
      if (left === 0) release();
    });
  }

  function release(): void {
    held = undefined;
    holding.abort();
    error.clear();
    submitButton.root.removeAttribute("aria-disabled");
    hint.textContent = texts.number.consent;
  }

  const form = element(
    "form",
    { novalidate: true, "aria-labelledby": "heading" },
    element(
      "div",
      { class: "fields" },
      element("div", { class: "field country" }, element("label", { for: "country" }, texts.number.country), country),
      element("div", { class: "field" }, element("label", { for: "phone-number" }, texts.number.phoneNumber), field),
    ),
    error.root,
    check.root,
    submitButton.root,
    hint,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit();
  });

  const heading = element("h1", { ...HEADING, id: "heading" }, texts.number.title);
  const introduction = element("p", { class: "introduction" }, texts.number.introduction);
  return { title: texts.number.title, content: [heading, introduction, form], focus: heading };
}

function wordsFor(kind: Exclude<PhoneEntry["kind"], "number">, { texts: { number } }: Page): string {
  switch (kind) {
    case "empty":
      return number.missing;
    case "tooShort":
      return number.tooShort;
    case "tooLong":
      return number.tooLong;
    case "notServed":
      return number.countryNotServed;
    case "impossible":
      return number.impossible;
  }
}
