// What the tests share: a fake worker for each test, signed-in instances, storages like a browser's, and Web Locks, which
// Node.js has not.

import { PasswordlessEdge } from "../dist/index.js";
import { CODE, FakeWorker } from "./fake-worker.mjs";

export const PHONE = "+15005550006";

/** A fake worker until the test ends. */
export async function startWorker(test) {
  const worker = await FakeWorker.start();
  test.after(() => worker.stop());
  return worker;
}

/** An instance where somebody has signed in. */
export async function signedIn(worker, options = {}) {
  const edge = new PasswordlessEdge({ url: worker.url, ...options });
  await edge.signIn(await edge.signUp(PHONE), CODE);
  return edge;
}

/** Strings in memory, as `sessionStorage` has them; a copy is what a duplicated tab gets. */
export class MemoryStorage {
  constructor(items = []) {
    this.items = new Map(items);
  }
  getItem(key) {
    return this.items.get(key) ?? null;
  }
  setItem(key, value) {
    this.items.set(key, value);
  }
  removeItem(key) {
    this.items.delete(key);
  }
  copy() {
    return new MemoryStorage(this.items);
  }
}

/** Exclusive locks by name, as far as the client uses the Web Locks API. Returns the names that were asked for. */
export function installLocks(test) {
  const names = [];
  const last = new Map();
  const request = (name, work) => {
    names.push(name);
    const turn = (last.get(name) ?? Promise.resolve()).then(work);
    last.set(name, turn.catch(() => {}));
    return turn;
  };
  const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  Object.defineProperty(globalThis, "navigator", { value: { locks: { request } }, configurable: true });
  test.after(() => (before ? Object.defineProperty(globalThis, "navigator", before) : delete globalThis.navigator));
  return names;
}

/** Waits until `condition` holds. */
export async function eventually(condition, what) {
  const until = Date.now() + 5000;
  while (!condition()) {
    if (Date.now() > until) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A promise with its `resolve`, to let a test decide when something goes on. */
export function gate() {
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  return { open, opened };
}
