// `/openapi.json`, made from openapi.yaml.
import { readFileSync } from "node:fs";
import { parse } from "yaml";

import { PROJECT } from "./paths.mjs";

export function descriptionFiles() {
  const description = parse(readFileSync(`${PROJECT}openapi.yaml`, "utf8"));
  return new Map([["openapi.json", Buffer.from(JSON.stringify(description))]]);
}
