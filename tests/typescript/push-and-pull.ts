// What a team with a TypeScript front end or a pushing system does: types made from the contract, two results pushed,
// the status of the plan pulled. Compiled with `tsc --strict`; run against the service with demo data.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { paths } from "./generated/contract.js";

interface Demo {
  url: string;
  organisation: string;
  plan: string;
  tokens: { reader: string; submitter: string };
}

const demo = JSON.parse(process.env["WAYMARK_DEMO"] ?? "") as Demo;
const clientOf = (token: string) =>
  createClient<paths>({ baseUrl: demo.url, headers: { Authorization: `Bearer ${token}` } });
const submitter = clientOf(demo.tokens.submitter);
const reader = clientOf(demo.tokens.reader);

const organisation = { organisation: demo.organisation };
const plan = { ...organisation, plan: demo.plan };

async function statusOfLunches(as_at: string) {
  const { data, error } = await reader.GET("/v1/organisations/{organisation}/plans/{plan}/status", {
    params: { path: plan, query: { as_at } },
  });
  assert.ok(data, JSON.stringify(error));
  const measure = data.measures.find((each) => each.indicator === "NI52");
  assert.ok(measure, "the plan measures the take-up of school lunches");
  return measure;
}

// March 2010, from the performance table: 26% rising to 33% by March 2011, two thirds elapsed, 29% reached.
const before = await statusOfLunches("2010-03-31");
assert.equal(before.rating, "amber");
assert.equal(before.actual_value, 29);

// The correction of that figure, and the next year's, which reaches the target.
const pushed = await submitter.POST("/v1/organisations/{organisation}/results", {
  params: { path: organisation, header: { "Idempotency-Key": "typescript-1" } },
  body: {
    results: [
      { indicator: "NI52", period: "FY2009-10", value: 31 },
      { indicator: "NI52", period: "FY2010-11", value: 33.5 },
    ],
  },
});
assert.ok(pushed.data, JSON.stringify(pushed.error));
assert.equal(pushed.data.counts.rejected, 0);

// 31 is above the 30.67 expected by then; 33.5 is above the target of 33.
const corrected = await statusOfLunches("2010-03-31");
assert.equal(corrected.actual_value, 31);
assert.equal(corrected.rating, "green");
const after = await statusOfLunches("2011-03-31");
assert.equal(after.actual_value, 33.5);
assert.equal(after.rating, "green");
assert.equal(after.direction, "improving");

// What a reader may not do is a problem that the types describe.
const refused = await reader.POST("/v1/organisations/{organisation}/results", {
  params: { path: organisation },
  body: { results: [{ indicator: "NI52", period: "FY2010-11", value: 34 }] },
});
assert.equal(refused.response.status, 403);
assert.equal(refused.error?.status, 403);

console.log("a client generated from the contract pushed two results and pulled the status they make");
