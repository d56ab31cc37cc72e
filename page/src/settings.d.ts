/** page/settings.json; the build puts the values in their places. */
declare const SETTINGS: {
  readonly appName: string;
  readonly countries: readonly string[];
  readonly turnstileSiteKey: string;
  readonly humanCheck: "soft" | "always";
};
