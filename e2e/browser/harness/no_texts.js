// Runs in the page, before anything of it: keeps texts from the notice on the local page, which then looks as it is deployed.
// The notice tells of all texts, those of tests that run at the same time too, and moves the page when one comes. Not by
// Playwright's `route`, which turns the browser's cache off for every request.
const { fetch: ask } = globalThis;
globalThis.fetch = (...request) =>
  request[0] === "/_local/inbox/messages" ? Promise.resolve(Response.json({ messages: [] })) : ask(...request);
