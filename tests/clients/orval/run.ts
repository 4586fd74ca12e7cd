// The run with the functions that orval generates.
import assert from "node:assert/strict";
import { createToken, getStatus, listResults, pushResults } from "../generated/orval/client.js";
import { demo, journey, registered } from "../journey.js";

const token = await createToken({
  grant_type: "client_credentials",
  client_id: registered.id,
  client_secret: registered.secret,
});
assert.equal(token.status, 200);
const headers = { Authorization: `Bearer ${token.data.access_token}` };
// Where a body may have several media types, orval leaves the choice to the caller.
const json = { ...headers, "Content-Type": "application/json" };

await journey("orval", {
  async push(results, idempotency_key) {
    const answer = await pushResults(demo.organisation, { results }, {}, { headers: { ...json, "Idempotency-Key": idempotency_key } });
    assert.equal(answer.status, 200);
    return answer.data;
  },
  async refusedPush(results) {
    const answer = await pushResults(demo.organisation, { results }, {}, { headers: json });
    assert.equal(answer.status, 422);
    return answer.data;
  },
  async status(as_at) {
    const answer = await getStatus(demo.organisation, demo.plan, { as_at }, { headers });
    assert.equal(answer.status, 200);
    return answer.data;
  },
  async page(limit, cursor) {
    const answer = await listResults(demo.organisation, { limit, ...(cursor && { cursor }) }, { headers });
    assert.equal(answer.status, 200);
    return answer.data;
  },
});
