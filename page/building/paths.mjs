// Where things are, whatever the working directory.
import { fileURLToPath } from "node:url";

export const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
export const PAGE = fileURLToPath(new URL("../", import.meta.url));
export const BUILD = `${PAGE}build/`;
