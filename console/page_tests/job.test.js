// The page before a real job that runs already: CONSOLE=http://127.0.0.1:7000 npm run test:page
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertNoNonsense, assertNoSidewaysScroll, launch, openPage, picture } from "./browser.js";

const url = process.env.CONSOLE;
const options = { skip: url === undefined && "no CONSOLE is given" };
let browser, job, graph;

before(async () => {
  if (url === undefined) return;
  browser = await launch();
  [job] = (await (await fetch(new URL("/api/v1/jobs", url))).json()).jobs;
  graph = await (await fetch(new URL(`/api/v1/jobs/${job.id}/graph`, url))).json();
});
after(() => browser?.close());

test("a real job's graph is whole, its numbers move, and no vertex shows nonsense", options, async () => {
  const { page, problems, close } = await openPage(browser, url);
  assert.equal(await page.locator(".job-name").innerText(), job.name);
  assert.deepEqual((await page.locator(".vertex-name").allInnerTexts()).sort(), graph.vertices.map((vertex) => vertex.name).sort());
  assert.equal(await page.locator(".edge").count(), graph.edges.length);
  const numbers = await page.locator("main").innerText();
  await page.waitForTimeout(3_000);
  assert.notEqual(await page.locator("main").innerText(), numbers);
  await picture(page, `job-${job.name}`, true);
  for (const vertex of graph.vertices) {
    await page.locator(`[data-vertex="${vertex.id}"]`).click();
    await page.locator(".panel h2", { hasText: vertex.name }).waitFor();
    for (const look of await page.locator(".panel").getByRole("button", { name: "Look" }).all()) await look.click();
    await page.waitForTimeout(1_000);
    await assertNoNonsense(page);
  }
  await picture(page, `job-${job.name}-vertex`);
  assert.deepEqual(problems, []);
  await close();
});

test("a real job tells how long its events need", options, async (context) => {
  const metrics = async () => (await fetch(new URL(`/api/v1/jobs/${job.id}/metrics`, url))).json();
  const [path] = (await metrics()).paths;
  if (path === undefined) return context.skip("nothing has come to a sink");
  const { page, problems, close } = await openPage(browser, url);
  await page.locator('.key-figures [data-missing="false"]', { hasText: "latency p99" }).waitFor();
  await page.locator(`[data-vertex="${path.sink}"]`).click();
  await page.locator(".panel").getByText(`${graph.vertices[path.source].name} → ${graph.vertices[path.sink].name}`, { exact: true }).waitFor();
  assert.deepEqual(problems, []);
  await close();
});

test("a real job is rescaled from the page, and goes on", options, async (context) => {
  const newest = async () => (await fetch(new URL(`/api/v1/jobs/${job.id}/graph`, url))).json();
  const vertex = graph.vertices.find(({ name }) => name === "rolling statistics");
  if (vertex === undefined) return context.skip("this is not the demo");
  const { page, problems, close } = await openPage(browser, url);
  await page.locator(`[data-vertex="${vertex.id}"]`).click();
  for (const wanted of [vertex.parallelism + 1, vertex.parallelism]) {
    await page.locator(".rescale input").fill(String(wanted));
    await page.getByRole("button", { name: "Rescale" }).click();
    await page.locator(`[data-vertex="${vertex.id}"]`, { hasText: `×${wanted}` }).waitFor({ timeout: 15_000 });
    assert.equal((await newest()).vertices[vertex.id].parallelism, wanted);
  }
  await page.locator("h1", { hasText: "keeps up" }).waitFor({ timeout: 15_000 });
  await assertNoNonsense(page);
  assert.deepEqual(problems, []);
  await close();
});

test("a real job that can be broken shows the consequence, and recovers", options, async (context) => {
  const answer = await fetch(new URL(`/api/v1/jobs/${job.id}/experiments`, url));
  const experiments = (await answer.json()).experiments.map((experiment) => experiment.name);
  if (!experiments.includes("Slow the sink")) return context.skip("this is not the demo");
  const { page, problems, close } = await openPage(browser, url);
  const press = (name) => page.locator(".experiments").getByRole("button", { name, exact: true }).click();
  const headline = (text) => page.locator("h1", { hasText: text }).waitFor({ timeout: 15_000 });
  // Three times, as a single look may have come just before.
  const seconds = [];
  for (let time = 0; time < 3; ++time) {
    if (time > 0) {
      await press("Undo: Slow the sink");
      await headline("keeps up");
    }
    const begin = Date.now();
    await press("Slow the sink");
    await headline("historian");
    seconds.push((Date.now() - begin) / 1000);
  }
  assert.ok(seconds.sort((a, b) => a - b)[1] <= 3, `a slowed sink is named after ${seconds} s`);
  await page.locator('.vertex-card[data-cause="true"]', { hasText: "historian" }).waitFor();
  assert.deepEqual(await page.locator('.vertex-card[data-cause="true"] .vertex-name').allInnerTexts(), ["historian"]);
  await page.locator(".vertex-card", { hasText: "is made to wait" }).first().waitFor({ timeout: 15_000 });
  await picture(page, "break-it-slow-sink");
  await press("Undo: Slow the sink");
  await headline("keeps up");
  await press("Send late data");
  await headline("too late for every window");
  await page.locator('.vertex-card[data-vertex]', { hasText: "rolling statistics" }).click();
  await page.locator(".refused li", { hasText: "behind the watermark" }).first().waitFor({ timeout: 15_000 });
  await picture(page, "break-it-late-data", true);
  await press("Undo: Send late data");
  await press("Poison an event");
  await page.locator('.vertex-card[data-vertex]', { hasText: "plausible" }).click();
  await page.locator(".refused li", { hasText: "the vibration is not a number" }).first().waitFor({ timeout: 15_000 });
  await press("Crash an operator");
  await headline("is being started again");
  await picture(page, "break-it-crash");
  await headline("keeps up");
  await page.locator(".log").getByText("somebody has pulled the plug: the job began again").first().waitFor();
  await assertNoNonsense(page);
  assert.deepEqual(problems, []);
  await close();
});

test("a real job fits on a phone", options, async () => {
  const { page, problems, close } = await openPage(browser, url, { width: 390, height: 844, scheme: "dark" });
  await assertNoSidewaysScroll(page);
  await assertNoNonsense(page);
  await picture(page, `job-${job.name}-phone`, true);
  assert.deepEqual(problems, []);
  await close();
});
