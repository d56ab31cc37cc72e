import assert from "node:assert/strict";
import { test } from "node:test";

import { isThisMachine, messagesOf, StrangeAnswer } from "../messages.js";

const ONE = "+15005550006";
const OTHER = "+4915112345678";

const sent = (MessageId, PhoneNumber, Timestamp) => ({ MessageId, PhoneNumber, Message: `text ${MessageId}`, Timestamp });
const answer = (numbers) => ({ sms_messages: numbers, region: "us-east-1" });

test("a text is told with its id, its number, its wording and its time in milliseconds", () => {
  const messages = messagesOf(answer({ [ONE]: [sent("a", ONE, 10.0004)], [OTHER]: [] }));
  assert.deepEqual(messages, [{ id: "a", to: ONE, text: "text a", at: 10_000 }]);
});

test("texts stand newest first, whichever number they went to", () => {
  const numbers = { [ONE]: [sent("a", ONE, 10), sent("c", ONE, 12.5)], [OTHER]: [sent("b", OTHER, 11)] };
  assert.deepEqual(messagesOf(answer(numbers)).map(({ id, at }) => [id, at]), [["c", 12_500], ["b", 11_000], ["a", 10_000]]);
});

test("of one number's texts of the same time, the last of the list is the newest", () => {
  const messages = messagesOf(answer({ [ONE]: [sent("a", ONE, 1), sent("b", ONE, 1)] }));
  assert.deepEqual(messages.map(({ id }) => id), ["b", "a"]);
});

for (const strange of [
  null,
  "text",
  [],
  {},
  { sms_messages: [] },
  { sms_messages: { [ONE]: "text" } },
  answer({ [ONE]: [null] }),
  answer({ [ONE]: [{ MessageId: "a", PhoneNumber: ONE, Timestamp: 1 }] }),
  answer({ [ONE]: [sent(1, ONE, 1)] }),
  answer({ [ONE]: [sent("a", ONE)] }),
  answer({ [ONE]: [sent("a", ONE, "1")] }),
]) {
  test(`a strange answer is refused: ${JSON.stringify(strange)}`, () => {
    assert.throws(() => messagesOf(strange), StrangeAnswer);
  });
}

test("only this machine's own names are this machine", () => {
  const own = ["localhost", "LOCALHOST:8787", "127.0.0.1", "127.0.0.1:8787", "[::1]:8787"];
  for (const host of own) assert.ok(isThisMachine(host), host);
  const others = ["example.com", "localhost.example.com", "127.0.0.1.example.com", "192.168.0.2:8787"];
  for (const host of [null, "", "localhost:x", "a@localhost", ...others]) assert.ok(!isThisMachine(host), String(host));
});
