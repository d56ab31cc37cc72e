// Unit tests of the page and of its build: `node page/test.mjs`. Node.js 20 reads no TypeScript, so tests are bundled first.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { build } from "esbuild";

import { bundleOptions } from "./building/bundle.mjs";
import { PAGE } from "./building/paths.mjs";

const TESTS = `${PAGE}tests`;
const settings = { appName: "Test", countries: [], turnstileSiteKey: "", humanCheck: "soft" };

const names = readdirSync(TESTS);
const folder = mkdtempSync(join(tmpdir(), "page-tests-"));
try {
  await build({
    ...bundleOptions(settings),
    entryPoints: names.filter((name) => name.endsWith(".test.ts")).map((name) => join(TESTS, name)),
    platform: "node",
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    sourcemap: "inline",
  });
  const bundled = readdirSync(folder).map((name) => join(folder, name));
  const plain = names.filter((name) => name.endsWith(".test.mjs")).map((name) => join(TESTS, name));
  const files = [...bundled, ...plain];
  const { status } = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], { stdio: "inherit" });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
