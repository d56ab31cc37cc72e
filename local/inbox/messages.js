// What the local AWS says about the texts that it was asked to send, as messages.

/** An answer that is not of the form that the local AWS documents. */
export class StrangeAnswer extends Error {}

/**
 * The messages in an answer of `/_ministack/sns/sms-messages`, newest first.
 *
 * The answer is `{"sms_messages": {"+1…": [{"MessageId", "PhoneNumber", "Message", "Timestamp"}, …]}}`, oldest first for each
 * number; `Timestamp` is in Unix seconds (row 22 in local/README.md).
 *
 * @param {unknown} answer the body, parsed
 * @returns {{id: string, to: string, text: string, at: number}[]} `at` is in Unix milliseconds
 * @throws {StrangeAnswer}
 */
export function messagesOf(answer) {
  const numbers = isObject(answer) ? answer.sms_messages : undefined;
  if (!isObject(numbers) || !Object.values(numbers).every(Array.isArray)) throw new StrangeAnswer("no lists of texts");

  const messages = Object.values(numbers).flat().map(messageOf);
  // Sorting is stable: of texts with the same time, the one that is listed later was sent later.
  return messages.reverse().sort((one, other) => other.at - one.at);
}

function messageOf(entry) {
  const { MessageId: id, PhoneNumber: to, Message: text, Timestamp: seconds } = isObject(entry) ? entry : {};
  if (![id, to, text].every((value) => typeof value === "string")) throw new StrangeAnswer("a text without id, number or text");
  if (!Number.isFinite(seconds)) throw new StrangeAnswer("a text without a time");
  return { id, to, text, at: Math.round(seconds * 1000) };
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a `Host` header (RFC 9110 §7.2) names this machine as one's own browser does, with any port. */
export function isThisMachine(host) {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?$/i.test(host ?? "");
}
