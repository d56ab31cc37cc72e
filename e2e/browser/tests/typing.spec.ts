// Typing a number: it is formatted on the way, and the caret stays where one is.
import { freshNumber } from "../harness/phone_number";
import { expect, test } from "../harness/test";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

test("a number is written as its country writes it, digit by digit", async ({ signIn }) => {
  await signIn.open();
  await expect(signIn.country).toHaveValue("US");
  await signIn.number.pressSequentially("415555");
  await expect(signIn.number).toHaveValue("(415) 555");
  await signIn.number.pressSequentially("0123");
  await expect(signIn.number).toHaveValue("(415) 555-0123");
});

test("the caret stays behind the digit that was typed or deleted", async ({ signIn, page }) => {
  await signIn.open();
  await signIn.number.pressSequentially("4155550123");
  await page.evaluate(() => (document.activeElement as HTMLInputElement).setSelectionRange(3, 3));
  await page.keyboard.press("Backspace");
  await expect(signIn.number).toHaveValue("(455) 550-123");
  expect(await caret()).toBe("(4");
  await page.keyboard.press("1");
  await expect(signIn.number).toHaveValue("(415) 555-0123");
  expect(await caret()).toBe("(41");

  // Over the bracket and the space, which come back: the digit before them goes.
  await page.evaluate(() => (document.activeElement as HTMLInputElement).setSelectionRange(6, 6));
  await page.keyboard.press("Backspace");
  await expect(signIn.number).toHaveValue("(415) 550-123");
  expect(await caret()).toBe("(41");

  /** What is before the caret. */
  function caret(): Promise<string> {
    return page.evaluate(() => {
      const field = document.activeElement as HTMLInputElement;
      return field.value.slice(0, field.selectionStart ?? 0);
    });
  }
});

test("pasting an international number chooses its country", async ({ signIn, page }) => {
  await signIn.open();
  await page.evaluate(() => navigator.clipboard.writeText("+49 1512 3456789"));
  await signIn.number.focus();
  await page.keyboard.press("ControlOrMeta+V");
  await expect(signIn.country).toHaveValue("DE");
  await expect(signIn.number).toHaveValue("+49 1512 3456789");
  // The country's own way of writing it, from now on.
  await signIn.country.selectOption("AT");
  await expect(signIn.number).not.toHaveValue(/\+/);
  await expect(signIn.country).toHaveValue("AT");
});

test("another country takes the same digits", async ({ signIn, inbox, texts }) => {
  const digits = `1512${freshNumber().digits.slice(-7)}`;
  await signIn.open();
  await signIn.number.fill(digits);
  await signIn.country.selectOption("DE");
  expect((await signIn.number.inputValue()).replace(/\D/g, "")).toBe(digits);
  await signIn.button(texts.number.submit).click();
  await expect(signIn.heading("code")).toBeVisible();
  await expect.poll(() => inbox.textsTo(`+49${digits}`)).toHaveLength(1);
});
