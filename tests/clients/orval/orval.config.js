// The contract as functions on fetch. The address of the service is known only when they run.
export default {
  waymark: {
    input: "../../../openapi/openapi.json",
    output: {
      target: "../generated/orval/client.ts",
      client: "fetch",
      baseUrl: { runtime: "demo.url", imports: [{ name: "demo", importPath: "../../journey.js", values: true }] },
    },
  },
};
