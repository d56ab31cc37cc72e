// What `npm pack` makes is whole: it is installed into an empty project, imported and type-checked there, README included.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { transform } from "esbuild";
import { CODE, FakeWorker } from "./fake-worker.mjs";

const run = promisify(execFile);
const source = fileURLToPath(new URL("..", import.meta.url));
const tsc = fileURLToPath(new URL("../../../node_modules/typescript/bin/tsc", import.meta.url));
const readme = await readFile(join(source, "README.md"), "utf8");
/** The README's programs in one language, in its order. */
function snippets(language) {
  const block = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms");
  return [...readme.matchAll(block)].map(([, text]) => text);
}

let project;
let packed;
let worker;

before(async () => {
  project = await mkdtemp(join(tmpdir(), "passwordless-edge-client-"));
  const home = { ...process.env, HOME: project, npm_config_cache: join(project, "cache"), npm_config_update_notifier: "false" };
  const pack = ["pack", "--pack-destination", project, "--offline", "--json"];
  const { stdout } = await run("npm", pack, { cwd: source, env: home });
  [packed] = JSON.parse(stdout);
  const installed = join(project, "node_modules", "passwordless-edge-client");
  await mkdir(installed, { recursive: true });
  await run("tar", ["-xzf", join(project, packed.filename), "-C", installed, "--strip-components=1"]);
  await writeFile(join(project, "package.json"), '{"type":"module"}');
  worker = await FakeWorker.start();
});
after(async () => {
  await worker?.stop();
  await rm(project, { recursive: true, force: true });
});

const STRICT = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess"];
const RESOLUTIONS = [
  ["NodeNext", "NodeNext"],
  ["ESNext", "Bundler"],
];

test("the tarball has what is needed and nothing else", async () => {
  assert.equal(packed.filename, "passwordless-edge-client-0.1.0.tgz");
  const modules = ["client", "generated/api", "index", "problem", "tokens"];
  const built = modules.flatMap((name) => [`dist/${name}.d.ts`, `dist/${name}.js`]);
  const files = [...built, "LICENSE-APACHE", "LICENSE-MIT", "README.md", "package.json"];
  assert.deepEqual(packed.files.map(({ path }) => path).sort(), files.sort());
});

test("licences are the repository's", async () => {
  for (const name of ["LICENSE-APACHE", "LICENSE-MIT"]) {
    assert.equal(await readFile(join(source, name), "utf8"), await readFile(join(source, "../..", name), "utf8"));
  }
});

test("it depends on nothing and is ESM with types", async () => {
  const manifest = JSON.parse(await readFile(join(project, "node_modules/passwordless-edge-client/package.json"), "utf8"));
  assert.deepEqual([manifest.dependencies, manifest.peerDependencies, manifest.scripts], [undefined, undefined, undefined]);
  assert.deepEqual([manifest.type, manifest.sideEffects, manifest.license], ["module", false, "MIT OR Apache-2.0"]);
});

test("it is imported by its name, and exports what the README names", async () => {
  const program = 'import * as all from "passwordless-edge-client"; console.log(Object.keys(all).sort().join());';
  await writeFile(join(project, "import.js"), program);
  const { stdout } = await run(process.execPath, ["import.js"], { cwd: project });
  assert.equal(stdout, "PasswordlessEdge,Problem,SignedOut,UnexpectedAnswer\n");
});

const program = `
import { PasswordlessEdge, Problem } from "passwordless-edge-client";
import type { Challenge, Options, ProblemCode, Tokens, TokenStorage } from "passwordless-edge-client";
const storage: TokenStorage = sessionStorage;
const onTokens = (tokens: Tokens | undefined) => void tokens;
const options: Options = { url: new URL("https://example.com"), storage, onTokens, fetch };
new PasswordlessEdge({ url: "https://example.com", storage: undefined, onTokens: undefined, fetch: undefined });
const edge = new PasswordlessEdge(options);
const tokens: Tokens | undefined = edge.tokens;
export const [access, at]: [string | undefined, number | undefined] = [tokens?.AccessToken, tokens?.ExpiresAt];
const challenge: Challenge = await edge.signUp("+15005550006", { turnstileToken: "t", signal: new AbortController().signal });
const attempts: string = challenge.ChallengeParameters.attempts_left;
try {
  const { RefreshToken }: { RefreshToken: string } = await edge.signIn(challenge, attempts + RefreshTokenLength);
  void RefreshToken;
} catch (error) {
  if (error instanceof Problem) {
    const code: ProblemCode = error.code;
    switch (code) {
      case "WRONG_CODE": await edge.signIn(error.challenge!, "1"); break;
      case "INVALID_REQUEST": error.errors?.map(({ field, detail }): string => field + detail); break;
      // @ts-expect-error: no code of the description's
      case "WRONG_COD": break;
    }
    const times: (number | undefined)[] = [error.retryAt, error.retryAfter, error.status];
    void times;
  }
}
declare const RefreshTokenLength: number;
const response: Response = await edge.call("/secured/call", { method: "POST", body: "x" });
void response;
await edge.signOut({ everywhere: true });
// @ts-expect-error: a number is no phone number
await edge.signUp(15005550006);
// @ts-expect-error: the tokens are not to be set
edge.tokens = undefined;
`;
for (const [module, moduleResolution] of RESOLUTIONS) {
  test(`strict programs, those of the README too, type-check against it: ${moduleResolution}`, async () => {
    const programs = [program, ...snippets("ts")];
    assert.equal(programs.length, 4);
    const names = programs.map((_, at) => `program-${at}.ts`);
    await Promise.all(names.map((name, at) => writeFile(join(project, name), programs[at])));
    const target = ["--target", "ES2022", "--lib", "ES2022,DOM", "--module", module, "--moduleResolution", moduleResolution];
    const checked = run(process.execPath, [tsc, ...STRICT, ...target, ...names], { cwd: project });
    await checked.catch(({ stdout }) => assert.fail(stdout));
  });
}

test("the README's program for browsers runs, and goes on after a wrong code", async () => {
  const { code } = await transform(snippets("ts")[0], { loader: "ts" });
  const browser = `import { MemoryStorage } from ${JSON.stringify(new URL("harness.mjs", import.meta.url).href)};
    globalThis.location = { origin: process.env.EDGE_URL };
    globalThis.sessionStorage = new MemoryStorage();
    const codes = ["000000", "${CODE}"];
    globalThis.prompt = (text) => (console.log(text), codes.shift());`;
  await writeFile(join(project, "browser.js"), browser);
  await writeFile(join(project, "page.js"), `import "./browser.js";\n${code}`);
  const env = { ...process.env, EDGE_URL: worker.url };
  const { stdout } = await run(process.execPath, ["page.js"], { cwd: project, env });
  const question = "The code sent to +1••••••0006?\n";
  assert.ok(stdout.startsWith(question + question), stdout);
  assert.match(stdout, /caller/);
});

test("the README's program that handles errors runs", async () => {
  const { code } = await transform(snippets("ts")[2], { loader: "ts" });
  await writeFile(join(project, "errors.js"), code);
  const program = `import { PasswordlessEdge } from "passwordless-edge-client";
    import { isSignedOut, orders } from "./errors.js";
    const edge = new PasswordlessEdge({ url: process.env.EDGE_URL });
    console.log(await orders(edge), await edge.call("/secured/orders").catch(isSignedOut));
    await edge.signIn(await edge.signUp("+15005550006"), "${CODE}");
    console.log(JSON.parse(await orders(edge)).body);
    const nobody = new PasswordlessEdge({ url: "http://127.0.0.1:1" });
    const offline = { get tokens() { return edge.tokens; }, call: () => nobody.signUp("+15005550006") };
    console.log(await orders(offline));`;
  await writeFile(join(project, "handle.js"), program);
  const { stdout } = await run(process.execPath, ["handle.js"], { cwd: project, env: { ...process.env, EDGE_URL: worker.url } });
  assert.equal(stdout, "sign in again true\nnull\noffline\n");
});

test("the README's program for Node.js runs", async () => {
  const [snippet] = snippets("js");
  await writeFile(join(project, "terminal.js"), snippet);
  const env = { ...process.env, EDGE_URL: worker.url };
  const running = run(process.execPath, ["terminal.js"], { cwd: project, env });
  running.child.stdout.once("data", () => running.child.stdin.write("+15005550006\n"));
  const answered = (data) => data.includes("The code?") && running.child.stdin.write(`${CODE}\n`);
  running.child.stdout.on("data", answered);
  const { stdout } = await running;
  assert.match(stdout, /Your number\? .*The code\? .*caller/s);
});
