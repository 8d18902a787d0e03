// The page before every example job: PROGRAMS=../build/release/bin npm run test:page
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { assertNoNonsense, launch, openPage } from "./browser.js";
import { examples, jobAt, options, programs, start } from "./programs.js";

const file = (path) => `file:${examples}${path}`;

/** Sample inputs are read slowly, so that there is a job to look at. */
const slowly = ["--rate", "0.2"];
const jobs = {
  async_lookup: ["--readings", "1000000"],
  backpressure_lab: ["--scene", "0s"],
  emission: ["--vehicles", file("emission/vehicles.txt"), "--temperatures", file("emission/temperatures.txt"), ...slowly],
  fraud_detection: ["--input", file("fraud_detection/transactions.jsonl"), ...slowly],
  join_lab: ["--left", file("join_lab/left.jsonl"), "--right", file("join_lab/right.jsonl"), "--join", "interval:-2s:3s", ...slowly],
  predictive_maintenance: ["--live", "--seconds", "60"],
  stream_fork: ["--input", file("stream_fork/input.txt"), ...slowly],
  stream_merge: ["--input", file("stream_merge/input.txt"), "--input2", file("stream_merge/input2.txt"), ...slowly],
  stream_split: ["--input", file("stream_split/input.txt"), ...slowly],
  system_usage: ["--input", file("system_usage/input.txt"), ...slowly],
  vehicle_count: ["--input", file("vehicle_count/input.txt"), ...slowly],
  vehicle_count_demo: [],
  window_lab: ["--input", file("window_lab/input.jsonl"), "--window", "tumbling:5s", ...slowly],
  windowing_test: ["--input", "-"],
};
/** Not built unless asked for. */
const left_out = ["nexmark"];

let browser;
before(async () => {
  if (programs !== undefined) browser = await launch();
});
after(() => browser?.close());

test("there is no example that nobody looks at", options, () => {
  const all = readdirSync(examples).filter((name) => existsSync(`${examples}${name}/main.cpp`));
  assert.deepEqual(all.sort(), [...Object.keys(jobs), ...left_out].sort());
});

for (const name of Object.keys(jobs)) {
  test(`the graph of ${name} is drawn whole`, options, async () => {
    const { url, stop } = await start(name, jobs[name]);
    try {
      const job = await jobAt(url);
      const graph = await (await fetch(new URL(`/api/v1/jobs/${job.id}/graph`, url))).json();
      const { page, problems, close } = await openPage(browser, url);
      assert.deepEqual((await page.locator(".vertex-name").allInnerTexts()).sort(), graph.vertices.map((vertex) => vertex.name).sort());
      assert.equal(await page.locator(".edge").count(), graph.edges.length);
      await assertNoNonsense(page);
      assert.deepEqual(problems, []);
      await close();
    } finally {
      await stop();
    }
  });
}
