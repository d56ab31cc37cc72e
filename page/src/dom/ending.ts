// Ends within ends: a count-down ends with its view at the latest.

/** A controller that is aborted along with `signal`. (AbortSignal.any does the same, in browsers from 2024 on.) */
export function endingWith(signal: AbortSignal): AbortController {
  const controller = new AbortController();
  if (signal.aborted) controller.abort(signal.reason);
  // The inner signal takes the listener away again when it is aborted on its own.
  else signal.addEventListener("abort", () => controller.abort(signal.reason), { once: true, signal: controller.signal });
  return controller;
}
