// `_headers`: what browsers may do with each of the static files. The API's answers are the worker's own affair.
// https://developers.cloudflare.com/workers/static-assets/headers/
//
// Every rule that matches a path applies. A header that two of them set is sent once, with both values joined by a comma,
// which for most headers here would mean nothing or something else. So a narrower rule first takes away ("! Name") what it
// sets anew.

const TURNSTILE = "https://challenges.cloudflare.com";

/** The page reads the code from a text (WebOTP) and needs nothing else of the device. */
const PERMISSIONS = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), otp-credentials=(self)";

function policy(directives) {
  return Object.entries(directives)
    .filter(([, sources]) => sources !== undefined)
    .map(([name, sources]) => `${name} ${sources}`.trim())
    .join("; ");
}

const NOTHING = {
  "default-src": "'none'",
  "base-uri": "'none'",
  "form-action": "'none'",
  "frame-ancestors": "'none'",
};

function pagePolicy({ turnstileSiteKey }) {
  const human = turnstileSiteKey !== "";
  return policy({
    ...NOTHING,
    "script-src": human ? `'self' ${TURNSTILE}` : "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "frame-src": human ? TURNSTILE : undefined,
    // The page never turns text into markup or code. Turnstile's script does not promise that for itself.
    "require-trusted-types-for": human ? undefined : "'script'",
    "trusted-types": human ? undefined : "'none'",
  });
}

// Swagger UI builds parts of its page with innerHTML, so there are no Trusted Types here. Its inline styles are set by CSSOM,
// which needs no permission.
function viewerPolicy() {
  return policy({
    ...NOTHING,
    "script-src": "'self'",
    "style-src": "'self'",
    // Swagger UI's style sheet draws its arrows and its logo from data: URLs.
    "img-src": "'self' data:",
    // "Try it out", and /openapi.json.
    "connect-src": "'self'",
  });
}

const RULES = (settings) => [
  ["/*", {
    "Content-Security-Policy": pagePolicy(settings),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    // For browsers that do not know frame-ancestors.
    "X-Frame-Options": "DENY",
  }],
  ["/docs/*", { "Content-Security-Policy": viewerPolicy() }],
  // Anybody's tools may read the description, from any page.
  ["/openapi.json", { "Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*" }],
];

/** The file's content. */
export function headersFile(settings) {
  const [everywhere, ...narrower] = RULES(settings);
  const common = new Set(Object.keys(everywhere[1]));
  const lines = [];
  for (const [path, headers] of [everywhere, ...narrower]) {
    lines.push(path);
    for (const [name, value] of Object.entries(headers)) {
      if (path !== everywhere[0] && common.has(name)) lines.push(`  ! ${name}`);
      lines.push(`  ${name}: ${value}`);
    }
  }
  return Buffer.from(`${lines.join("\n")}\n`);
}
