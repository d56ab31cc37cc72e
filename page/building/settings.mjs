// page/settings.json, checked: a misspelt setting would otherwise be one that silently does nothing.
import { readFileSync } from "node:fs";

import { PAGE } from "./paths.mjs";

const RULES = {
  appName: ["a text", (value) => typeof value === "string" && value !== ""],
  countries: [
    'a list of ISO 3166-1 codes such as "DE"',
    (value) => Array.isArray(value) && value.every((country) => /^[A-Z]{2}$/.test(country)),
  ],
  turnstileSiteKey: ["a text", (value) => typeof value === "string"],
  humanCheck: ['"soft" or "always"', (value) => value === "soft" || value === "always"],
};

/** The settings. Throws an Error that names what is wrong. */
export function readSettings() {
  return checked(JSON.parse(readFileSync(`${PAGE}settings.json`, "utf8")));
}

/** `settings`, if they are as they must be. Throws likewise. */
export function checked(settings) {
  for (const name of Object.keys(settings)) {
    if (!(name in RULES)) throw new Error(`page/settings.json: there is no setting "${name}"`);
  }
  for (const [name, [kind, holds]] of Object.entries(RULES)) {
    if (!holds(settings[name])) throw new Error(`page/settings.json: "${name}" must be ${kind}`);
  }
  if (settings.humanCheck === "always" && settings.turnstileSiteKey === "") {
    throw new Error('page/settings.json: "humanCheck": "always" needs a "turnstileSiteKey"');
  }
  return settings;
}
