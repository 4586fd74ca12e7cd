// The run with the functions and the zod schemas that Hey API generates.
import assert from "node:assert/strict";
import { client } from "../generated/hey-api/client.gen.js";
import { createToken, getStatus, listResults, pushResults } from "../generated/hey-api/sdk.gen.js";
import { zProblem, zPushAnswer } from "../generated/hey-api/zod.gen.js";
import { demo, journey, registered } from "../journey.js";

client.setConfig({ baseUrl: demo.url });
const { data: token } = await createToken({
  body: { grant_type: "client_credentials", client_id: registered.id, client_secret: registered.secret },
  throwOnError: true,
});
client.setConfig({ auth: token.access_token });

const organisation = { organisation: demo.organisation };
const plan = { ...organisation, plan: demo.plan };

await journey("hey-api", {
  async push(results, idempotency_key) {
    const headers = { "Idempotency-Key": idempotency_key };
    const { data } = await pushResults({ path: organisation, headers, body: { results }, throwOnError: true });
    return zPushAnswer.parse(data);
  },
  async refusedPush(results) {
    const { error, response } = await pushResults({ path: organisation, body: { results } });
    assert.equal(response?.status, 422);
    return zProblem.parse(error);
  },
  async status(as_at) {
    return (await getStatus({ path: plan, query: { as_at }, throwOnError: true })).data;
  },
  async page(limit, cursor) {
    return (await listResults({ path: organisation, query: { limit, cursor }, throwOnError: true })).data;
  },
});
