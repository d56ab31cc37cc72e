// Asks a worker several things. `cargo xtask deploy` starts it, as xtask itself speaks no TLS: stdin has the requests, stdout
// takes what came back.

import { text } from "node:stream/consumers";

const PATIENCE_MS = 10_000;

const requests = JSON.parse(await text(process.stdin));
const answers = await Promise.all(requests.map(async ({ url, headers }) => {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(url, { headers, redirect: "manual", signal });
    return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
  } catch (error) {
    // What fetch itself says is "fetch failed"; why is in the cause.
    const cause = error.cause ?? error;
    return { unreachable: cause.code ?? cause.message ?? String(cause) };
  }
}));
process.stdout.write(JSON.stringify(answers));
