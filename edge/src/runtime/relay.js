// Messages that pass through the worker. A body is handed from one message to the next as the stream that it is; it never
// goes through wasm.

/** All headers: name and value in turn, a line each. */
export function headers(message) {
  let lines = "";
  for (const [name, value] of message.headers) lines += name + "\n" + value + "\n";
  return lines;
}

function pairs(text) {
  const lines = text.split("\n");
  const pairs = [];
  for (let i = 0; i + 1 < lines.length; i += 2) pairs.push([lines[i], lines[i + 1]]);
  return pairs;
}

/** Changes headers. `removed`: names, a line each. `added`: name and value in turn, a line each. */
export function change(headers, removed, added) {
  if (removed) for (const name of removed.split("\n")) headers.delete(name);
  for (const [name, value] of pairs(added)) headers.append(name, value);
}

/** The same response, body and WebSocket included, with other headers. What a server sent cannot be changed itself. */
export function handOn(response, removed, added) {
  const { status, statusText, webSocket } = response;
  const copy = webSocket
    ? new Response(null, { status, statusText, webSocket, headers: response.headers })
    : new Response(response.body, response);
  change(copy.headers, removed, added);
  return copy;
}

/** A response. `headers`: name and value in turn, a line each. `body`: null, text, bytes, or a response whose body it is. */
export function respond(status, headers, body) {
  return new Response(body instanceof Response ? body.body : body, { status, headers: pairs(headers) });
}

/** What the client itself accepts: Cloudflare sets `Accept-Encoding` to what it can undo on the way out. */
export function clientAcceptEncoding(request) {
  return request.cf?.clientAcceptEncoding;
}
