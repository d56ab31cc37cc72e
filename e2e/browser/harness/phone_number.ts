// Phone numbers for the tests: a new one for each, since limits and texts belong to numbers.

/** Area codes of the United States. */
const AREAS = [201, 202, 206, 210, 212, 213, 214, 215, 303, 305, 312, 313, 323, 404, 408, 412, 415, 503, 512, 602, 612, 615];

export interface PhoneNumber {
  /** "+14155550123". */
  readonly e164: string;
  /** "4155550123": as one types it at home. */
  readonly digits: string;
  /** "(415) 555-0123": as the page writes what was typed. */
  readonly national: string;
  /** "+1 415 555 0123". */
  readonly international: string;
}

/** A number that, of nearly ten million in the United States, no other test is likely to have. Other tests have exchange 555. */
export function freshNumber(): PhoneNumber {
  const area = AREAS[Math.floor(Math.random() * AREAS.length)];
  const exchange = 560 + Math.floor(Math.random() * 40);
  const line = String(Math.floor(Math.random() * 10_000)).padStart(4, "0");
  return {
    e164: `+1${area}${exchange}${line}`,
    digits: `${area}${exchange}${line}`,
    national: `(${area}) ${exchange}-${line}`,
    international: `+1 ${area} ${exchange} ${line}`,
  };
}
