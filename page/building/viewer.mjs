// `/docs`: Swagger UI from this deployment's own files, pinned by package-lock.json.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";

import { PAGE } from "./paths.mjs";

const DISTRIBUTION = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));

/** What of the distribution is served; the licence and the notice go along with it (Apache-2.0 §4). */
const TAKEN = ["swagger-ui-bundle.js", "swagger-ui-bundle.js.LICENSE.txt", "swagger-ui.css", "LICENSE", "NOTICE"];

export function viewerFiles() {
  const files = new Map();
  for (const name of ["index.html", "viewer.js", "viewer.css"]) {
    files.set(`docs/${name}`, readFileSync(`${PAGE}docs/${name}`));
  }
  for (const name of TAKEN) {
    const served = name.includes(".") ? name : `swagger-ui.${name}.txt`;
    files.set(`docs/${served}`, withoutSourceMap(readFileSync(`${DISTRIBUTION}/${name}`)));
  }
  return files;
}

/** Source maps are not served; a browser's developer tools need not ask for them in vain. */
function withoutSourceMap(content) {
  return Buffer.from(content.toString("utf8").replace(/\n?(\/\/|\/\*)# sourceMappingURL=.*$/m, ""));
}
