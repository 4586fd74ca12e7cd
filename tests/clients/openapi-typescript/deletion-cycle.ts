// One whole decision, by people who have only the generated types: an officer proposes that a measure leaves the plan,
// the board's clerk records that it was agreed, the measure leaves the status, and the trail has both steps with who did them.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { paths } from "../generated/openapi-typescript/contract.js";
import { demo } from "../journey.js";

const clientOf = (token: string) =>
  createClient<paths>({ baseUrl: demo.url, headers: { Authorization: `Bearer ${token}` } });
const officer = clientOf(demo.tokens.performance_officer);
const clerk = clientOf(demo.tokens.board_clerk);
const reader = clientOf(demo.tokens.reader);

const organisation = { organisation: demo.organisation };
const plan = { ...organisation, plan: demo.plan };

async function status(as_at: string) {
  const { data, error } = await reader.GET("/v1/organisations/{organisation}/plans/{plan}/status", {
    params: { path: plan, query: { as_at } },
  });
  assert.ok(data, JSON.stringify(error));
  return data;
}

// A measure without a deletion proposal.
const listed = await reader.GET("/v1/organisations/{organisation}/plans/{plan}/deletions", {
  params: { path: plan, query: { limit: 500 } },
});
assert.ok(listed.data, JSON.stringify(listed.error));
const proposed = new Set(listed.data.items.map((each) => each.measure));
const before = await status("2010-06-30");
const measure = before.measures.find((each) => each.indicator !== "NI52" && !proposed.has(each.measure))?.measure;
assert.ok(measure, "the plan has a measure to leave it");

// Proposed by an officer, in March.
const proposal = await officer.POST("/v1/organisations/{organisation}/plans/{plan}/deletions", {
  params: { path: plan, header: { "Idempotency-Key": "typescript-deletion-1" } },
  body: {
    proposed_on: "2010-03-01",
    proposals: [{ measure, category: "no_longer_collected", reason: "The return has ended." }],
  },
});
assert.ok(proposal.data, JSON.stringify(proposal.error));
const deletion = proposal.data.items[0];
assert.ok(deletion);
assert.equal(deletion.state, "proposed");
assert.deepEqual(deletion.allowed_actions, ["withdraw"], "who proposed it does not decide on it");

// Without the role the request is rejected, and nothing is stored.
const decision = {
  body: "Children's trust board",
  decided_on: "2010-03-31",
  minute: "17/10",
  decisions: [
    { deletion: deletion.id, revision: deletion.revision, outcome: "agreed" as const, effective_from: "2010-04-01" },
  ],
};
const decisions = "/v1/organisations/{organisation}/plans/{plan}/deletion-decisions";
const refused = await officer.POST(decisions, { params: { path: plan }, body: decision });
assert.equal(refused.response.status, 403);

// Agreed by the board, recorded by its clerk; once.
const agreed = await clerk.POST(decisions, { params: { path: plan }, body: decision });
assert.ok(agreed.data, JSON.stringify(agreed.error));
assert.equal(agreed.data.items[0]?.state, "agreed");
const again = await clerk.POST(decisions, { params: { path: plan }, body: decision });
assert.ok([409, 412].includes(again.response.status), "a decision on what has changed is refused");

// It has left by June, and had not by the day of the meeting.
const after = await status("2010-06-30");
assert.ok(!after.measures.some((each) => each.measure === measure));
assert.ok(after.deleted.some((each) => each.measure === measure));
assert.equal(after.measures.length, before.measures.length - 1);
const march = await status("2010-03-31");
assert.ok(march.measures.some((each) => each.measure === measure));

// The trail has both steps, and who did them.
const trail = await officer.GET("/v1/organisations/{organisation}/trail", {
  params: { path: organisation, query: { entity: deletion.id } },
});
assert.ok(trail.data, JSON.stringify(trail.error));
const steps = trail.data.items.map((each) => [each.change, each.revision, each.roles]);
assert.deepEqual(steps, [
  ["changed", 2, ["board_clerk"]],
  ["created", 1, ["performance_officer"]],
]);
assert.ok(trail.data.items[0]?.changes.some((each) => each.pointer.startsWith("/rulings")));
const whole = await officer.GET("/v1/organisations/{organisation}/trail/{entity}/{revision}", {
  params: { path: { ...organisation, entity: deletion.id, revision: 2 } },
});
assert.ok(whole.data, JSON.stringify(whole.error));
assert.ok(whole.data.before, "what was proposed");
assert.notDeepEqual(whole.data.before, whole.data.after);

console.log("a client generated from the contract proposed a deletion, had it agreed, and read both in the trail");
