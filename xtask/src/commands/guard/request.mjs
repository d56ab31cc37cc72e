// Sends one order to a worker. `cargo xtask guard` starts it, as xtask itself speaks no TLS: stdin has what to send, the
// token among it (arguments and environment can be seen by others), stdout takes what came back.

import { text } from "node:stream/consumers";

const PATIENCE_MS = 15_000;

const { url, token, order } = JSON.parse(await text(process.stdin));
let result;
try {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Authorization": `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify(order),
    // The token is for this URL alone.
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  result = { status: response.status, body: await response.text() };
} catch (error) {
  // What fetch itself says is "fetch failed"; why is in the cause.
  const cause = error.cause ?? error;
  result = { unreachable: cause.code ?? cause.message ?? String(cause) };
}
process.stdout.write(JSON.stringify(result));
