// The types are those of openapi.yaml.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const repository = fileURLToPath(new URL("../../..", import.meta.url));
const check = (root) => run(process.execPath, [join(root, "clients/typescript/generate.mjs"), "--check"]);

test("src/generated/api.ts is what openapi.yaml gives", async () => {
  await check(repository);
});

test("the check fails when the description has changed, and passes once the types are made anew", async (t) => {
  const root = await mkdtemp(join(tmpdir(), "passwordless-edge-types-"));
  t.after(() => rm(root, { recursive: true, force: true }));
  await mkdir(join(root, "clients/typescript"), { recursive: true });
  for (const path of ["clients/typescript/generate.mjs", "clients/typescript/src"]) {
    await cp(join(repository, path), join(root, path), { recursive: true });
  }
  await symlink(join(repository, "node_modules"), join(root, "node_modules"));
  const description = await readFile(join(repository, "openapi.yaml"), "utf8");
  assert.match(description, /EXPIRED_CODE/);
  await writeFile(join(root, "openapi.yaml"), description.replaceAll("EXPIRED_CODE", "STALE_CODE"));
  await assert.rejects(check(root), { code: 1 });
  await run(process.execPath, [join(root, "clients/typescript/generate.mjs")]);
  await check(root);
});
