// What outlives a reload, in this tab alone.
import type { TokenStorage } from "passwordless-edge-client";

/** sessionStorage; undefined where people forbid it. */
export function tabStorage(): TokenStorage | undefined {
  try {
    const storage = window.sessionStorage;
    const probe = "passwordless-edge-page:probe";
    storage.setItem(probe, "");
    storage.removeItem(probe);
    return storage;
  } catch {
    return undefined;
  }
}

/** What there is otherwise: it does not outlive a reload, but lets people sign in. */
export function memoryStorage(): TokenStorage {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}
