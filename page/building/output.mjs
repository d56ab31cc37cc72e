// Writing a folder of static files while a `wrangler dev` serves it.
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, rmdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { BUILD } from "./paths.mjs";

/**
 * Makes page/build/`name` hold exactly `files`: a Map from path to content (a Buffer).
 * A file that is as it should be is left alone, so that watchers stay calm; one that is not is replaced in a single step
 * (rename(2)), so that nobody ever reads half of it.
 */
export function writeFolder(name, files) {
  const root = join(BUILD, name);
  mkdirSync(root, { recursive: true });
  for (const [path, content] of files) {
    const target = join(root, path);
    if (existsSync(target) && readFileSync(target).equals(content)) continue;
    mkdirSync(dirname(target), { recursive: true });
    // Beside the folder, not in it: what is in it is served.
    const partial = join(BUILD, `.partial-${process.pid}`);
    writeFileSync(partial, content);
    renameSync(partial, target);
  }
  removeOthers(root, "", files);
}

function removeOthers(root, folder, files) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      removeOthers(root, path, files);
      if (readdirSync(join(root, path)).length === 0) rmdirSync(join(root, path));
    } else if (!files.has(path)) {
      rmSync(join(root, path), { force: true });
    }
  }
}
