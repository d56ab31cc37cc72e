// The page `/_local/inbox`: the texts as phones would show them.

import { bubble, showAge } from "./bubble";
import { follow, type Message } from "./feed";

const filter = element<HTMLFormElement>("filter");
const number = element<HTMLInputElement>("number");
const trouble = element("trouble");
const news = element("news");
const empty = element("empty");
const nothingFound = element("nothing-found");
const list = element("messages");

/** What was read last; nothing before the first answer. */
let messages: Message[] | undefined;
const bubbles = new Map<string, HTMLLIElement>();

follow({
  onMessages(current) {
    trouble.hidden = true;
    announce(current);
    messages = current;
    show();
  },
  onTrouble(detail) {
    const text = `${detail} This page goes on by itself once it is back.`;
    // An alert that is written again is read out again.
    if (trouble.hidden || trouble.textContent !== text) trouble.textContent = text;
    trouble.hidden = false;
    empty.hidden = true;
    return true;
  },
});

filter.addEventListener("submit", (event) => event.preventDefault());
number.addEventListener("input", show);
element("show-all").addEventListener("click", () => only(""));

/** Shows the texts to that number alone, or all with an empty one. The choice is not in the address: addresses are logged. */
function only(to: string): void {
  number.value = to;
  show();
  number.focus();
}

function show(): void {
  if (!messages) return;
  const digits = number.value.replace(/[^0-9]/g, "");
  const chosen = messages.filter(({ to }) => to.includes(digits));
  filter.hidden = messages.length === 0 && number.value === "";
  empty.hidden = messages.length > 0;
  nothingFound.hidden = messages.length === 0 || chosen.length > 0;
  place(chosen);
}

/** Puts the bubbles into the list's order and touches only those that are not there yet: the focus stays where it is. */
function place(chosen: Message[]): void {
  const wanted = new Set(chosen.map(({ id }) => id));
  for (const [id, item] of bubbles) {
    if (wanted.has(id)) continue;
    item.remove();
    bubbles.delete(id);
  }
  let next = list.firstElementChild;
  for (const message of chosen) {
    let item = bubbles.get(message.id);
    if (!item) bubbles.set(message.id, (item = bubble(message, { only, say })));
    if (item === next) next = next.nextElementSibling;
    else list.insertBefore(item, next);
    showAge(item, message.at, Date.now());
  }
}

/** Reads out what has come since the last time, in one sentence for each text. */
function announce(current: Message[]): void {
  if (!messages) return;
  const known = new Set(messages.map(({ id }) => id));
  const fresh = current.filter(({ id }) => !known.has(id));
  if (fresh.length > 0) say(fresh.map(({ to, text }) => `New text to ${to}: ${text}`).join("\n"));
}

function say(text: string): void {
  news.textContent = text;
}

function element<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  return document.getElementById(id) as Kind;
}
