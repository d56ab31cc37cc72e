// The sign-in page: index.html, its style sheets and its modules.
import { readFileSync } from "node:fs";
import { build } from "esbuild";

import { PAGE, PROJECT } from "./paths.mjs";
import { bundleOptions } from "./bundle.mjs";

export async function signInFiles(settings) {
  const { outputFiles } = await build({
    ...bundleOptions(settings),
    entryPoints: { page: `${PAGE}src/main.ts`, styles: `${PAGE}styles.css` },
    outdir: "assets",
    minify: true,
    write: false,
  });
  const files = new Map(outputFiles.map(({ path, contents }) => [`assets/${path.split("/").pop()}`, Buffer.from(contents)]));
  const page = readFileSync(`${PAGE}index.html`, "utf8")
    // A function: in a text, "$&" and its like would mean something.
    .replaceAll("{appName}", () => escaped(settings.appName));
  files.set("index.html", Buffer.from(page));
  files.set("assets/icon.svg", readFileSync(`${PAGE}icon.svg`));
  // MIT, and Apache-2.0 for the numbering plans, which come from Google's libphonenumber: both go along with every copy.
  const numbering = `${PROJECT}node_modules/libphonenumber-js/`;
  const licences = ["LICENSE", "LICENSE.Apache"].map((name) => readFileSync(numbering + name));
  files.set("assets/licences.txt", Buffer.concat([licences[0], Buffer.from("\n\n"), licences[1]]));
  return files;
}

function escaped(text) {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
