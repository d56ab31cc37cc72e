// Chromium, for all that runs in a browser here.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * How Playwright launches it: the one that CHROMIUM names, or else Playwright's if it has installed one, or else the one in
 * PATH. Throws an Error that says so if there is none.
 */
export function launchOptions() {
  const { CHROMIUM, PLAYWRIGHT_BROWSERS_PATH } = process.env;
  const isPlaywrights = !CHROMIUM && PLAYWRIGHT_BROWSERS_PATH;
  // Chromium refuses its sandbox to root, as in containers. Nothing but this project's own pages is opened.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return isPlaywrights ? { args } : { args, executablePath: inPath(CHROMIUM || "chromium") };
}

/** The path of `program`, which is a path already or a name to look for in PATH. */
function inPath(program) {
  if (program.includes("/") || program.includes("\\")) return program;
  const found = (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find(isExecutable);
  if (found === undefined) throw new Error(`there is no ${program} in PATH; CHROMIUM may name the browser`);
  return found;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
