// Times as people of a language write them.

export interface Formats {
  /** "0:42", "59:07" or "1:00:00" for a span in milliseconds. A second that has begun counts: it ends at 0:00. */
  clock(milliseconds: number): string;
  /** "in 45 seconds", "in 12 minutes", "in 3 hours"; never less than it is. */
  wait(seconds: number): string;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

export function formatsOf(tag: string): Formats {
  const whole = new Intl.NumberFormat(tag);
  const two = new Intl.NumberFormat(tag, { minimumIntegerDigits: 2 });
  const relative = new Intl.RelativeTimeFormat(tag);
  return {
    clock(milliseconds) {
      const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
      const hours = Math.floor(seconds / HOUR);
      const minutes = Math.floor((seconds % HOUR) / MINUTE);
      const minutesAndSeconds = `${(hours > 0 ? two : whole).format(minutes)}:${two.format(seconds % MINUTE)}`;
      return hours > 0 ? `${whole.format(hours)}:${minutesAndSeconds}` : minutesAndSeconds;
    },
    wait(seconds) {
      if (seconds < 2 * MINUTE) return relative.format(Math.max(1, Math.ceil(seconds)), "second");
      if (seconds < 2 * HOUR) return relative.format(Math.ceil(seconds / MINUTE), "minute");
      return relative.format(Math.ceil(seconds / HOUR), "hour");
    },
  };
}
