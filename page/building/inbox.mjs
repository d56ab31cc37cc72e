// What only `cargo xtask dev` shows: the inbox (local/inbox/), and a notice of new texts on the sign-in page.
import { readFileSync } from "node:fs";
import { build } from "esbuild";

import { PROJECT } from "./paths.mjs";

const SOURCE = `${PROJECT}local/inbox`;
const SERVED = "_local/inbox";

/** The inbox's files. */
export async function inboxFiles() {
  const files = new Map([[`${SERVED}/index.html`, readFileSync(`${SOURCE}/inbox.html`)]]);
  for (const name of ["inbox.ts", "inbox.css", "notice.ts", "notice.css"]) {
    const { outputFiles } = await build({
      entryPoints: [`${SOURCE}/${name}`],
      bundle: true,
      minify: true,
      format: "esm",
      target: "es2022",
      write: false,
      logLevel: "warning",
    });
    files.set(`${SERVED}/${name.replace(".ts", ".js")}`, Buffer.from(outputFiles[0].contents));
  }
  return files;
}

/** The sign-in page with the notice. */
export function pageWithNotice(page) {
  const tags = `<link rel="stylesheet" href="/${SERVED}/notice.css"><script type="module" src="/${SERVED}/notice.js"></script>`;
  return Buffer.from(page.toString("utf8").replace("</head>", `${tags}</head>`));
}
