// WebOTP: the browser reads the code from the text message, if its last line is "@domain #code" (setting OriginDomain).
// https://developer.mozilla.org/docs/Web/API/WebOTP_API

interface OtpCredential extends Credential {
  readonly code: string;
}

/** Waits for the text; undefined where there is no such thing, or somebody says no. */
export async function codeFromText(signal: AbortSignal): Promise<string | undefined> {
  if (!("OTPCredential" in globalThis)) return undefined;
  const request = { otp: { transport: ["sms"] }, signal } as CredentialRequestOptions;
  try {
    const credential = (await navigator.credentials.get(request)) as OtpCredential | null;
    return credential?.code;
  } catch {
    // Declined, timed out, or the step is over. The code can always be typed.
    return undefined;
  }
}
