// Pictures of every step, for people to look at: target/screenshots/<step>-<size>-<language>-<light or dark>.png
import { otherThan } from "../harness/inbox";
import { freshNumber } from "../harness/phone_number";
import { expect, test } from "../harness/test";

for (const locale of ["en-US", "es-US"]) {
  test.describe(locale, () => {
    test.use({ locale });

    test("pictures of all steps", { tag: "@both" }, async ({ signIn, inbox, texts, page, quiet, screenshots }, { project }) => {
      const number = freshNumber();
      quiet.expectAnswer("/sign_in", 401);
      await signIn.open();
      await signIn.number.fill(number.digits);
      await take("1-number");
      await signIn.number.fill("415");
      await signIn.button(texts.number.submit).click();
      await expect(signIn.error).toBeVisible();
      await take("2-number-error");
      await signIn.askForCode(number);
      await take("3-code");
      const code = await inbox.newestCode(number.e164);
      await signIn.code.fill(otherThan(code));
      await expect(signIn.error).toBeVisible();
      await take("4-code-error");
      await signIn.answerCode(code);
      await expect(signIn.answer).toBeVisible();
      await take("5-signed-in");

      async function take(step: string): Promise<void> {
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
          const path = `${screenshots}/${step}-${project.name}-${texts.tag}-${colorScheme}.png`;
          await page.screenshot({ path, fullPage: true, animations: "disabled" });
        }
      }
    });
  });
}
