// What both peers are but for the library that verifies the token: a small Hono app that does the worker's job for
// `GET /health` and `GET /secured/call`.

import { Hono } from "hono";
import { createMiddleware } from "hono/factory";

// RFC 9457, the same document that the worker sends.
const PROBLEM = {
  type: "urn:passwordless-edge:problem:invalid-token",
  title: "Access token not accepted",
  status: 401,
  detail: "The access token is malformed, expired or not meant for this service; refresh it or sign in again.",
  code: "INVALID_TOKEN",
};

const refuse = (c) =>
  c.json(PROBLEM, 401, {
    "Content-Type": "application/problem+json",
    "WWW-Authenticate": 'Bearer realm="bench", error="invalid_token"',
  });

/** The app. `verify` takes a token and promises its claims, or throws. */
export const createApp = (verify) => {
  const authenticate = createMiddleware(async (c, next) => {
    const [scheme, token] = (c.req.header("Authorization") ?? "").split(" ");
    if (scheme.toLowerCase() !== "bearer" || !token) return refuse(c);
    try {
      c.set("claims", await verify(token));
    } catch {
      return refuse(c);
    }
    await next();
  });

  const app = new Hono();
  app.get("/health", (c) => c.json({ status: "ok" }));
  app.get("/secured/call", authenticate, (c) => {
    const { sub, username, scope, exp } = c.get("claims");
    return c.json({
      query: c.req.query(),
      body: null,
      caller: { sub, username, scope: scope.split(" "), expires_at: exp },
    });
  });
  return app;
};
