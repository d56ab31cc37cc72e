// The second step: the code.
import { Problem } from "passwordless-edge-client";

import { busyButton } from "../dom/busy_button";
import { element } from "../dom/element";
import { errorLine } from "../dom/error_line";
import { humanCheck } from "../human_check/human_check";
import { HEADING, type Page, type View } from "../page";
import { formatInternational } from "../phone/numbering";
import { plain } from "../problems/explain";
import { retrying } from "../session/connection";
import { expiryOf, type PendingCode } from "../session/pending";
import { codeField, fillIn } from "./code_field";
import { expiry } from "./expiry";
import { resend } from "./resend";
import { codeFromText } from "./web_otp";

export function codeView(page: Page, sent: PendingCode, signal: AbortSignal): View {
  const { texts } = page;
  let pending = sent;
  const length = Number(sent.challenge.ChallengeParameters.code_length);
  const field = codeField(length, () => void submit(), edited);
  const error = errorLine("code-error", texts.requestId, field);
  const check = humanCheck(texts, signal);
  const submitButton = busyButton(texts.code.submit, { type: "submit", class: "primary" });
  const attempts = element("span", { class: "attempts" });
  const retry = retrying(signal);

  function keep(changes: Partial<PendingCode>): void {
    pending = { ...pending, ...changes };
    page.pending.write(pending);
    showState();
  }

  function showState(): void {
    const isOver = pending.isUsedUp === true || Date.now() >= expiryOf(pending);
    // Not `disabled`, which would take the focus from whoever is typing.
    field.readOnly = isOver;
    // What is hidden loses the focus.
    if (isOver && document.activeElement === submitButton.root) field.focus();
    submitButton.root.hidden = isOver;
    attempts.textContent = isOver ? "" : texts.code.attemptsLeft(Number(pending.challenge.ChallengeParameters.attempts_left));
    form.classList.toggle("over", isOver);
    form.classList.toggle("used-up", pending.isUsedUp === true);
  }

  function edited(): void {
    retry.cancel();
    error.clear();
  }

  async function submit(): Promise<void> {
    if (submitButton.isBusy || field.readOnly) return;
    retry.cancel();
    const answer = field.value;
    if (answer.length !== length) {
      error.show(texts.code.incomplete(length));
      return field.focus();
    }
    error.clear();
    try {
      // Not ended with this view: who goes back while the answer is on its way is signed in all the same.
      await submitButton.during(texts.code.submitting, () => page.edge.signIn(pending.challenge, answer));
    } catch (failure) {
      if (!signal.aborted) fail(failure, answer);
    }
  }

  function fail(failure: unknown, answer: string): void {
    const explanation = page.explain(failure, "signIn");
    const next = failure instanceof Problem ? failure.challenge : undefined;
    if (next !== undefined) {
      keep({ challenge: next });
    } else if (failure instanceof Problem && (failure.code === "NOT_AUTHORIZED" || failure.code === "EXPIRED_CODE")) {
      keep({ isUsedUp: true });
      field.value = "";
    }
    // Corrected while it was checked: what counts is what is there now.
    if (!field.readOnly && field.value !== answer) {
      if (field.value.length === length) return void submit();
      return explanation.isNetworkFailure ? undefined : page.announce(explanation.sentence);
    }
    if (next !== undefined) field.value = "";
    error.show(explanation);
    field.focus();
    if (explanation.isNetworkFailure) retry.whenOnline(() => void submit());
  }

  const change = element("button", { type: "button", class: "link" }, texts.code.changeNumber);
  change.addEventListener("click", () => page.changeNumber());

  const form = element("form", { novalidate: true, "aria-labelledby": "heading" });
  const counting = expiry(page, pending, signal, () => {
    showState();
    if (pending.isUsedUp !== true) page.announce(texts.code.expired);
  });
  form.append(
    element("div", { class: "field code" }, element("label", { for: "code" }, texts.code.code), field, counting.bar),
    element("p", { class: "state" }, counting.text, attempts),
    error.root,
    submitButton.root,
    check.root,
    resend(page, pending, check, signal, (explanation) => error.show(explanation)).root,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit();
  });
  showState();
  if (pending.isUsedUp === true) error.show(plain(texts.notAuthorized.signIn));

  void codeFromText(signal).then((code) => {
    if (code !== undefined && !field.readOnly) fillIn(field, code);
  });

  const number = element("bdi", { class: "number", dir: "ltr" }, formatInternational(pending.phoneNumber));
  const heading = element("h1", { ...HEADING, id: "heading" }, texts.code.title);
  const sentTo = element("span", { id: "sent-to" }, `${texts.code.sentTo} `, number);
  const introduction = element("p", { class: "introduction with-link" }, sentTo, " ", change);
  // The field and not the heading: it is what everybody does next, and its label and description say where one is.
  return { title: texts.code.title, content: [heading, introduction, form], focus: field };
}
