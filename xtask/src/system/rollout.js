// Versions of the worker side by side, as Cloudflare runs them while one replaces the other; for several stages. Each version has
// settings of its own and its own instance of the bundle, which reads its settings once. Before this text stand the imports, and
// `bundles`, the list of them.
//
//   PUT /_rollout/STAGE  {"live": {NAME: SETTINGS, ...}}: from here on these versions of the stage answer, and no others. A name
//                        is one version for ever
//   /_rollout/STAGE/...  goes to one of them: to the one that the header x-version names, or else they take turns
//
// A Guard runs one of the live versions too, which one follows from its id; and another one when that is live no more. Between
// them there is no difference that it keeps in memory.
import { DurableObject } from "cloudflare:workers";

const versions = new Map();
const stages = new Map();

function rollOut(stage, wanted) {
  for (const [name, settings] of Object.entries(wanted)) {
    const key = `${stage}/${name}`;
    if (versions.has(key)) continue;
    if (versions.size === bundles.length) throw new Error(`more than ${bundles.length} versions`);
    versions.set(key, { name, settings, bundle: bundles[versions.size] });
  }
  const live = Object.keys(wanted).map((name) => versions.get(`${stage}/${name}`));
  stages.set(stage, { live, turn: 0 });
  return new Response(null, { status: 204 });
}

function chosen(stage, name) {
  const { live } = stage;
  if (name !== null) return live.find((version) => version.name === name);
  stage.turn += 1;
  return live[stage.turn % live.length];
}

// What a version sees: the bindings, its settings, and the Guards of its own stage.
function environment(env, stage, version) {
  const GUARD = {
    getByName(name, options) {
      const stub = env.GUARD.getByName(`${stage}/${name}`, options);
      return { fetch: (url, init) => stub.fetch(url, { ...init, headers: { "x-stage": stage } }) };
    },
  };
  return { ...env, ...version.settings, GUARD };
}

export class Guard extends DurableObject {
  #halves = new Map();
  #place = [...this.ctx.id.toString()].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  #stage;

  #half() {
    const { live } = stages.get(this.#stage);
    const version = live[this.#place % live.length];
    if (!this.#halves.has(version)) {
      const env = environment(this.env, this.#stage, version);
      this.#halves.set(version, new version.bundle.Guard(this.ctx, env));
    }
    return this.#halves.get(version);
  }

  fetch(request) {
    this.#stage = request.headers.get("x-stage");
    return this.#half().fetch(request);
  }

  alarm() {
    return this.#half().alarm();
  }
}

export default {
  async fetch(request, env, context) {
    const url = new URL(request.url);
    const [, , stage, ...path] = url.pathname.split("/");
    if (!stage) return new Response();
    if (path.length === 0 && request.method === "PUT") return rollOut(stage, (await request.json()).live);
    const version = stages.has(stage) && chosen(stages.get(stage), request.headers.get("x-version"));
    if (!version) return new Response("no such version is live", { status: 421 });
    url.pathname = `/${path.join("/")}`;
    return version.bundle.default.fetch(new Request(url, request), environment(env, stage, version), context);
  },
};
