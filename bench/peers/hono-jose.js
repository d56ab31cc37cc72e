// Peer: Hono with jose, the usual choice for tokens of any issuer.

import { env } from "cloudflare:workers";
import { createRemoteJWKSet, jwtVerify } from "jose";

import { createApp } from "./app.js";

const keySet = createRemoteJWKSet(new URL(env.JWKS_URL));
const options = {
  issuer: `https://cognito-idp.${env.AWS_REGION}.amazonaws.com/${env.USER_POOL_ID}`,
  algorithms: ["RS256"],
};

export default createApp(async (token) => {
  const { payload } = await jwtVerify(token, keySet, options);
  // jose knows nothing of Cognito: that it is an access token, and this client's, is the application's to check.
  if (payload.token_use !== "access" || payload.client_id !== env.CLIENT_ID) {
    throw new Error("not an access token of this client");
  }
  return payload;
});
