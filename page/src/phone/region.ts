// Where somebody probably is.

/**
 * The first of `tags` (BCP 47, as navigator.languages has them) that names one of `countries`, or that a language is most
 * at home in (Unicode TR35, "likely subtags"); otherwise the first country.
 */
export function probableCountry<Country extends string>(
  tags: readonly string[],
  countries: readonly Country[],
): Country | undefined {
  const served = (region: string | undefined) => countries.find((country) => country === region);
  const locales = tags.flatMap((tag) => {
    try {
      return [new Intl.Locale(tag)];
    } catch {
      return [];
    }
  });
  for (const locale of locales) {
    const country = served(locale.region);
    if (country !== undefined) return country;
  }
  for (const locale of locales) {
    const country = served(locale.maximize().region);
    if (country !== undefined) return country;
  }
  return served("US") ?? countries[0];
}
