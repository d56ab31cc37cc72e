import assert from "node:assert/strict";
import { test } from "node:test";

import { headersFile } from "../building/headers.mjs";
import { inboxFiles, pageWithNotice } from "../building/inbox.mjs";
import { checked } from "../building/settings.mjs";
import { signInFiles } from "../building/sign_in_page.mjs";
import { weigh } from "../building/weight.mjs";

const settings = { appName: "A <b> & \"c\"", countries: [], turnstileSiteKey: "", humanCheck: "soft" };

/** What a browser is sent for `path`, as Cloudflare merges the rules of a `_headers` file. */
function served(file, path) {
  const headers = new Map();
  const set = new Set();
  let applies = false;
  for (const line of file.toString().trimEnd().split("\n")) {
    if (!line.startsWith(" ")) applies = new RegExp(`^${line.replace("*", ".*")}$`).test(path);
    if (!line.startsWith(" ") || !applies) continue;
    const text = line.trim();
    if (text.startsWith("! ")) headers.delete(text.slice(2).toLowerCase());
    else {
      const [, name, value] = /^([^:]+): (.*)$/.exec(text);
      const key = name.toLowerCase();
      headers.set(key, set.has(key) && headers.has(key) ? `${headers.get(key)}, ${value}` : value);
      set.add(key);
    }
  }
  return headers;
}

test("no header is sent with two values joined", () => {
  const file = headersFile(settings);
  for (const path of ["/", "/docs/", "/docs/viewer.js", "/openapi.json", "/assets/page.js"]) {
    const policy = served(file, path).get("content-security-policy");
    assert.equal(policy.match(/default-src/g).length, 1, path);
    assert.match(policy, /^default-src 'none';/);
    assert.doesNotMatch(policy, /unsafe-|\*|https?:/);
    assert.match(served(file, path).get("cross-origin-resource-policy"), /^(same|cross)-origin$/);
  }
});

test("the description may be read from anywhere, nothing else may", () => {
  const file = headersFile(settings);
  assert.equal(served(file, "/openapi.json").get("access-control-allow-origin"), "*");
  assert.equal(served(file, "/").get("access-control-allow-origin"), undefined);
});

test("Turnstile is allowed and in the bundle if there is a site key, and not otherwise", async () => {
  const host = "https://challenges.cloudflare.com";
  const withKey = { ...settings, turnstileSiteKey: "0x4AAA" };
  const policy = served(headersFile(withKey), "/").get("content-security-policy");
  assert.match(policy, new RegExp(`script-src 'self' ${host}; .*frame-src ${host}`));
  assert.ok((await signInFiles(withKey)).get("assets/page.js").includes(host));
  const page = (await signInFiles(settings)).get("assets/page.js");
  assert.ok(!page.includes("cloudflare") && !page.includes("turnstile/"));
});

test("fewer countries make a lighter page", async () => {
  const weight = (files) => weigh(files).reduce((sum, { gzipped }) => sum + gzipped, 0);
  const all = weight(await signInFiles(settings));
  const few = weight(await signInFiles({ ...settings, countries: ["DE", "ES"] }));
  assert.ok(few < all - 10_000, `${few} < ${all}`);
});

test("the app's name is text in the page, whatever characters it has", async () => {
  const page = (await signInFiles(settings)).get("index.html").toString();
  assert.ok(page.includes("<title>A &#60;b&#62; &#38; &#34;c&#34;</title>"));
  assert.ok(!page.includes("{appName}"));
  const dollars = (await signInFiles({ ...settings, appName: "$& $'" })).get("index.html").toString();
  assert.ok(dollars.includes("<title>$&#38; $'</title>"));
});

test("settings that cannot work fail the build", () => {
  const key = { ...settings, turnstileSiteKey: "0x4AAA", humanCheck: "always" };
  assert.equal(checked(key), key);
  assert.throws(() => checked({ ...key, turnstileSiteKey: "" }), /turnstileSiteKey/);
  assert.throws(() => checked({ ...settings, humanCheck: "often" }), /"humanCheck" must be/);
  assert.throws(() => checked({ ...settings, humancheck: "soft" }), /no setting "humancheck"/);
});

test("the licences of what is in the bundle are served with it", async () => {
  const licences = (await signInFiles(settings)).get("assets/licences.txt").toString();
  assert.match(licences, /MIT/);
  assert.match(licences, /Apache License\s+Version 2\.0/);
});

test("the page has no inline code or style", async () => {
  const page = (await signInFiles(settings)).get("index.html").toString();
  assert.doesNotMatch(page, /<style|style=|<script(?![^>]* src=)|\son\w+=|javascript:/i);
});

test("the local page has the notice, which the inbox's files are", async () => {
  const files = await inboxFiles();
  const page = pageWithNotice(Buffer.from("<head></head>")).toString();
  const loaded = [...page.matchAll(/(?:src|href)="\/([^"]+)"/g)].map(([, path]) => path);
  assert.deepEqual(loaded, ["_local/inbox/notice.css", "_local/inbox/notice.js"]);
  for (const path of loaded) assert.ok(files.has(path), path);
});
