// worker.js in workerd, with a stub in the place of the worker's bundle and a local AWS that answers what a test wants.

import assert from "node:assert/strict";
import { createServer, request as httpRequest } from "node:http";
import { after, before, beforeEach, test } from "node:test";

import { Miniflare } from "miniflare";

import { bundle } from "./bundle.mjs";

const PATH = "/_local/inbox/messages";
const ONE = "+15005550006";
const OTHER = "+4915112345678";
const STUB = `
  import { DurableObject } from "cloudflare:workers";
  export class Guard extends DurableObject { async fetch() { return new Response("the guard"); } }
  export default {
    async fetch(request, env) {
      const { pathname } = new URL(request.url);
      if (pathname === "/guard") return env.GUARD.get(env.GUARD.idFromName("a")).fetch(request);
      return new Response(request.method + " " + pathname + " at the worker");
    },
  };`;

const stub = {
  name: "stub",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\.\/\.\.\/edge\/build\/index\.js$/ }, () => ({ path: "bundle", namespace: "stub" }));
    onLoad({ filter: /.*/, namespace: "stub" }, () => ({ contents: STUB, loader: "js" }));
  },
};

let aws;
let asked;
let answer;
let script;
let worker;
let address;

const text = (id, to, Timestamp = 1) => ({ MessageId: id, PhoneNumber: to, Message: `text ${id}`, Subject: null, Timestamp });
const json = (body) => (response) => response.end(JSON.stringify(body));
const inbox = (numbers) => json({ sms_messages: numbers, region: "us-east-1" });

function settings(endpoint) {
  return {
    modules: true,
    script,
    compatibilityDate: "2026-04-26",
    host: "127.0.0.1",
    cf: false,
    bindings: endpoint === undefined ? {} : { COGNITO_ENDPOINT: endpoint },
    durableObjects: { GUARD: "Guard" },
  };
}

before(async () => {
  aws = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(response);
  });
  await new Promise((resolve) => aws.listen(0, "127.0.0.1", resolve));
  script = await bundle("worker.js", [stub]);
  worker = new Miniflare(settings(`http://127.0.0.1:${aws.address().port}/`));
  address = await worker.ready;
});

after(async () => {
  await worker?.dispose();
  aws?.close();
  aws?.closeAllConnections();
});

beforeEach(() => {
  asked = [];
  answer = inbox({});
});

/** One request, with a header `Host` of one's own if wanted, which fetch does not allow. */
function ask(path, { method = "GET", host } = {}) {
  return new Promise((resolve, reject) => {
    const headers = host === undefined ? {} : { host };
    const request = httpRequest(new URL(path, address), { method, headers }, async (response) => {
      let body = "";
      for await (const part of response.setEncoding("utf8")) body += part;
      resolve({ status: response.statusCode, headers: response.headers, body });
    });
    request.on("error", reject).end();
  });
}

function assertProblem(reply, status) {
  assert.equal(reply.status, status);
  assert.equal(reply.headers["content-type"], "application/problem+json");
  assert.equal(reply.headers["cache-control"], "no-store");
  const problem = JSON.parse(reply.body);
  assert.equal(problem.status, status);
  return problem;
}

test("the texts are told as JSON that nobody keeps and no other site may read", async () => {
  answer = inbox({ [ONE]: [text("a", ONE, 1_800_000_000.5)], [OTHER]: [text("b", OTHER, 1_800_000_001)] });
  const reply = await ask(PATH);
  assert.equal(reply.status, 200);
  assert.equal(reply.headers["content-type"], "application/json");
  assert.equal(reply.headers["cache-control"], "no-store");
  assert.equal(reply.headers["access-control-allow-origin"], undefined);
  const { messages } = JSON.parse(reply.body);
  assert.deepEqual(messages, [
    { id: "b", to: OTHER, text: "text b", at: 1_800_000_001_000 },
    { id: "a", to: ONE, text: "text a", at: 1_800_000_000_500 },
  ]);
  assert.deepEqual(asked, ["GET /_ministack/sns/sms-messages"]);
});

test("the inbox can only be read", async () => {
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
    const reply = await ask(PATH, { method });
    assertProblem(reply, 405);
    assert.equal(reply.headers.allow, "GET");
  }
  assert.deepEqual(asked, []);
});

test("another site whose name leads to this machine learns nothing", async () => {
  for (const host of ["example.com", "localhost.example.com", "127.0.0.1.example.com:8787"]) {
    assertProblem(await ask(PATH, { host }), 403);
  }
  assert.deepEqual(asked, []);
  for (const host of ["localhost", "localhost:8787", "127.0.0.1:8787", "[::1]:8787"]) {
    assert.equal((await ask(PATH, { host })).status, 200);
  }
});

test("a local AWS that answers strangely is a problem that says what to do, and repeats nothing of it", async () => {
  const strange = [
    (response) => response.writeHead(500).end(JSON.stringify({ sms_messages: { [ONE]: [text("secret", ONE)] } })),
    (response) => response.writeHead(302, { location: "/_ministack/sns/sms-messages?again" }).end(),
    (response) => response.end("secret"),
    (response) => response.socket.destroy(),
    json({ sms_messages: { [ONE]: ["secret"] } }),
  ];
  for (answer of strange) {
    const reply = await ask(PATH);
    assert.match(assertProblem(reply, 502).detail, /cargo xtask dev/);
    assert.doesNotMatch(reply.body, /secret/);
  }
  assert.ok(!asked.some((line) => line.endsWith("again")));
});

test("without a local AWS it is the same problem, and the worker answers all the same", async () => {
  for (const endpoint of [undefined, "nonsense", "http://127.0.0.1:1/"]) {
    const lonely = new Miniflare(settings(endpoint));
    try {
      const reply = await lonely.dispatchFetch(`http://localhost${PATH}`);
      assert.equal(reply.status, 502);
      assert.match((await reply.json()).detail, /cargo xtask dev/);
      assert.equal(await (await lonely.dispatchFetch("http://localhost/health")).text(), "GET /health at the worker");
    } finally {
      await lonely.dispose();
    }
  }
});

test("all else is the worker's, whatever its host, and so is the Guard", async () => {
  for (const path of ["/health", "/sign_up", `${PATH}/`, `${PATH}x`, "/_local/inbox", "/_LOCAL/inbox/messages"]) {
    const reply = await ask(path, { method: "PUT", host: "example.com" });
    assert.equal(reply.body, `PUT ${path} at the worker`);
  }
  assert.equal((await ask("/guard")).body, "the guard");
  assert.deepEqual(asked, []);
});
