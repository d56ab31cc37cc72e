// When the worker says no, or has a problem of its own.
import { explained, explainedWithWait } from "../harness/explained";
import { freshNumber } from "../harness/phone_number";
import { problem } from "../harness/problem";
import { expect, test } from "../harness/test";

test.describe("a worker that sends codes to no country", () => {
  test.use({ worker: "strict" });

  test("says so, and another number can be typed at once", async ({ signIn, texts, quiet }) => {
    quiet.expectAnswer("/sign_up", 403);
    await signIn.open();
    await signIn.number.fill(freshNumber().digits);
    await signIn.button(texts.number.submit).click();
    await expect(signIn.error).toHaveText(explained(texts, "DESTINATION_NOT_ALLOWED"));
    await expect(signIn.number).toBeFocused();
    await signIn.number.press("Backspace");
    await expect(signIn.error).toHaveCount(0);
  });
});

test.describe("a worker without one of its settings", () => {
  test.use({ worker: "broken" });

  test("shows the id that its log has the failure under", async ({ signIn, texts, page, quiet }) => {
    quiet.expectAnswer("/sign_up", 500);
    await signIn.open();
    await signIn.number.fill(freshNumber().digits);
    const answer = page.waitForResponse("**/sign_up");
    await signIn.button(texts.number.submit).click();
    const requestId = (await answer).headers()["x-request-id"];
    expect(requestId).toBeTruthy();
    await expect(signIn.error).toContainText(explained(texts, "INTERNAL"));
    await expect(signIn.error).toContainText(`${texts.requestId} ${requestId}`);
  });
});

test("an outage is told with the time to wait, and the same number can be tried again", async ({
  signIn, texts, page, quiet,
}) => {
  quiet.expectAnswer("/sign_up", 503);
  const unavailable = problem(503, "UPSTREAM_UNAVAILABLE", { "Retry-After": "7" });
  await page.route("**/sign_up", (route) => route.fulfill(unavailable), { times: 1 });
  const number = freshNumber();
  await signIn.open();
  await signIn.number.fill(number.digits);
  await signIn.button(texts.number.submit).click();
  await expect(signIn.error).toContainText(explainedWithWait(texts, "UPSTREAM_UNAVAILABLE", /in 7 seconds/));
  await expect(signIn.number).toHaveValue(number.national);
  await signIn.button(texts.number.submit).click();
  await expect(signIn.heading("code")).toBeVisible();
});

test("an outage while the code is checked costs nothing: the same code can be tried again", async ({
  signIn, inbox, texts, page, quiet,
}) => {
  quiet.expectAnswer("/sign_in", 502);
  await page.route("**/sign_in", (route) => route.fulfill(problem(502, "UPSTREAM_ERROR")), { times: 1 });
  const number = freshNumber();
  await signIn.open();
  await signIn.askForCode(number);
  const code = await inbox.newestCode(number.e164);
  await signIn.code.fill(code);
  await expect(signIn.error).toContainText(explained(texts, "UPSTREAM_ERROR"));
  await expect(signIn.code).toHaveValue(code);
  await signIn.button(texts.code.submit).click();
  await expect(signIn.heading("signedIn")).toBeVisible();
});

test("an answer that is none of the worker's is a problem, too", async ({ signIn, texts, page, quiet }) => {
  quiet.expectAnswer("/sign_up", 502);
  const gateways = { status: 502, contentType: "text/html", body: "<h1>Bad gateway</h1>" };
  await page.route("**/sign_up", (route) => route.fulfill(gateways));
  await signIn.open();
  await signIn.number.fill(freshNumber().digits);
  await signIn.button(texts.number.submit).click();
  await expect(signIn.error).toHaveText(texts.unknownProblem);
});

test("a number that is none is not sent", async ({ signIn, texts, page }) => {
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.url()));
  await signIn.open();
  for (const [typed, sentence] of [
    ["", texts.number.missing],
    ["415555", texts.number.tooShort],
    ["415555012345678", texts.number.tooLong],
  ] as const) {
    await signIn.number.fill(typed);
    await signIn.button(texts.number.submit).click();
    await expect(signIn.error).toHaveText(sentence);
    await expect(signIn.number).toBeFocused();
    await expect(signIn.number).toHaveAttribute("aria-invalid", "true");
  }
  expect(sent.filter((url) => url.endsWith("/sign_up"))).toEqual([]);
});

test("what is wrong with a number is not said of the one that is there by then", async ({ signIn, texts, page, quiet }) => {
  quiet.expectAnswer("/sign_up", 403);
  let answer = () => {};
  const changed = new Promise<void>((resolve) => (answer = resolve));
  const refused = problem(403, "DESTINATION_NOT_ALLOWED");
  await page.route("**/sign_up", async (route) => (await changed, route.fulfill(refused)), { times: 1 });
  await signIn.open();
  await signIn.number.fill(freshNumber().digits);
  await signIn.button(texts.number.submit).click();
  await expect(signIn.button(texts.number.submitting)).toBeVisible();
  await signIn.number.fill(freshNumber().digits);
  answer();
  await expect(signIn.button(texts.number.submit)).toBeEnabled();
  await expect(signIn.error).toHaveCount(0);
  await expect(signIn.number).not.toHaveAttribute("aria-invalid");
});
