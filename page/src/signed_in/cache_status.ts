// The header `Cache-Status` (RFC 9211) in words.
import type { Texts } from "../languages/texts";

export type CacheResult = "hit" | "miss" | "bypass" | "unknown";

export interface CacheStatus {
  readonly result: CacheResult;
  readonly sentence: string;
}

export function explainCacheStatus(headers: Headers, texts: Texts): CacheStatus {
  const { cache, age } = texts.signedIn;
  const parameters = nearest(headers.get("Cache-Status"));
  const ttl = numberIn(parameters.get("ttl"));
  const seconds = numberIn(headers.get("Age"));
  const withAge = (sentence: string) => (seconds === undefined ? sentence : `${sentence} ${age(seconds)}`);
  if (parameters.has("hit")) return { result: "hit", sentence: withAge(cache.hit(ttl)) };
  switch (parameters.get("fwd")) {
    case undefined:
      return { result: "unknown", sentence: cache.unknown };
    case "bypass":
    case "method":
    case "request":
      return { result: "bypass", sentence: cache.bypassed };
    default:
      return { result: "miss", sentence: parameters.has("stored") ? cache.stored(ttl) : cache.notStored };
  }
}

/** The parameters of the cache that is nearest to us: the last one (RFC 9211 §2). */
function nearest(value: string | null): Map<string, string> {
  const [, ...parameters] = (value?.split(",").pop() ?? "").split(";");
  return new Map(
    parameters.map((parameter) => {
      const [name = "", text = ""] = parameter.split("=");
      return [name.trim(), text.trim()];
    }),
  );
}

function numberIn(text: string | null | undefined): number | undefined {
  return text !== null && text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
