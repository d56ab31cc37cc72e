// What crosses between the platform and wasm for every request: one call in, one call out.
//
// Each call over the border costs, and so does each string: asking for method, address and headers one by one, and
// setting response headers one by one, took a fifth of the time of a secured call (docs/performance.md).

/** Headers that nearly every request is asked for, in the order in which `describe` gives them. */
const HEADERS = ["authorization", "origin", "cache-control"];

/**
 * Method, address and the headers above, a line each. A header that is there begins with "=". No method, URL or header
 * value contains a line break.
 */
export function describe(request) {
  let text = request.method + "\n" + request.url;
  for (const name of HEADERS) {
    const value = request.headers.get(name);
    text += value === null ? "\n" : "\n=" + value;
  }
  return text;
}

/** A response. `text`: header names and values in turn, a line each, an empty line, the body. */
export function respond(status, hasBody, text) {
  // An object, which the platform reads in half the time of a list of pairs.
  const headers = {};
  let at = 0;
  for (;;) {
    const nameEnd = text.indexOf("\n", at);
    if (nameEnd === at) break;
    const valueEnd = text.indexOf("\n", nameEnd + 1);
    headers[text.slice(at, nameEnd)] = text.slice(nameEnd + 1, valueEnd);
    at = valueEnd + 1;
  }
  return new Response(hasBody ? text.slice(at + 1) : null, { status, headers });
}

/**
 * Verifies a signature. The promise is of what `settle` returns, given the ticket and whether the signature is right. The
 * bytes are wasm's own memory, not copies: Web Cryptography copies them before it returns. A key that does not fit is as
 * good as a wrong signature.
 */
export function verify(algorithm, key, signature, signed, ticket, settle) {
  return crypto.subtle.verify(algorithm, key, signature, signed).then(
    (right) => settle(ticket, right),
    () => settle(ticket, false),
  );
}
