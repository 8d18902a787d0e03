// Real jobs that are killed, restored and steered from the page, and those who may not: PROGRAMS=../build/release/bin npm run test:page
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { assertNoNonsense, launch, openPage } from "./browser.js";
import { jobAt, options, programs, start } from "./programs.js";

const demo = "predictive_maintenance";
let browser, folder, running;

before(async () => {
  if (programs !== undefined) browser = await launch();
});
after(() => browser?.close());
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/streamwork-page-`);
  running = [];
});
afterEach(async () => {
  for (const program of running) await program.stop();
  rmSync(folder, { recursive: true });
});

async function run(args, consoleAt) {
  const program = await start(demo, ["--live", "--seconds", "600", "--output", `dir:${folder}/alerts`, ...args], consoleAt);
  running.push(program);
  return program;
}
const withCheckpoints = () => ["--checkpoint-dir", `${folder}/checkpoints`, "--checkpoint-interval", "300ms"];
const headline = (page, text) => page.locator("h1", { hasText: text }).waitFor({ timeout: 15_000 });
const stateOf = async (url, headers) => (await jobAt(url, headers)).state;

test("a killed job is missed, and shown again when it was restored", options, async () => {
  const killed = await run(withCheckpoints());
  const { page, problems, close } = await openPage(browser, killed.url);
  await page.locator(".strip [data-status='complete']").nth(1).waitFor({ timeout: 15_000 });
  assert.equal(await killed.stop(), "SIGKILL");
  await headline(page, "has not answered for");
  assert.equal(await page.locator(".connection").innerText(), "no connection");
  await run(withCheckpoints(), new URL(killed.url).host);
  await headline(page, "keeps up");
  assert.equal(await page.locator(".connection").innerText(), "live");
  await page.locator(".log").getByText("goes on from checkpoint").waitFor();
  await assertNoNonsense(page);
  assert.deepEqual(problems, []);
  await close();
});

test("a job is saved and suspended from the page", options, async () => {
  const program = await run(withCheckpoints());
  const { page, problems, close } = await openPage(browser, program.url);
  await headline(page, "keeps up");
  await page.getByRole("button", { name: "Savepoint" }).click();
  await page.getByText("a savepoint is taken").waitFor();
  await page.getByRole("button", { name: "Suspend" }).click();
  await page.locator("dialog").getByRole("button", { name: "Suspend the job" }).click();
  assert.equal(await program.ended, 0);
  await headline(page, "The job has been suspended");
  assert.match(program.said(), /suspended: the same command goes on from checkpoint \d+/);
  assert.deepEqual(problems, []);
  await close();
});

/** Every way in which a page of another origin can send something; each answers what the page itself got to see. */
const attacks = {
  "JSON that wants to be asked for first": (url) => fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" }),
  "text without asking": (url) => fetch(url, { method: "POST", mode: "no-cors", headers: { "Content-Type": "text/plain" }, body: "{}" }),
  "a beacon": (url) => Promise.resolve(navigator.sendBeacon(url, "{}")),
  "a form": (url) => {
    const frame = document.body.appendChild(document.createElement("iframe"));
    frame.name = "target";
    const form = document.body.appendChild(document.createElement("form"));
    Object.assign(form, { method: "POST", action: url, target: "target", enctype: "text/plain" });
    form.submit(); // a frame that is refused tells nobody
    return Promise.resolve();
  },
};

test("a page of another origin can neither steer a job nor read of it", options, async () => {
  const { url } = await run([]);
  const job = await jobAt(url);
  const stranger = createServer((_, response) => response.setHeader("Content-Type", "text/html").end("<!doctype html><title>stranger</title>"));
  await new Promise((resolve) => stranger.listen(0, "127.0.0.1", resolve));
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${stranger.address().port}/`);
    const sent = [];
    page.on("request", (request) => request.url().startsWith(url) && sent.push(request.method()));
    const cancel = new URL(`/api/v1/jobs/${job.id}/cancel`, url).href;
    for (const [name, attack] of Object.entries(attacks)) {
      await page.evaluate(([source, target]) => (0, eval)(source)(target).then(() => {}, () => {}), [attack.toString(), cancel]);
      await page.waitForTimeout(500);
      assert.equal(await stateOf(url), "running", `cancelled by ${name}`);
    }
    assert.ok(sent.filter((method) => method === "POST").length >= 3, `the browser has sent ${sent}`);
    const read = await page.evaluate((target) => fetch(target).then((answer) => answer.text(), () => "nothing"), new URL("/api/v1/jobs", url).href);
    assert.equal(read, "nothing");
    // The console's own page may do what the stranger tried.
    await page.goto(url);
    await headline(page, "keeps up");
    await page.evaluate((target) => fetch(target, { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" }), cancel);
    await headline(page, "The job has been cancelled");
  } finally {
    await context.close();
    stranger.close();
  }
});

test("a job whose console wants a token is steered by nobody without it", options, async () => {
  const token = "sixteen-letters-and-more";
  writeFileSync(`${folder}/token`, `${token}\n`);
  const { url } = await run([...withCheckpoints(), "--console-token", `${folder}/token`]);
  const proof = { Authorization: `Bearer ${token}` };
  const job = await jobAt(url, proof);
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  await headline(page, "A token is needed");
  await page.getByText("is opened with #token=TOKEN").waitFor();
  assert.equal(await page.locator(".vertex-card").count(), 0);
  assert.equal(await page.getByRole("button", { name: "Cancel" }).count(), 0);
  const control = (name, headers) =>
    page.evaluate(
      ([target, more]) => fetch(target, { method: "POST", headers: { "Content-Type": "application/json", ...more }, body: "{}" }).then((answer) => answer.status),
      [new URL(`/api/v1/jobs/${job.id}/${name}`, url).href, headers],
    );
  assert.equal(await control("cancel", {}), 401);
  assert.equal(await control("cancel", { Authorization: "Bearer sixteen-letters-and-less" }), 401);
  assert.equal(await stateOf(url, proof), "running");
  await page.goto(`${url}/#token=${token}`);
  await page.reload();
  await headline(page, "keeps up");
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.locator("dialog").getByRole("button", { name: "Cancel the job" }).click();
  await headline(page, "The job has been cancelled");
  await context.close();
});
