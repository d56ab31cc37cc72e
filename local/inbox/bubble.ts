// One text, as a bubble of a conversation.

import { codeIn, wordingOf } from "./code";
import { button, make } from "./element";
import type { Message } from "./feed";

export interface Actions {
  /** Shows the texts to that number alone. */
  only(number: string): void;
  /** Tells it to a screen reader. */
  say(text: string): void;
}

const COPIED_FOR = 2_000;
const MINUTE = 60_000;

export function bubble(message: Message, { only, say }: Actions): HTMLLIElement {
  const item = make("li", "message");
  const heading = make("h2", "number");
  const number = button(message.to, () => only(message.to));
  number.title = "Show the texts to this number alone";
  heading.append(number);

  const code = codeIn(message.text);
  item.append(heading, make("time", "age"), wording(wordingOf(message.text), code));
  if (code !== undefined) item.append(codeRow(code, say));
  return item;
}

/** Says how long ago that was; times are Unix milliseconds. */
export function showAge(item: HTMLLIElement, at: number, now: number): void {
  const time = item.querySelector("time");
  if (!time) return;
  const text = ageOf(at, now);
  if (time.textContent === text) return;
  const date = new Date(at);
  time.dateTime = date.toISOString();
  time.title = date.toLocaleString("en");
  time.textContent = text;
}

function ageOf(at: number, now: number): string {
  const minutes = Math.floor((now - at) / MINUTE);
  if (minutes < 1) return "now";
  if (minutes < 60) return `${minutes} min ago`;
  return new Date(at).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });
}

/** The text, with the code in bold type. */
function wording(text: string, code: string | undefined): HTMLElement {
  const paragraph = make("p", "text");
  const [before, ...after] = code === undefined ? [text] : text.split(code);
  paragraph.append(before ?? "");
  for (const part of after) paragraph.append(make("strong", "", code), part);
  return paragraph;
}

function codeRow(code: string, say: (text: string) => void): HTMLElement {
  const row = make("p", "code");
  const digits = make("span", "digits", code);
  const label = make("span", "", "Copy");
  const copy = button("", async () => {
    try {
      await navigator.clipboard.writeText(code);
    } catch {
      // Without leave to write there, the code is at least selected, for the keyboard's copy.
      getSelection()?.selectAllChildren(digits);
      say("The code is selected.");
      return;
    }
    label.textContent = "Copied";
    say(`Copied ${code}.`);
    setTimeout(() => (label.textContent = "Copy"), COPIED_FOR);
  });
  copy.append(label, make("span", "visually-hidden", ` the code ${code}`));
  row.append(digits, copy);
  return row;
}
