// The third step: signed in. Replace what is here by your own product.
import type { Tokens } from "passwordless-edge-client";

import { busyButton, type BusyButton } from "../dom/busy_button";
import { element } from "../dom/element";
import { errorLine } from "../dom/error_line";
import { HEADING, type Page, type View } from "../page";
import { retrying } from "../session/connection";
import { accessToken } from "./access_token";
import { securedCall } from "./secured_call";

/** `farewell` is told what to say once there are no tokens any more. */
export function signedInView(
  page: Page,
  tokens: Tokens,
  signal: AbortSignal,
  farewell: (notice: string | Promise<string>) => void,
): View {
  const { texts } = page;
  const error = errorLine("signed-in-error", texts.requestId);
  const call = securedCall(page, error, signal);
  const token = accessToken(page, tokens, error, signal);
  const here = busyButton(texts.signedIn.signOut, { class: "secondary" });
  const everywhere = busyButton(texts.signedIn.signOutEverywhere, { class: "link" });

  const retry = retrying(signal);

  async function signOut(button: BusyButton, isEverywhere: boolean): Promise<void> {
    if (here.isBusy || everywhere.isBusy) return;
    retry.cancel();
    error.clear();
    const leaving = button.during(texts.signedIn.signingOut, () => page.edge.signOut({ everywhere: isEverywhere }));
    // Tokens are gone before this ends, and how it ends says why: a refresh that is refused takes them away, too.
    const { signedOut, signedOutEverywhere, notEverywhere, sessionEnded } = texts.notices;
    farewell(leaving.then(
      () => (isEverywhere ? signedOutEverywhere : signedOut),
      () => (isEverywhere ? notEverywhere : sessionEnded),
    ));
    try {
      await leaving;
    } catch (failure) {
      farewell(sessionEnded);
      if (signal.aborted) return;
      const explanation = page.explain(failure, "session");
      error.show(explanation);
      if (explanation.isNetworkFailure) retry.whenOnline(() => void signOut(button, isEverywhere));
    }
  }

  here.root.addEventListener("click", () => void signOut(here, false));
  everywhere.root.addEventListener("click", () => void signOut(everywhere, true));
  void call.call();

  const heading = element("h1", HEADING, texts.signedIn.title);
  const introduction = element("p", { class: "introduction" }, texts.signedIn.introduction);
  const leaving = element("div", { class: "leaving" }, here.root, everywhere.root);
  return {
    title: texts.signedIn.title,
    content: [heading, introduction, call.root, token.root, leaving],
    focus: heading,
    onTokens: token.show,
  };
}
