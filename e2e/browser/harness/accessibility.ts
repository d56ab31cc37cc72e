// axe-core: what of WCAG 2.2 A and AA, and of good practice, a machine can find.
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** Rules that a page may break, by axe's names for them, and why. */
export type Exceptions = Readonly<Record<string, string>>;

/** All that the dark can change. */
const COLOURS = ["color-contrast", "link-in-text-block"];

/** Fails with what axe finds on the page as it is now, in light and in dark. */
export async function expectAccessible(page: Page, exceptions: Exceptions = {}): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // The legacy mode is for pages without frames of other origins, and opens no tab of its own.
    const axe = new AxeBuilder({ page }).setLegacyMode();
    if (colorScheme === "light") axe.disableRules(Object.keys(exceptions));
    else axe.withRules(COLOURS.filter((rule) => !(rule in exceptions)));
    const { violations } = await axe.analyze();
    const found = violations.flatMap(({ id, nodes }) => nodes.map(({ target, html }) => `${id}: ${target.join(" ")} ${html}`));
    expect(found, `violations in ${colorScheme}`).toEqual([]);
  }
}
