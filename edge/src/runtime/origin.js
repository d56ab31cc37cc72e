// The way to the origin.

import { change } from "./relay.js";

/** Longest time for which a client may take to send its body, in milliseconds: Cloudflare's own limit. */
const UPLOAD_LIMIT = 100_000;

/**
 * Sends `request` on to `url`, with other headers, over the network or to `service`. Gives what came back as soon as its
 * headers are there; rejects if that takes more than `limit` milliseconds from when the client has sent its body.
 */
export async function forward(request, url, removed, added, service, limit) {
  const controller = new AbortController();
  const init = { redirect: "manual", signal: controller.signal };
  // Cloudflare's own cache between worker and origin knows no callers: without their tokens, which are not sent on, all
  // requests for one address look the same to it. It keeps images, documents and more unless told not to.
  if (!service) init.cache = "no-store";
  let source = request;
  let sent = Promise.resolve();
  if (request.body && request.method !== "GET" && request.method !== "HEAD") {
    // The same bytes through a pipe of ours, which tells when they are through. A client may take its time.
    const length = request.headers.get("content-length");
    const pipe = length === null ? new IdentityTransformStream() : new FixedLengthStream(Number(length));
    sent = request.body.pipeTo(pipe.writable);
    source = { method: request.method, headers: request.headers, body: pipe.readable };
  }
  const outgoing = new Request(new Request(url, source), init);
  change(outgoing.headers, removed, added);
  let timer = setTimeout(() => controller.abort(), source === request ? limit : UPLOAD_LIMIT);
  let answered = false;
  const restart = () => {
    if (answered) return;
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(), limit);
  };
  // A client or an origin that breaks off is seen by `fetch`.
  if (source !== request) sent.then(restart, restart);
  try {
    return await (service ?? globalThis).fetch(outgoing);
  } finally {
    answered = true;
    clearTimeout(timer);
  }
}
