import type { Texts } from "./texts";

function plural(count: number, one: string, other: string): string {
  return `${count} ${count === 1 ? one : other}`;
}

export const en: Texts = {
  tag: "en",
  direction: "ltr",

  number: {
    title: "Sign in",
    introduction: "Enter your phone number and we’ll text you a code. No password needed.",
    country: "Country or region",
    phoneNumber: "Phone number",
    submit: "Continue",
    submitting: "Sending the code…",
    consent: "One text message. Your carrier’s rates may apply.",
    missing: "Enter your phone number.",
    impossible: "This doesn’t look like a phone number. Check it and try again.",
    tooShort: "This number is too short. Check for missing digits.",
    tooLong: "This number is too long. Check for extra digits.",
    countryNotServed: "We can’t send codes to this country yet.",
    retryIn: (clock) => `Try again in ${clock}`,
  },

  code: {
    title: "Enter your code",
    sentTo: "We texted it to",
    code: "One-time code",
    submit: "Sign in",
    submitting: "Checking the code…",
    incomplete: (digits) => `Enter all ${digits} digits of the code.`,
    goodFor: (clock) => `Expires in ${clock}`,
    expired: "This code has expired.",
    attemptsLeft: (attempts) => `${plural(attempts, "attempt", "attempts")} left`,
    resend: "Send a new code",
    resending: "Sending a new code…",
    resendIn: (clock) => `New code in ${clock}`,
    resent: "We sent you a new code.",
    changeNumber: "Change number",
    secondsLeft: (seconds) => `The code expires in ${plural(seconds, "second", "seconds")}.`,
  },

  signedIn: {
    title: "You’re signed in",
    introduction: "Your token just opened a secured call. This is what came back.",
    call: "Secured call",
    calling: "Calling…",
    callAgain: "Call again",
    answer: "Answer",
    cache: {
      hit: (seconds) => {
        const rest = seconds === undefined ? "" : `, good for ${plural(seconds, "more second", "more seconds")}`;
        return `Cache hit: answered from the edge cache${rest}.`;
      },
      stored: (seconds) => {
        const kept = seconds === undefined ? " and kept" : `, kept for ${plural(seconds, "second", "seconds")}`;
        return `Cache miss: made for you just now${kept}.`;
      },
      notStored: "Cache miss: made for you just now and not kept.",
      bypassed: "The cache was not asked.",
      unknown: "The answer says nothing about a cache.",
    },
    age: (seconds) => `Age: ${plural(seconds, "second", "seconds")}.`,
    expiresIn: (clock) => `Access token expires in ${clock}`,
    expired: "Access token has expired",
    renew: "Renew now",
    renewing: "Renewing…",
    renewed: "You have a new access token.",
    signOut: "Sign out",
    signOutEverywhere: "Sign out on all devices",
    signingOut: "Signing out…",
  },

  notices: {
    offline: "You’re offline. What you typed is kept, and we go on when you’re back.",
    online: "You’re back online.",
    signedOut: "You’re signed out.",
    signedOutEverywhere: "You’re signed out on all your devices.",
    notEverywhere:
      "Your session had already ended, so other devices may still be signed in. Sign in and sign out on all devices again.",
    sessionEnded: "Your session has ended. Please sign in again.",
  },

  humanCheck: {
    prompt: "Please confirm that you’re human, then continue.",
    failed: "The human check could not be loaded. Check your connection or content blocker and try again.",
  },

  problems: {
    INVALID_REQUEST: "Something in what you entered is not accepted. Check it and try again.",
    INVALID_PHONE_NUMBER: "This is not a phone number that can get texts. Check it and try again.",
    WRONG_CODE: ({ attemptsLeft }) => {
      const left = attemptsLeft === undefined ? "Try again" : `You have ${plural(attemptsLeft, "attempt", "attempts")} left`;
      return `That’s not the code. ${left}.`;
    },
    INVALID_TOKEN: "Your session is no longer accepted. Please sign in again.",
    NOT_AUTHORIZED: "Your session has ended. Please sign in again.",
    DESTINATION_NOT_ALLOWED: "We can’t send codes to this number. Try a number from another country.",
    HUMAN_CHECK_REQUIRED: "Please confirm that you’re human, then continue.",
    INSUFFICIENT_SCOPE: "You’re signed in, but you may not open this.",
    NOT_FOUND: "There is nothing here.",
    METHOD_NOT_ALLOWED: "This can’t be done here.",
    EXPIRED_CODE: "This code has expired. Ask for a new one.",
    BODY_TOO_LARGE: "That’s more than we can take.",
    UNSUPPORTED_MEDIA_TYPE: "That was sent in a form we don’t take. Reload the page and try again.",
    TOO_MANY_REQUESTS: ({ wait }) => `That was too many tries. Please try again ${wait ?? "later"}.`,
    INTERNAL: "Something went wrong on our side. Please try again.",
    UPSTREAM_ERROR: "The text could not be sent or the code not checked. Please try again.",
    UPSTREAM_UNAVAILABLE: ({ wait }) => `We’re very busy right now. Please try again ${wait ?? "in a moment"}.`,
    ORIGIN_ERROR: "The service behind this gave no proper answer. Please try again.",
    ORIGIN_UNAVAILABLE: ({ wait }) => `The service behind this can’t be reached. Please try again ${wait ?? "in a moment"}.`,
    ORIGIN_TIMEOUT: "The service behind this took too long. Please try again.",
  },
  notAuthorized: {
    signUp: "You can’t sign in with this number right now. Please contact support.",
    signIn: "This code can’t be used any more. Ask for a new one.",
  },
  unknownProblem: "Something unexpected happened. Please try again.",
  network: "We can’t reach the server. Check your connection; we try again when you’re back online.",
  requestId: "Support reference:",
};
