// How much a phone has to load before somebody can type a number.
import { expect, test } from "../harness/test";

test.use({ worker: "main" });

/** Bytes, gzipped. */
const BUDGET = 60 * 1024;

test("the page and all that it loads weigh at most 60 KiB gzipped", async ({ signIn, page }) => {
  const bodies: Promise<{ url: string; body: Uint8Array<ArrayBuffer> }>[] = [];
  page.on("response", (response) => {
    const url = response.url();
    bodies.push(response.body().then((body) => ({ url, body: new Uint8Array(body) })));
  });
  await signIn.open();
  await page.waitForLoadState("networkidle");
  const loaded = await Promise.all(bodies);
  const weights = await Promise.all(loaded.map(async ({ url, body }) => ({ url, bytes: await gzipped(body) })));
  const paths = weights.map(({ url }) => new URL(url).pathname);
  expect(paths).toEqual(expect.arrayContaining(["/", "/assets/page.js", "/assets/styles.css"]));
  const total = weights.reduce((sum, { bytes }) => sum + bytes, 0);
  expect(total, JSON.stringify(weights)).toBeLessThanOrEqual(BUDGET);
});

async function gzipped(body: Uint8Array<ArrayBuffer>): Promise<number> {
  const stream = new Blob([body]).stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).arrayBuffer()).byteLength;
}
