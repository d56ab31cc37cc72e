// The inbox's sources as the tests load them.

import { fileURLToPath } from "node:url";

import { build } from "esbuild";

export const INBOX = fileURLToPath(new URL("..", import.meta.url));

/** One of the inbox's files with what it imports, as the text of one ES module. */
export async function bundle(file, plugins = []) {
  const { outputFiles } = await build({
    absWorkingDir: INBOX,
    entryPoints: [file],
    bundle: true,
    format: "esm",
    target: "es2022",
    external: ["cloudflare:workers"],
    plugins,
    write: false,
    logLevel: "error",
  });
  return outputFiles[0].text;
}

/** The same, loaded afresh. */
export async function load(file) {
  return import(`data:text/javascript;base64,${Buffer.from(await bundle(file)).toString("base64")}#${Math.random()}`);
}
