// The contract as functions on fetch. Requests and answers are validated by zod.
export default {
  input: "../../../openapi/openapi.json",
  output: { path: "../generated/hey-api", module: { extension: ".js" } },
  plugins: ["@hey-api/client-fetch", "@hey-api/typescript", "zod", { name: "@hey-api/sdk", validator: "zod" }],
};
