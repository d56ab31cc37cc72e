// The page as it is with other settings than those of page/settings.json.

interface Settings {
  readonly turnstileSiteKey: string;
  readonly humanCheck: "soft" | "always";
}

interface Building {
  readSettings(): Settings;
  signInFiles(settings: Settings): Promise<Map<string, Uint8Array>>;
  headersFile(settings: Settings): Uint8Array;
}

/** Its script, and the Content-Security-Policy that `/` then comes with. `folder`: the URL of page/building/. */
export async function pageWith(folder: string, changes: Partial<Settings>): Promise<{ script: string; policy: string }> {
  const modules = ["settings", "sign_in_page", "headers"].map((name) => load(`${folder}${name}.mjs`));
  const { readSettings, signInFiles, headersFile } = Object.assign({}, ...(await Promise.all(modules))) as Building;
  const settings = { ...readSettings(), ...changes };
  const script = text((await signInFiles(settings)).get("assets/page.js"));
  const policy = /^ {2}Content-Security-Policy: (.*)$/m.exec(text(headersFile(settings)))?.[1];
  if (policy === undefined) throw new Error("page/building/headers.mjs sets no policy");
  return { script, policy };
}

/** Node.js' own `import`: Playwright's would turn the modules into CommonJS, as which they do not run. */
const load = new Function("address", "return import(address)") as (address: string) => Promise<object>;

function text(file: Uint8Array | undefined): string {
  return new TextDecoder().decode(file);
}
