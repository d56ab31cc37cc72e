// Everything that the page says. A language is one file that has all of it, or it does not compile.
import type { ProblemCode } from "passwordless-edge-client";

export interface Texts {
  /** BCP 47: what `lang` says, and what names, numbers and times are formatted by. */
  readonly tag: string;
  readonly direction: "ltr" | "rtl";

  readonly number: {
    readonly title: string;
    readonly introduction: string;
    readonly country: string;
    readonly phoneNumber: string;
    readonly submit: string;
    readonly submitting: string;
    readonly consent: string;
    readonly missing: string;
    readonly impossible: string;
    readonly tooShort: string;
    readonly tooLong: string;
    readonly countryNotServed: string;
    readonly retryIn: (clock: string) => string;
  };

  readonly code: {
    readonly title: string;
    /** Comes right before the number. */
    readonly sentTo: string;
    readonly code: string;
    readonly submit: string;
    readonly submitting: string;
    readonly incomplete: (digits: number) => string;
    readonly goodFor: (clock: string) => string;
    readonly expired: string;
    readonly attemptsLeft: (attempts: number) => string;
    readonly resend: string;
    readonly resending: string;
    readonly resendIn: (clock: string) => string;
    readonly resent: string;
    readonly changeNumber: string;
    /** Read out by screen readers at sensible moments. */
    readonly secondsLeft: (seconds: number) => string;
  };

  readonly signedIn: {
    readonly title: string;
    readonly introduction: string;
    readonly call: string;
    readonly calling: string;
    readonly callAgain: string;
    readonly answer: string;
    readonly cache: {
      readonly hit: (secondsLeft: number | undefined) => string;
      readonly stored: (seconds: number | undefined) => string;
      readonly notStored: string;
      readonly bypassed: string;
      readonly unknown: string;
    };
    readonly age: (seconds: number) => string;
    readonly expiresIn: (clock: string) => string;
    readonly expired: string;
    readonly renew: string;
    readonly renewing: string;
    readonly renewed: string;
    readonly signOut: string;
    readonly signOutEverywhere: string;
    readonly signingOut: string;
  };

  readonly notices: {
    readonly offline: string;
    readonly online: string;
    readonly signedOut: string;
    readonly signedOutEverywhere: string;
    /** Signing out on all devices came too late. */
    readonly notEverywhere: string;
    readonly sessionEnded: string;
  };

  readonly humanCheck: {
    readonly prompt: string;
    readonly failed: string;
  };

  /** `wait` reads like "in 45 seconds"; it is there if the answer said how long. */
  readonly problems: { readonly [code in ProblemCode]: string | ((details: ProblemDetails) => string) };
  /** NOT_AUTHORIZED means something else at each endpoint. */
  readonly notAuthorized: { readonly signUp: string; readonly signIn: string };
  readonly unknownProblem: string;
  readonly network: string;
  /** Comes right before the request's id, for support. */
  readonly requestId: string;
}

export interface ProblemDetails {
  readonly attemptsLeft: number | undefined;
  readonly wait: string | undefined;
}
