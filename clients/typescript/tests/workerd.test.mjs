// In the runtime of Cloudflare Workers, which has neither Web Locks nor BroadcastChannel nor a storage.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { PasswordlessEdge } from "../dist/index.js";
import { CODE } from "./fake-worker.mjs";
import { PHONE, startWorker } from "./harness.mjs";

/** Runs a module's default export in workerd until the test ends. */
async function inWorkerd(t, contents, bindings) {
  const client = fileURLToPath(new URL("../dist/index.js", import.meta.url));
  const { outputFiles } = await build({
    stdin: { contents, loader: "ts", resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    alias: { "passwordless-edge-client": client },
    bundle: true, format: "esm", target: "es2022", write: false,
  });
  const script = outputFiles[0].text;
  const runtime = new Miniflare({ modules: true, script, bindings, compatibilityDate: "2026-04-26", host: "127.0.0.1" });
  t.after(() => runtime.dispose());
  await runtime.ready;
  return runtime;
}

test("everything works in workerd", async (t) => {
  const worker = await startWorker(t);
  const program = `import { PasswordlessEdge, Problem, SignedOut, UnexpectedAnswer } from "passwordless-edge-client";
    const named = (error) => [error.name, error.code ?? error.status ?? null];
    export default {
      async fetch(request, { EDGE_URL, PHONE, CODE }) {
        const told = [];
        const kept = new Map();
        const storage = {
          getItem: (key) => kept.get(key) ?? null,
          setItem: (key, value) => kept.set(key, value),
          removeItem: (key) => kept.delete(key),
        };
        const edge = new PasswordlessEdge({ url: EDGE_URL, storage, onTokens: (tokens) => told.push(Boolean(tokens)) });
        const steps = [typeof BroadcastChannel, typeof globalThis.navigator?.locks];
        const challenge = await edge.signUp(PHONE);
        const wrong = await edge.signIn(challenge, "000000").catch((error) => error);
        steps.push(wrong instanceof Problem, wrong.code, wrong.challenge.ChallengeParameters.attempts_left);
        await edge.signIn(wrong.challenge, CODE);
        const call = () => edge.call("/secured/call", { method: "POST", body: "x" });
        const answers = await Promise.all(Array.from({ length: 5 }, call));
        steps.push(answers.map((answer) => answer.status));
        steps.push(await edge.call("https://example.com/").catch((error) => error instanceof TypeError));
        steps.push(await edge.signUp("redirect").catch(named), await edge.signUp("page").catch(named));
        await edge.signOut();
        steps.push(await edge.call("/secured/call").catch((error) => error instanceof SignedOut), told);
        return Response.json(steps);
      },
    };`;
  const runtime = await inWorkerd(t, program, { EDGE_URL: worker.url, PHONE, CODE });
  const sent = (request) => JSON.parse(request.body).phone_number;
  worker.once("/sign_up", (_request, answer) => answer());
  worker.once("/sign_in", (_request, answer) => answer());
  worker.once("/sign_in", (_request, answer) => {
    const whole = answer();
    worker.expireAccessTokens();
    return whole;
  });
  worker.once("/sign_up", (request) => ({ status: 307, headers: { location: `${worker.url}/${sent(request)}` }, body: "" }));
  worker.once("/sign_up", () => ({ status: 502, headers: { "content-type": "text/html" }, body: "<h1>Oh</h1>" }));
  const response = await runtime.dispatchFetch("http://worker/");
  const text = await response.text();
  assert.equal(response.status, 200, text);
  assert.deepEqual(JSON.parse(text), [
    "undefined", "undefined", true, "WRONG_CODE", "2", [200, 200, 200, 200, 200], true,
    ["UnexpectedAnswer", 307], ["UnexpectedAnswer", 502], true, [true, true, false],
  ]);
  assert.equal(worker.count("/refresh_token"), 1);
  assert.equal(worker.count("/redirect"), 0);
});

test("the README's Worker runs", async (t) => {
  const worker = await startWorker(t);
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const [, program] = readme.match(/## In a Worker\n\n```ts\n(.*?)```/s);
  const runtime = await inWorkerd(t, program, { EDGE_URL: worker.url });
  const challenge = await new PasswordlessEdge({ url: worker.url }).signUp(PHONE);
  const body = JSON.stringify({ challenge, code: CODE });
  const response = await runtime.dispatchFetch("http://worker/", { method: "POST", body });
  assert.equal(response.status, 200);
  assert.ok((await response.json()).caller);
});
