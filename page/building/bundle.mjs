// How the page's TypeScript becomes JavaScript, for browsers and for the tests alike.
import { readFileSync } from "node:fs";

import { PROJECT } from "./paths.mjs";

/** Options for esbuild. */
export function bundleOptions(settings) {
  return {
    bundle: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    // libphonenumber-js's licence is beside the bundle, in assets/licences.txt.
    legalComments: "none",
    logLevel: "warning",
    alias: { "passwordless-edge-client": `${PROJECT}clients/typescript/src/index.ts` },
    define: Object.fromEntries(Object.entries(settings).map(([name, value]) => [`SETTINGS.${name}`, JSON.stringify(value)])),
    plugins: [numberingPlans(settings.countries)],
  };
}

/** Leaves only the numbering plans in the bundle that `countries` (ISO 3166-1; none: all) need. */
function numberingPlans(countries) {
  return {
    name: "numbering-plans",
    setup({ onLoad }) {
      if (countries.length === 0) return;
      onLoad({ filter: /libphonenumber-js[\\/]metadata\.min\.json\.js$/ }, ({ path }) => {
        const metadata = JSON.parse(readFileSync(path.replace(/\.js$/, ""), "utf8"));
        return { contents: `export default ${JSON.stringify(only(countries, metadata))}` };
      });
    },
  };
}

function only(countries, { version, country_calling_codes, countries: plans }) {
  const unknown = countries.filter((country) => !(country in plans));
  if (unknown.length > 0) throw new Error(`page/settings.json: no numbering plan of ${unknown.join(", ")} is known`);
  const isServed = (country) => countries.includes(country);
  // All countries of a calling code stay: the first one's plan has the formats of all, and only together do they tell whose a
  // number is.
  const codes = Object.entries(country_calling_codes).filter(([, members]) => members.some(isServed));
  const kept = new Set(codes.flatMap(([, members]) => members));
  return {
    version,
    country_calling_codes: Object.fromEntries(codes),
    countries: Object.fromEntries(Object.entries(plans).filter(([country]) => kept.has(country))),
    nonGeographic: {},
  };
}
