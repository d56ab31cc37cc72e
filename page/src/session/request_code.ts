// Having a code sent, with a human check where the worker wants one.
import { Problem, type PasswordlessEdge } from "passwordless-edge-client";

import type { HumanCheck } from "../human_check/human_check";
import type { PendingCode } from "./pending";

/** Throws what the client's `signUp` throws. `phoneNumber`: E.164. */
export async function requestCode(
  edge: PasswordlessEdge,
  phoneNumber: string,
  check: HumanCheck,
  signal: AbortSignal,
): Promise<PendingCode> {
  const send = async (turnstileToken: string | undefined): Promise<PendingCode> => {
    const options = turnstileToken === undefined ? { signal } : { turnstileToken, signal };
    const challenge = await edge.signUp(phoneNumber, options);
    return { phoneNumber, challenge, receivedAt: Date.now() };
  };
  if (SETTINGS.humanCheck === "always") return send(await check.token());
  try {
    return await send(undefined);
  } catch (error) {
    const isAsked = error instanceof Problem && error.code === "HUMAN_CHECK_REQUIRED";
    const token = isAsked ? await check.token() : undefined;
    if (token === undefined) throw error;
    return send(token);
  }
}
