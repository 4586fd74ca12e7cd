// What each of the TypeScript clients does, whatever generated it. A client brings its calls, in its own types.
import assert from "node:assert/strict";

export interface Demo {
  url: string;
  organisation: string;
  plan: string;
  tokens: { reader: string; performance_officer: string; board_clerk: string };
}

export const demo = JSON.parse(process.env["WAYMARK_DEMO"] ?? "") as Demo;
export const registered = JSON.parse(process.env["WAYMARK_CLIENT"] ?? "") as { id: string; secret: string };

interface Row {
  indicator: string;
  period: string;
  value?: number;
}

export interface Calls {
  push(results: Row[], idempotency_key: string): Promise<{ counts: { rejected: number } }>;
  refusedPush(results: Row[]): Promise<{ status: number; type: string; errors?: { code: string; pointer?: string | null }[] }>;
  status(as_at: string): Promise<{
    measures: { indicator: string; rating: string; actual_value: number | null; direction: string | null }[];
  }>;
  page(limit: number, cursor?: string): Promise<{ items: { id: string }[]; next: string | null }>;
}

/** Calls the service with a token that the client has got for itself. */
export async function journey(client: string, { push, refusedPush, status, page }: Calls) {
  async function lunches(as_at: string) {
    const measure = (await status(as_at)).measures.find((each) => each.indicator === "NI52");
    assert.ok(measure, "the plan measures the take-up of school lunches");
    return measure;
  }

  // March 2010, from the performance table: 26% rising to 33% by March 2011, two thirds elapsed, 29% reached.
  const before = await lunches("2010-03-31");
  assert.equal(before.rating, "amber");
  assert.equal(before.actual_value, 29);

  // The correction of that figure, and the next year's, which reaches the target.
  const figures = [
    { indicator: "NI52", period: "FY2009-10", value: 31 },
    { indicator: "NI52", period: "FY2010-11", value: 33.5 },
  ];
  assert.equal((await push(figures, `${client}-1`)).counts.rejected, 0);

  // 31 is above the 30.67 expected by then; 33.5 is above the target of 33.
  const corrected = await lunches("2010-03-31");
  assert.equal(corrected.actual_value, 31);
  assert.equal(corrected.rating, "green");
  const after = await lunches("2011-03-31");
  assert.equal(after.actual_value, 33.5);
  assert.equal(after.rating, "green");
  assert.equal(after.direction, "improving");

  // Page by page there are the same results as on one page.
  const whole = await page(500);
  assert.equal(whole.next, null);
  const ids: string[] = [];
  let pages = 0;
  let cursor: string | undefined;
  do {
    const { items, next } = await page(40, cursor);
    ids.push(...items.map((each) => each.id));
    pages += 1;
    cursor = next === null ? undefined : (new URL(next, demo.url).searchParams.get("cursor") ?? undefined);
  } while (cursor !== undefined);
  assert.ok(pages > 1);
  assert.deepEqual(ids, whole.items.map((each) => each.id));

  // Why a push is refused is a problem that the types describe.
  const problem = await refusedPush([{ indicator: "NI52", period: "FY2010-11" }]);
  assert.equal(problem.status, 422);
  assert.equal(problem.type, "/problems/rows-rejected");
  assert.equal(problem.errors?.[0]?.code, "no_figure");
  assert.equal(problem.errors[0].pointer, "/results/0/value");

  console.log(`${client}: got a token, pushed, read the status, ${pages} pages of results and a refusal`);
}
