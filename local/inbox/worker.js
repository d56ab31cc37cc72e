// The worker as `cargo xtask dev` runs it: with the texts that the local AWS was asked to send, at `/_local/inbox/messages`.
// What is deployed is the bundle alone, so that in production neither this code nor the path exists.
import worker, { Guard } from "../../edge/build/index.js";
import { isThisMachine, messagesOf } from "./messages.js";

export { Guard };

const PATH = "/_local/inbox/messages";

/** Longer than the local AWS ever takes, and short enough for a page that waits. */
const ANSWERS_WITHIN = 5_000;

export default {
  fetch(request, env, context) {
    return new URL(request.url).pathname === PATH ? inbox(request, env) : worker.fetch(request, env, context);
  },
};

/** `{"messages": [{"id", "to", "text", "at"}]}`, newest first. Readers filter: no phone number belongs into a URL. */
async function inbox(request, env) {
  // Another site's name may be made to lead to this machine (DNS rebinding), and its pages could then read the codes.
  if (!isThisMachine(request.headers.get("Host"))) {
    const detail = "The inbox is for this machine's own browser, at localhost or 127.0.0.1: see local/README.md.";
    return problem(403, "Forbidden", detail);
  }
  if (request.method !== "GET") {
    return problem(405, "Method not allowed", "The inbox can only be read, with GET.", { Allow: "GET" });
  }
  try {
    const messages = messagesOf(await askLocalAws(env.COGNITO_ENDPOINT));
    return Response.json({ messages }, { headers: { "Cache-Control": "no-store" } });
  } catch {
    const detail = "The local AWS, which keeps the texts, does not answer as it should. Is `cargo xtask dev` still running?";
    return problem(502, "No inbox", detail);
  }
}

/** Throws when there is no answer, another status than 200, or no JSON. */
async function askLocalAws(endpoint) {
  const address = new URL("_ministack/sns/sms-messages", endpoint);
  const answer = await fetch(address, { redirect: "manual", signal: AbortSignal.timeout(ANSWERS_WITHIN) });
  if (answer.status !== 200) {
    await answer.body?.cancel();
    throw new Error(`the local AWS answers ${answer.status}`);
  }
  return answer.json();
}

/** A problem document (RFC 9457), like the worker's own. */
function problem(status, title, detail, headers = {}) {
  return new Response(JSON.stringify({ type: "about:blank", title, status, detail }), {
    status,
    headers: { "Content-Type": "application/problem+json", "Cache-Control": "no-store", ...headers },
  });
}
