// Peer: Hono with aws-jwt-verify, AWS's own library for Cognito's tokens.

import { env } from "cloudflare:workers";
import { CognitoJwtVerifier } from "aws-jwt-verify";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";

import { createApp } from "./app.js";

// The library derives the key set's address from the pool. Here it is the benchmark's own server.
const jwksCache = new SimpleJwksCache({
  fetcher: { fetch: async () => (await fetch(env.JWKS_URL)).arrayBuffer() },
});

const verifier = CognitoJwtVerifier.create(
  { userPoolId: env.USER_POOL_ID, tokenUse: "access", clientId: env.CLIENT_ID },
  { jwksCache },
);

export default createApp((token) => verifier.verify(token));
