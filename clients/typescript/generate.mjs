// Writes src/generated/api.ts from openapi.yaml. With --check it writes nothing, and fails when the file is not what the
// description gives.

import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const description = new URL("../../openapi.yaml", import.meta.url);
const types = new URL("src/generated/api.ts", import.meta.url);

const head = "// Generated from openapi.yaml by clients/typescript/generate.mjs. Do not change it by hand.\n\n";
const generated = head + astToString(await openapiTS(description));

if (process.argv.includes("--check")) {
  const committed = await readFile(types, "utf8").catch(() => "");
  if (committed !== generated) {
    console.error("src/generated/api.ts is not what openapi.yaml gives: run `node clients/typescript/generate.mjs`");
    process.exitCode = 1;
  }
} else {
  await writeFile(types, generated);
}
