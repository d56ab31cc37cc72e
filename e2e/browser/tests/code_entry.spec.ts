// Ways to enter a code other than typing it.
import { freshNumber } from "../harness/phone_number";
import type { SignInPage } from "../harness/sign_in_page";
import { expect, test } from "../harness/test";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

test("the browser is told what the field is for", async ({ signIn }) => {
  await signIn.open();
  await signIn.askForCode(freshNumber());
  await expect(signIn.code).toHaveAttribute("autocomplete", "one-time-code");
  await expect(signIn.code).toHaveAttribute("inputmode", "numeric");
});

test("a code is pasted with a space in it", async ({ signIn, inbox }) => {
  const number = freshNumber();
  await signIn.open();
  await signIn.askForCode(number);
  await paste(signIn, (await inbox.newestCode(number.e164)).replace(/^.../, "$& "));
});

test("a code is pasted with the whole text around it", { tag: "@both" }, async ({ signIn, inbox }) => {
  const number = freshNumber();
  await signIn.open();
  await signIn.askForCode(number);
  await paste(signIn, `Messages, now: ${await inbox.newestText(number.e164)}`);
});

test("only digits are taken", async ({ signIn, page }) => {
  await signIn.open();
  await signIn.askForCode(freshNumber());
  await signIn.code.pressSequentially("1a2 -3");
  await expect(signIn.code).toHaveValue("123");
  await page.evaluate(() => navigator.clipboard.writeText("no code here"));
  await signIn.code.press("ControlOrMeta+V");
  await expect(signIn.code).toHaveValue("123");
});

test("the phone reads the code from the text (WebOTP)", async ({ signIn, inbox, page }) => {
  await page.addInitScript(() => {
    Object.assign(globalThis, { OTPCredential: class {} });
    navigator.credentials.get = (options) =>
      new Promise((resolve) => {
        const isAsked = JSON.stringify(options).includes('"otp":{"transport":["sms"]}');
        if (isAsked) Object.assign(globalThis, { receiveText: resolve });
      });
  });
  const number = freshNumber();
  await signIn.open();
  await signIn.askForCode(number);
  const code = await inbox.newestCode(number.e164);
  await page.evaluate((code) => {
    (globalThis as unknown as { receiveText(credential: object): void }).receiveText({ code });
  }, code);
  await expect(signIn.heading("signedIn")).toBeVisible();
});

test("who declines WebOTP types the code", async ({ signIn, page, inbox }) => {
  await page.addInitScript(() => {
    Object.assign(globalThis, { OTPCredential: class {} });
    navigator.credentials.get = () => Promise.reject(new DOMException("no", "NotAllowedError"));
  });
  const number = freshNumber();
  await signIn.open();
  await signIn.askForCode(number);
  await signIn.answerCode(await inbox.newestCode(number.e164));
});

/** Into the code's field; the page goes on by itself. */
async function paste(signIn: SignInPage, text: string): Promise<void> {
  await signIn.page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await signIn.code.press("ControlOrMeta+V");
  await expect(signIn.heading("signedIn")).toBeVisible();
}
