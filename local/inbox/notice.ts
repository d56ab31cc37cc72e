// The newest text as a phone's notification, on the sign-in page as `cargo xtask dev` shows it; the deployed page does not
// load it. It knows nothing of that page but the field that browsers know, too: `autocomplete="one-time-code"`.

import { codeIn, wordingOf } from "./code";
import { button, make } from "./element";
import { follow, type Message } from "./feed";

const INBOX = "/_local/inbox";
const CODE_FIELD = 'input[autocomplete~="one-time-code"]';
/** By then the code has expired. Milliseconds. */
const SHOWN_FOR = 60_000;
/** About half a minute. A page that is served without an inbox must not fill the browser's console with failures. */
const FAILURES_AT_MOST = 8;

// The region is there before its first text: screen readers tell what changes in one, not that one appears.
const region = make("div", "local-notice");
region.setAttribute("role", "status");
region.lang = "en";
region.dir = "ltr";
region.addEventListener("keydown", (event) => {
  if (event.key === "Escape") dismiss();
});

let known: Set<string> | undefined;
let shown: { fill: HTMLButtonElement | undefined; fieldSeen: boolean; timer: ReturnType<typeof setTimeout> } | undefined;
let failures = 0;

document.body.prepend(region);
// The page is pushed down by the notice's height, so that it covers nothing, at any width and size of type.
new ResizeObserver(() => {
  document.documentElement.style.setProperty("--local-notice-size", `${region.offsetHeight}px`);
}).observe(region);

follow({
  onMessages(messages) {
    failures = 0;
    const newest = messages.find(({ id }) => known && !known.has(id));
    known = new Set(messages.map(({ id }) => id));
    if (newest) show(newest);
    else watchField();
  },
  onTrouble() {
    failures += 1;
    return failures < FAILURES_AT_MOST;
  },
});

function show(message: Message): void {
  dismiss();
  const code = codeIn(message.text);
  const link = make("a", "local-notice-text");
  link.href = INBOX;
  link.target = "_blank";
  link.rel = "noopener";
  link.append(
    make("span", "local-notice-from", "Messages · now"),
    " ",
    make("span", "local-notice-words", wordingOf(message.text)),
    make("span", "local-notice-hidden", ` (text to ${message.to}; opens the inbox in a new tab)`),
  );
  const fill = code === undefined ? undefined : button("Fill in", () => fillIn(code));
  fill?.setAttribute("aria-label", `Fill in the code ${code}`);
  const close = button("×", dismiss);
  close.setAttribute("aria-label", "Dismiss the message");
  region.replaceChildren(link, ...(fill ? [fill] : []), close);
  shown = { fill, fieldSeen: false, timer: setTimeout(dismiss, SHOWN_FOR) };
  watchField();
}

function dismiss(): void {
  if (!shown) return;
  clearTimeout(shown.timer);
  shown = undefined;
  region.replaceChildren();
}

/** There is something to fill in only while the page asks for a code; once it no longer does, the text has done its work. */
function watchField(): void {
  if (!shown) return;
  const field = codeField();
  if (shown.fill) shown.fill.hidden = field === undefined;
  if (field) shown.fieldSeen = true;
  else if (shown.fieldSeen) dismiss();
}

/** As if it were typed: whatever page listens to its own field gets to know. */
function fillIn(code: string): void {
  const field = codeField();
  dismiss();
  if (!field) return;
  // The button that had the focus is gone; where the code went is where one would go on.
  field.focus();
  field.value = code;
  field.dispatchEvent(new InputEvent("input", { bubbles: true, data: code, inputType: "insertReplacementText" }));
}

function codeField(): HTMLInputElement | undefined {
  const fields = document.querySelectorAll<HTMLInputElement>(CODE_FIELD);
  return [...fields].find((field) => !field.disabled && field.checkVisibility());
}
