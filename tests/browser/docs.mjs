// What a front-end developer sees at /docs, in a real browser: every operation of the contract, and one of them tried
// with a token. The page must be whole without the internet: a request to any other origin fails the test.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const demo = JSON.parse(process.env.WAYMARK_DEMO);
const contract = await (await fetch(`${demo.url}/openapi.json`)).json();
// Seen under a name as in production: on a loopback address Swagger UI leaves out what it would fetch elsewhere.
const host = "waymark.test";
const origin = `http://${host}:${new URL(demo.url).port}`;

const methods = ["get", "put", "post", "delete", "patch", "head", "options"];
const operations = Object.values(contract.paths).flatMap((path) =>
  methods.filter((method) => path[method]).map((method) => path[method].operationId),
);
assert.ok(operations.length > 0, "the contract has operations");

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  chromiumSandbox: false,
  args: [`--host-resolver-rules=MAP ${host} 127.0.0.1, MAP * ~NOTFOUND`],
});
try {
  const page = await browser.newPage();
  const strayed = [];
  const failed = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== origin) strayed.push(request.url());
  });
  page.on("response", (response) => {
    if (response.status() >= 400) failed.push(`${response.status()} ${response.url()}`);
  });
  page.on("requestfailed", (request) => failed.push(`${request.failure()?.errorText} ${request.url()}`));
  page.on("pageerror", (error) => failed.push(`script error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") failed.push(`console: ${message.text()}`);
  });

  await page.goto(`${origin}/docs`, { waitUntil: "load" });
  await page.locator(".opblock").first().waitFor();
  assert.equal(await page.locator(".opblock").count(), operations.length, "every operation is on the page");
  assert.match(await page.locator(".info .title").innerText(), new RegExp(contract.info.title));

  await page.locator(".auth-wrapper .btn.authorize").first().click();
  await page.locator(".modal-ux input[type=text], .modal-ux input:not([type])").first().fill(demo.tokens.reader);
  await page.locator(".modal-ux .btn.authorize").first().click();
  await page.locator(".modal-ux .btn-done").first().click();

  const operation = page.locator("[id^=operations-][id$=-list_organisations]");
  await operation.locator(".opblock-summary-control").click();
  await operation.locator(".try-out__btn").click();
  await operation.locator("button.execute").click();
  const status = operation.locator(".live-responses-table .response .response-col_status").first();
  await status.waitFor();
  assert.match(await status.innerText(), /^200/, "the operation answers with a token");

  assert.deepEqual(strayed, [], "nothing was asked of another origin");
  assert.deepEqual(failed, [], "nothing failed");
  console.log(`/docs shows ${operations.length} operations and answers; no request left ${origin}`);
} finally {
  await browser.close();
}
