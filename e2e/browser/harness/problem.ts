// Answers that a test gives in the worker's place.

/** A problem as the worker writes it (RFC 9457), for `route.fulfill`. */
export function problem(status: number, code: string, headers: Record<string, string> = {}) {
  const type = `urn:passwordless-edge:problem:${code.toLowerCase().replaceAll("_", "-")}`;
  const body = JSON.stringify({ type, status, code, title: code, detail: code, message: code });
  return { status, body, headers: { "Content-Type": "application/problem+json", "X-Request-Id": "an-id", ...headers } };
}
