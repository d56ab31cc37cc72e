// Builds all static files that the worker's deployment serves, into two folders:
//   page/build/deployed/  what wrangler.toml's [assets] names
//   page/build/local/     the same, and what only `cargo xtask dev` shows: the inbox
// Prints the weight of `/`, and warns when it is above its budget; with --within-budget it fails then. Whoever puts a picture
// of theirs into the page still gets to see it.
import { inboxFiles, pageWithNotice } from "./building/inbox.mjs";
import { descriptionFiles } from "./building/description.mjs";
import { headersFile } from "./building/headers.mjs";
import { signInFiles } from "./building/sign_in_page.mjs";
import { readSettings } from "./building/settings.mjs";
import { viewerFiles } from "./building/viewer.mjs";
import { writeFolder } from "./building/output.mjs";
import { report, weigh } from "./building/weight.mjs";

const LOCAL_ONLY = "_local/";

const settings = readSettings();
const deployed = new Map([
  ...(await signInFiles(settings)),
  ...descriptionFiles(),
  ...viewerFiles(),
  ["_headers", headersFile(settings)],
]);
for (const [path, content] of deployed) {
  if (path.includes(LOCAL_ONLY) || content.includes(LOCAL_ONLY)) {
    throw new Error(`${path} would be deployed, but it is or names something that is only for this machine (${LOCAL_ONLY})`);
  }
}
const local = new Map([
  ...deployed,
  ...(await inboxFiles()),
  ["index.html", pageWithNotice(deployed.get("index.html"))],
]);

writeFolder("deployed", deployed);
writeFolder("local", local);

const isWithin = report(weigh(deployed));
process.exitCode = isWithin || !process.argv.includes("--within-budget") ? 0 : 1;
