// What `/` weighs: the page and everything it loads.
import { gzipSync } from "node:zlib";

/** Bytes, gzipped, for all of it together. */
const BUDGET = 60 * 1024;

/** A list of `{path, raw, gzipped}`, in bytes, of the files that a browser loads for `/`. */
export function weigh(files) {
  const page = files.get("index.html").toString("utf8");
  const loaded = [...page.matchAll(/<(?:script|link|img)\b[^>]*\b(?:src|href)="\/([^"]+)"/g)].map((match) => match[1]);
  return [...new Set(["index.html", ...loaded])].map((path) => {
    const content = files.get(path);
    if (content === undefined) throw new Error(`index.html loads /${path}, which is not there`);
    if (path.endsWith(".css") && content.includes("url(")) throw new Error(`${path} loads more, which nothing here weighs`);
    return { path, raw: content.length, gzipped: gzipSync(content, { level: 9 }).length };
  });
}

/** Prints the weights; false if they are above the budget. */
export function report(weights) {
  const total = { path: "/ in all", raw: 0, gzipped: 0 };
  for (const { raw, gzipped } of weights) {
    total.raw += raw;
    total.gzipped += gzipped;
  }
  for (const { path, raw, gzipped } of [...weights, total]) {
    console.log(`${path.padEnd(24)} ${String(raw).padStart(8)} bytes ${String(gzipped).padStart(8)} gzipped`);
  }
  if (total.gzipped <= BUDGET) return true;
  console.error(`WARNING: / weighs ${total.gzipped} bytes gzipped, more than its budget of ${BUDGET}`);
  return false;
}
