// Makes the tokens of the benchmark: `node tokens.mjs FOLDER COUNT` writes into FOLDER
//   jwks.json    the key set, as Cognito publishes it
//   good.txt     COUNT access tokens that are good for a day, the longest that Cognito allows
//   expired.txt  COUNT access tokens that were good for an hour, yesterday
// A line of the lists is `sub token`: an answer must name that very caller.
//
// Node.js because its OpenSSL signs quickly; still a thousand a second is what a core does, so all cores do it.

import { createPublicKey, createPrivateKey, generateKeyPairSync, randomBytes, randomUUID, sign } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

const HOUR = 3_600;
const DAY = 24 * HOUR;

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** The claims of an access token that Cognito gives after a sign-in with its API, in its order. */
const claims = (pool, issuedAt, expiresAt) => {
  const sub = randomUUID();
  return {
    sub,
    iss: `https://cognito-idp.${pool.region}.amazonaws.com/${pool.userPoolId}`,
    client_id: pool.clientId,
    origin_jti: randomUUID(),
    event_id: randomUUID(),
    token_use: "access",
    scope: "aws.cognito.signin.user.admin",
    auth_time: issuedAt,
    exp: expiresAt,
    iat: issuedAt,
    jti: randomUUID(),
    username: sub,
  };
};

const makeTokens = ({ pem, kid, pool, count, issuedAt, expiresAt }) => {
  const key = createPrivateKey(pem);
  const header = encoded({ kid, alg: "RS256" });
  return Array.from({ length: count }, () => {
    const payload = claims(pool, issuedAt, expiresAt);
    const signed = `${header}.${encoded(payload)}`;
    return `${payload.sub} ${signed}.${sign("sha256", Buffer.from(signed), key).toString("base64url")}\n`;
  }).join("");
};

/** The same on all cores. */
const makeTokensTogether = async (job) => {
  const threads = availableParallelism();
  const shares = Array.from({ length: threads }, (_, index) =>
    Math.floor((job.count * (index + 1)) / threads) - Math.floor((job.count * index) / threads),
  );
  const parts = shares.map(
    (count) =>
      new Promise((resolve, reject) => {
        const thread = new Worker(new URL(import.meta.url), { workerData: { ...job, count } });
        thread.once("message", resolve);
        thread.once("error", reject);
      }),
  );
  return (await Promise.all(parts)).join("");
};

const main = async (folder, count) => {
  const pool = JSON.parse(readFileSync(new URL("pool.json", import.meta.url), "utf8"));
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  // As long as Cognito's.
  const kid = randomBytes(32).toString("base64");
  const { kty, n, e } = createPublicKey(privateKey).export({ format: "jwk" });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" });
  const now = Math.floor(Date.now() / 1_000);
  const job = { pem, kid, pool, count };
  const good = await makeTokensTogether({ ...job, issuedAt: now, expiresAt: now + DAY });
  const expired = await makeTokensTogether({ ...job, issuedAt: now - DAY, expiresAt: now - DAY + HOUR });

  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "jwks.json"), JSON.stringify({ keys: [{ alg: "RS256", e, kid, kty, n, use: "sig" }] }));
  writeFileSync(join(folder, "good.txt"), good);
  writeFileSync(join(folder, "expired.txt"), expired);
};

if (isMainThread) {
  await main(process.argv[2], Number(process.argv[3]));
} else {
  parentPort.postMessage(makeTokens(workerData));
}
