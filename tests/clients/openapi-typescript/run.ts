// The run with openapi-typescript's types and openapi-fetch.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { paths } from "../generated/openapi-typescript/contract.js";
import { demo, journey, registered } from "../journey.js";

const client = createClient<paths>({ baseUrl: demo.url });
const organisation = { organisation: demo.organisation };
const plan = { ...organisation, plan: demo.plan };

const token = await client.POST("/v1/token", {
  headers: { "Content-Type": "application/x-www-form-urlencoded" },
  body: { grant_type: "client_credentials", client_id: registered.id, client_secret: registered.secret },
});
assert.ok(token.data, JSON.stringify(token.error));
const headers = { Authorization: `Bearer ${token.data.access_token}` };

await journey("openapi-typescript", {
  async push(results, idempotency_key) {
    const { data, error } = await client.POST("/v1/organisations/{organisation}/results", {
      params: { path: organisation, header: { "Idempotency-Key": idempotency_key } },
      headers,
      body: { results },
    });
    assert.ok(data && "counts" in data && data.counts, JSON.stringify(error));
    return data;
  },
  async refusedPush(results) {
    const { error } = await client.POST("/v1/organisations/{organisation}/results", {
      params: { path: organisation },
      headers,
      body: { results },
    });
    assert.ok(error);
    return error;
  },
  async status(as_at) {
    const { data, error } = await client.GET("/v1/organisations/{organisation}/plans/{plan}/status", {
      params: { path: plan, query: { as_at } },
      headers,
    });
    assert.ok(data, JSON.stringify(error));
    return data;
  },
  async page(limit, cursor) {
    const { data, error } = await client.GET("/v1/organisations/{organisation}/results", {
      params: { path: organisation, query: { limit, ...(cursor && { cursor }) } },
      headers,
    });
    assert.ok(data, JSON.stringify(error));
    return data;
  },
});
