// A worker as the description has it, on 127.0.0.1: codes, sessions, refresh tokens that are good once, sign-outs. It notes
// what it is asked, and one answer at a time can be replaced by another.

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";

const DETAILS = {
  INVALID_REQUEST: [400, "Invalid request", "The request is not as this endpoint expects it; `errors` names what to change."],
  INVALID_TOKEN: [401, "Access token not accepted", "The access token is malformed, expired or not meant for this service."],
  WRONG_CODE: [401, "Wrong code", "The code is not right; try again with the `Session` of this answer."],
  NOT_AUTHORIZED: [403, "Not authorized", "The session or token is unknown, used up, revoked or not this user's."],
  TOO_MANY_REQUESTS: [429, "Too many requests", "A limit is reached."],
  UPSTREAM_UNAVAILABLE: [503, "Upstream unavailable", "A service that this needs is busy or cannot be reached."],
};

export const CODE = "123456";

/** An answer of the worker that is an error. */
export function problem(code, { headers = {}, ...members } = {}) {
  const [status, title, detail] = DETAILS[code];
  const type = `urn:passwordless-edge:problem:${code.toLowerCase().replaceAll("_", "-")}`;
  return {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
    body: JSON.stringify({ type, title, status, detail, code, message: detail, ...members }),
  };
}

const json = (status, body) => ({ status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

export class FakeWorker {
  /** Every request, oldest first: method, path, headers, body. */
  requests = [];
  expiresIn = 3600;
  /** Access tokens that are accepted, with the sign-in each comes from. */
  accepted = new Map();
  #challenges = new Map();
  #refreshTokens = new Map();
  #replacements = [];

  static async start() {
    const worker = new FakeWorker();
    worker.server = createServer((request, response) => void worker.#handle(request, response));
    await new Promise((listening) => worker.server.listen(0, "127.0.0.1", listening));
    worker.url = `http://127.0.0.1:${worker.server.address().port}`;
    return worker;
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((closed) => this.server.close(closed));
  }

  /** How often a path was asked for. */
  count(path) {
    return this.requests.filter((request) => request.path === path).length;
  }

  /** The next request for `path` gets what `answer` returns, maybe later: `{status, headers, body}`, or `"cut"`. */
  once(path, answer) {
    this.#replacements.push({ path, answer });
  }

  /** Time goes by: nobody's access token is good any more. */
  expireAccessTokens() {
    this.accepted.clear();
  }

  async #handle(incoming, outgoing) {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const path = new URL(incoming.url, this.url).pathname;
    const { method, url, headers } = incoming;
    const request = { method, path, url, headers, body: Buffer.concat(chunks).toString() };
    this.requests.push(request);
    const index = this.#replacements.findIndex((replacement) => replacement.path === path);
    const [replacement] = index < 0 ? [] : this.#replacements.splice(index, 1);
    const answer = replacement ? await replacement.answer(request, () => this.#answer(request)) : this.#answer(request);
    if (answer === "cut") return void outgoing.destroy();
    outgoing.writeHead(answer.status, { "x-request-id": "request-1", ...answer.headers });
    outgoing.end(answer.body);
  }

  #answer(request) {
    const { path, headers } = request;
    if (path.startsWith("/secured/")) {
      const caller = this.accepted.get(headers.authorization?.replace(/^Bearer /, ""));
      return caller ? json(200, { query: {}, body: request.body || null, caller }) : problem("INVALID_TOKEN");
    }
    if (headers["content-type"] !== "application/json") throw new Error("not JSON");
    const body = JSON.parse(request.body);
    if (path === "/sign_up") return this.#signUp(body);
    if (path === "/sign_in") return this.#signIn(body);
    if (path === "/refresh_token") return this.#refresh(body);
    return this.#signOut(body, headers.authorization?.replace(/^Bearer /, ""));
  }

  #challenge(username, attemptsLeft) {
    const Session = `session-${randomUUID()}`;
    this.#challenges.set(Session, { username, attemptsLeft });
    const issued = Math.floor(Date.now() / 1000);
    const ChallengeParameters = {
      USERNAME: username, channel: "sms", destination: "+1••••••0006", code_length: "6",
      issued_at: `${issued}`, expires_at: `${issued + 60}`, attempts_left: `${attemptsLeft}`,
    };
    return { Session, ChallengeParameters };
  }

  #signUp({ phone_number: phoneNumber }) {
    if (!phoneNumber) return problem("INVALID_REQUEST", { errors: [{ field: "phone_number", detail: "is required" }] });
    const sent = this.#challenge(randomUUID(), 3);
    return json(201, { ChallengeName: "CUSTOM_CHALLENGE", ...sent, code: "CHALLENGE_SENT", message: "A code was sent." });
  }

  #signIn({ username, session, answer }) {
    const challenge = this.#challenges.get(session);
    this.#challenges.delete(session);
    if (challenge?.username !== username) return problem("NOT_AUTHORIZED");
    const isRight = answer === CODE;
    if (isRight) return json(200, { AuthenticationResult: this.#tokens(randomUUID()), code: "LOGON_SUCCEEDED", message: "" });
    if (challenge.attemptsLeft === 1) return problem("NOT_AUTHORIZED");
    return problem("WRONG_CODE", this.#challenge(username, challenge.attemptsLeft - 1));
  }

  #refresh({ refresh_token: refreshToken }) {
    const signIn = this.#refreshTokens.get(refreshToken);
    this.#refreshTokens.delete(refreshToken);
    if (!signIn) return problem("NOT_AUTHORIZED");
    return json(200, { AuthenticationResult: this.#tokens(signIn), code: "REFRESH_TOKEN_SUCCEEDED", message: "" });
  }

  #tokens(signIn) {
    const [AccessToken, IdToken, RefreshToken] = ["access", "id", "refresh"].map((kind) => `${kind}-${randomUUID()}`);
    this.accepted.set(AccessToken, signIn);
    this.#refreshTokens.set(RefreshToken, signIn);
    return { AccessToken, IdToken, RefreshToken, ExpiresIn: this.expiresIn, TokenType: "Bearer" };
  }

  #signOut({ refresh_token: refreshToken }, accessToken) {
    const signIn = this.accepted.get(accessToken);
    if (!signIn) return problem("INVALID_TOKEN");
    for (const [token, from] of this.accepted) if (from === signIn) this.accepted.delete(token);
    this.#refreshTokens.delete(refreshToken);
    return { status: 204, headers: {}, body: "" };
  }
}
