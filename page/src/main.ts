// The sign-in page: a number, a code, signed in. One history entry for the number and one for what comes after it; what is
// in them is the name of the step and nothing else.
import { PasswordlessEdge, type Tokens } from "passwordless-edge-client";

import { codeView } from "./code/view";
import { chooseTexts, formattingTag } from "./languages/choose";
import { formatsOf } from "./languages/formats";
import { numberView } from "./number/view";
import type { Page, View } from "./page";
import { explain } from "./problems/explain";
import { clearDraft } from "./session/draft";
import { PendingStore } from "./session/pending";
import { memoryStorage, tabStorage } from "./session/storage";
import { shell as createShell } from "./shell";
import { signedInView } from "./signed_in/view";

type Step = "number" | "code" | "signed-in";

const texts = chooseTexts(navigator.languages);
const formats = formatsOf(formattingTag(texts, navigator.languages));
const shell = createShell(texts);
const lasting = tabStorage();
const storage = lasting ?? memoryStorage();
const pending = new PendingStore(storage);
let ending = new AbortController();
let current: View | undefined;
/** Why there are no tokens, when there are none any more. While somebody signs out it is not known yet. */
let farewell: string | Promise<string> = texts.notices.sessionEnded;

// Without a lasting storage the client keeps tokens in its own memory, and tells them to no other tab.
const edge = new PasswordlessEdge({ url: location.origin, storage: lasting, onTokens });

const page: Page = {
  texts,
  formats,
  languages: navigator.languages,
  storage,
  edge,
  pending,
  announce: shell.announce,
  explain: (error, endpoint) => explain(error, endpoint, texts, formats, Date.now()),
  enterCode(sent, notice) {
    pending.write(sent);
    if (stepOfEntry() !== "code") history.pushState({ step: "code" satisfies Step }, "");
    show(notice);
  },
  changeNumber() {
    history.back();
  },
};

function stepOfEntry(): Step | undefined {
  return (history.state as { step?: Step } | null)?.step;
}

function setEntry(step: Step): void {
  history.replaceState({ step }, "");
}

/** Shows the step where one is. */
function show(notice?: string, isOwnDoing = true): void {
  ending.abort();
  ending = new AbortController();
  const { signal } = ending;
  const { tokens } = edge;
  const sent = pending.read(Date.now());
  if (tokens !== undefined) {
    setEntry("signed-in");
    current = signedInView(page, tokens, signal, (notice) => (farewell = notice));
  } else if (stepOfEntry() === "code" && sent !== undefined) {
    current = codeView(page, sent, signal);
  } else {
    setEntry("number");
    current = numberView(page, signal);
  }
  shell.show(current, notice, isOwnDoing);
}

function onTokens(tokens: Tokens | undefined): void {
  if (tokens === undefined) {
    const notice = farewell;
    farewell = texts.notices.sessionEnded;
    setEntry("number");
    if (typeof notice === "string") return show(notice);
    return void notice.then((known) => show(known));
  }
  if (current?.onTokens !== undefined) return current.onTokens(tokens);
  pending.clear();
  clearDraft(storage);
  show();
}

window.addEventListener("popstate", () => show());

// Opened anew in a tab that waits for a code (the address typed again): go on there, with the number's step to go back to.
if (history.state === null && edge.tokens === undefined && pending.read(Date.now()) !== undefined) {
  setEntry("number");
  history.pushState({ step: "code" satisfies Step }, "");
}
show(undefined, false);
