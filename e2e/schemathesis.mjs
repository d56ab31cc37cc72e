// Tries the running worker with what openapi.yaml allows and forbids: gets the tokens that the description's operations need,
// plays the API behind `/secured/`, and runs schemathesis as schemathesis.toml says. Its exit status is schemathesis's, or 1
// when a token was not good until the end: one that is refused finds no faults.
//
//   E2E_SYSTEM=.dev/test/system.json node e2e/schemathesis.mjs PATH-OF-SCHEMATHESIS [OPTION]...
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { setTimeout } from "node:timers/promises";
import { PasswordlessEdge } from "../clients/typescript/dist/index.js";

const [program, ...options] = process.argv.slice(2);
const system = JSON.parse(readFileSync(process.env.E2E_SYSTEM, "utf8"));
const url = system.workers.local;

/** A new number in North America's range; two of them are never the same in one run, so none has to wait. */
function* numbers() {
  for (let last = Math.floor(Math.random() * 9000); ; last += 1) yield `+1415559${String(last % 10_000).padStart(4, "0")}`;
}

/** The code that was texted to the number, as the inbox of `cargo xtask dev` shows it, newest first. */
async function codeFor(number) {
  for (const until = Date.now() + 20_000; Date.now() < until; await setTimeout(100)) {
    const { messages } = await (await fetch(`${url}/_local/inbox/messages`)).json();
    const code = messages.find(({ to }) => to === number)?.text.match(/\d{6}/)?.[0];
    if (code) return code;
  }
  throw new Error("no code came within 20 s");
}

/** A new user's access token. */
async function accessToken(number) {
  const edge = new PasswordlessEdge({ url });
  const challenge = await edge.signUp(number);
  return (await edge.signIn(challenge, await codeFor(number))).AccessToken;
}

/** What is behind `/secured/`: it takes everything. */
const origin = createServer((request, response) => {
  request.resume().once("end", () => response.writeHead(200, { "Content-Type": "application/json" }).end("{}"));
});
origin.listen(system.origin.port, "127.0.0.1");
await once(origin, "listening");

const [user, userWhoLeaves] = numbers();
const tokens = {
  ACCESS_TOKEN: await accessToken(user),
  SIGN_OUT_TOKEN: await accessToken(userWhoLeaves),
  ADMIN_TOKEN: system.admin_token,
};

/** Whether the tokens of the secured operations and of the operator are still taken. */
async function tokensAreGood() {
  const bearer = (token) => ({ Authorization: `Bearer ${token}`, "Content-Type": "application/json" });
  const order = JSON.stringify({ order: "show", phone_number: user, operator: "schemathesis" });
  const answers = await Promise.all([
    fetch(`${url}/secured/call`, { headers: bearer(tokens.ACCESS_TOKEN) }),
    fetch(`${url}/admin/guard`, { method: "POST", headers: bearer(tokens.ADMIN_TOKEN), body: order }),
  ]);
  return answers.every(({ status }) => status === 200);
}

const run = ["--config-file", "e2e/schemathesis.toml", "run", "openapi.yaml", "--url", url, ...options];
const child = spawn(program, run, { env: { ...process.env, ...tokens }, stdio: "inherit" });
const [status] = await once(child, "exit");
origin.close();
const good = await tokensAreGood();
if (!good) console.error("the token did not last the run: secured operations were not tried");
process.exit(good ? (status ?? 1) : status || 1);
