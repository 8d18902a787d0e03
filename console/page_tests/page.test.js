// The page in a real browser, before the made-up job of mock/.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { assertNoNonsense, assertNoSidewaysScroll, frameOf, launch, openPage, picture, startMock } from "./browser.js";

const port = 7190;
let browser, mock, opened;

before(async () => (browser = await launch()));
after(() => browser?.close());
beforeEach(async () => (mock = await startMock(port, "--scene", "healthy")));
afterEach(async () => {
  const problems = opened?.problems ?? [];
  await opened?.close();
  await mock.stop();
  opened = undefined;
  assert.deepEqual(problems, [], "the browser complained");
});

async function open(options) {
  opened = await openPage(browser, mock.url, options);
  return opened.page;
}
const headline = (page, text) => page.locator("h1", { hasText: text }).waitFor({ timeout: 5_000 });
const card = (page, name) => page.locator(".vertex-card", { has: page.getByText(name, { exact: true }) });

test("the graph shows every vertex and edge with their numbers", async () => {
  const page = await open();
  assert.equal(await page.locator(".vertex-card").count(), 10);
  assert.equal(await page.locator(".edge").count(), 9);
  const text = await card(page, "rolling statistics").innerText();
  assert.match(text, /×4/);
  assert.match(text, /busy \d+\s%\s+blocked \d+\s%\s+idle \d+\s%/);
  assert.match(text, /\d+\/s/);
  assert.match(await page.locator("[data-edge-label='1']").innerText(), /\/s\s+fields, \d+\s% full/);
  await assertNoNonsense(page);
});

test("numbers move, and nothing else does", async () => {
  const page = await open();
  await page.locator(".gantt li").first().waitFor({ timeout: 9_000 });
  const [numbers, frame] = [await page.locator(".graph").innerText(), await frameOf(page)];
  await mock.direct("slow_watch");
  await headline(page, "is the bottleneck");
  await mock.direct("late");
  await headline(page, "holds event time back");
  assert.notEqual(await page.locator(".graph").innerText(), numbers);
  const dots = () => page.locator(".edge-flow").first().evaluate((line) => getComputedStyle(line).strokeDashoffset);
  const before = await dots();
  await page.waitForTimeout(400);
  assert.notEqual(await dots(), before);
  assert.deepEqual(await frameOf(page), frame);
});

test("a slowed vertex is named and coloured within three seconds, its victim only named", async () => {
  const page = await open();
  const begin = Date.now();
  await mock.direct("slow_watch");
  await headline(page, "wear watch is the bottleneck: 97 % busy; it blocks rolling statistics 61 % of the time");
  assert.ok(Date.now() - begin < 3_000);
  assert.equal(await page.title(), "plant_watch: Bottleneck");
  assert.equal(await card(page, "wear watch").getAttribute("data-cause"), "true");
  assert.match(await card(page, "wear watch").innerText(), /bottleneck/);
  assert.equal(await card(page, "rolling statistics").getAttribute("data-cause"), "false");
  assert.match(await card(page, "rolling statistics").innerText(), /is made to wait/);
  await mock.direct("slow_sink");
  await headline(page, "alerts is the bottleneck");
  assert.equal(await page.locator('.vertex-card[data-cause="true"]').count(), 1);
});

test("the headline's names lead to the vertex", async () => {
  await mock.direct("slow_watch");
  const page = await open();
  await headline(page, "is the bottleneck");
  await page.locator("h1").getByText("wear watch").click();
  await page.locator(".panel h2", { hasText: "wear watch" }).waitFor();
});

test("a vertex can be opened and read without a mouse", async () => {
  const page = await open();
  await page.locator('.vertex-card[tabindex="0"]').focus();
  const focused = () => page.evaluate(() => document.activeElement.querySelector(".vertex-name")?.textContent);
  assert.equal(await focused(), "readings");
  const seen = new Set();
  for (const key of ["ArrowDown", "ArrowDown", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowLeft"]) {
    await page.keyboard.press(key);
    seen.add(await focused());
  }
  assert.ok(seen.has("parse") && seen.has("machine table") && seen.has("wear watch"), [...seen].join(", "));
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, "solid");
  const before = await focused();
  await page.keyboard.press("Enter");
  await page.locator(".panel h2", { hasText: before }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".panel").waitFor({ state: "detached" });
  assert.equal(await focused(), before);
});

test("a vertex tells its instances, latency, event time, late events and edges", async () => {
  await mock.direct("late");
  const page = await open();
  await card(page, "rolling statistics").click();
  const panel = page.locator(".panel");
  assert.equal(await panel.locator("table").first().locator("tbody tr").count(), 4);
  await panel.getByText("Held back by").waitFor({ timeout: 8_000 });
  const text = await panel.innerText();
  for (const part of ["Where its time goes", "Could take about", "p99.9", "has come to", "late", "from parse", "to with machine"]) assert.ok(text.includes(part), part);
  await panel.getByRole("button", { name: "Look" }).first().click();
  await panel.locator(".tap code", { hasText: "vibration" }).first().waitFor();
  await assertNoNonsense(page);
  await panel.getByRole("button", { name: "Stop looking" }).click();
  await panel.locator(".tap").waitFor({ state: "detached" });
});

test("what is not known is called so, everywhere", async () => {
  await mock.direct("unknown");
  const page = await open();
  await card(page, "parse").getByText("no data").first().waitFor({ timeout: 5_000 });
  assert.match(await page.locator(".key-figures").innerText(), /latency p99\s+no data/);
  for (let vertex = 0; vertex < 10; vertex += 1) {
    await page.locator(`[data-vertex="${vertex}"]`).click();
    await page.locator(".panel h2").waitFor();
    await assertNoNonsense(page);
  }
});

test("explanations open where they are asked for", async () => {
  const page = await open();
  await page.locator(".graph .question").click();
  await page.getByText("Events flow along the lines").waitFor();
  await page.locator(".graph .question").click();
  await page.getByText("Events flow along the lines").waitFor({ state: "hidden" });
});

test("the window view shows panes that open and close, and counts late events", async () => {
  await mock.direct("late");
  const page = await open();
  await page.locator(".windows").getByRole("button", { name: "Look" }).click();
  await page.locator('.panes li[data-state="closed"]').first().waitFor({ timeout: 20_000 });
  await page.locator('.panes li[data-state="open"]').first().waitFor();
  await page.locator(".pane-late").first().waitFor({ timeout: 20_000 });
  const panes = page.locator(".window-view select");
  assert.equal(await panes.inputValue(), "own");
  await page.getByText("Every 30 s a window of rolling statistics begins that is 1 min long").waitFor();
  await picture(page, "windows", true);
  await panes.selectOption("120000");
  await page.getByText("rolling statistics has others: sliding 1min by 30s.").waitFor();
  await page.locator('.panes li[data-state="open"]').first().waitFor();
  await assertNoNonsense(page);
});

test("checkpoints are a strip and one of them task by task, stragglers first", async () => {
  const page = await open();
  await page.locator('.strip [data-status="complete"]').first().waitFor({ timeout: 9_000 });
  await page.locator(".gantt li").first().waitFor();
  const first = await page.locator(".gantt li").first().innerText();
  assert.match(first, /with machine, wear watch 2/);
  await page.getByRole("button", { name: "All 14 tasks" }).click();
  assert.equal(await page.locator(".gantt li").count(), 14);
  await page.getByRole("button", { name: "Savepoint" }).click();
  await page.getByText("a savepoint is taken").waitFor();
  await page.locator('.strip [data-kind="savepoint"][data-status="complete"]').waitFor();
  await mock.direct("failing_checkpoints");
  await page.locator('.strip [data-status="failed"]').first().waitFor({ timeout: 9_000 });
  await headline(page, "Checkpoints fail: no space left");
});

test("a job that begins again is followed, and its failure is told", async () => {
  const page = await open();
  await mock.direct("restarting");
  await headline(page, "The job begins again");
  await mock.direct("healthy");
  await headline(page, "The job keeps up");
  assert.match(await page.locator(".key-figures").innerText(), /restarts\s+1/);
  await page.locator(".log").getByText("the divisor is zero: the job began again").waitFor();
});

test("a killed process is noticed within seconds, and its successor is shown without a hand", async () => {
  const page = await open();
  await mock.stop();
  await headline(page, "plant_watch has not answered for");
  assert.equal(await page.locator(".connection").innerText(), "no connection");
  await assertNoNonsense(page);
  mock = await startMock(port, "--scene", "slow_sink");
  await headline(page, "alerts is the bottleneck");
  assert.equal(await page.locator(".connection").innerText(), "live");
});

test("the end of a job is told with its reason, and stays when the process is gone", async () => {
  const page = await open();
  await mock.direct("failed");
  await headline(page, "The job has failed");
  await headline(page, "wear watch instance 2: the divisor is zero");
  assert.equal(await page.getByRole("button", { name: "Cancel" }).count(), 0);
  await mock.stop();
  await page.waitForTimeout(3_000);
  await headline(page, "The job has failed");
  await assertNoNonsense(page);
  mock = await startMock(port, "--scene", "healthy");
  await headline(page, "The job keeps up");
});

test("what breaks the job is a button, which says what to watch and undoes it", async () => {
  const page = await open();
  const row = page.locator(".experiments");
  await row.getByText("Press one").waitFor();
  const frame = await frameOf(page);
  await row.getByRole("button", { name: "Slow the sink" }).click();
  await headline(page, "alerts is the bottleneck");
  await row.getByText("back-pressure").waitFor();
  await row.getByText("under way").waitFor();
  assert.deepEqual(await frameOf(page), frame);
  await row.getByRole("button", { name: "Undo: Slow the sink" }).click();
  await headline(page, "The job keeps up");
  await row.locator(".experiment-state", { hasText: "undone" }).waitFor();
  await row.getByRole("button", { name: "Crash an operator" }).click();
  await headline(page, "The job begins again");
  await row.getByText("done once").waitFor();
  await headline(page, "The job keeps up");
  await row.locator(".experiment-watch").getByText("last checkpoint").waitFor();
  await row.getByRole("button", { name: "Slow the sink" }).click();
  await row.locator(".experiment-watch").getByText("wear watch").click();
  await page.locator(".panel h2", { hasText: "wear watch" }).waitFor();
  await picture(page, "experiments");
});

test("an experiment that is refused says why", async () => {
  const page = await open();
  const refusal = { status: 409, contentType: "application/json", body: JSON.stringify({ error: "'Slow the sink' is under way already" }) };
  await page.route("**/experiments/0/begin", (route) => route.fulfill(refusal));
  await page.locator(".experiments").getByRole("button", { name: "Slow the sink" }).click();
  await page.locator(".experiments").getByText("Refused: 'Slow the sink' is under way already").waitFor();
  opened.problems.length = 0; // the browser itself complains about the refusal
});

test("late and bad events are shown with their times and the reason", async () => {
  await mock.direct("late");
  const page = await open();
  await card(page, "rolling statistics").click();
  const samples = page.locator(".refused li");
  await samples.first().waitFor({ timeout: 8_000 });
  assert.equal(await samples.count(), 10);
  assert.match(await samples.first().innerText(), /late.*too late.*30.min behind the watermark.*"machine":0/s);
  await samples.first().scrollIntoViewIfNeeded();
  await picture(page, "refused");
  await card(page, "parse").click();
  await page.locator(".refused li", { hasText: "expected a number" }).first().waitFor();
  await assertNoNonsense(page);
});

test("ending a job is asked twice", async () => {
  const page = await open();
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  const dialog = page.locator("dialog");
  await dialog.getByText("open windows give their results").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await headline(page, "The job keeps up");
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await dialog.getByRole("button", { name: "Stop the job" }).click();
  await headline(page, "The job has finished");
});

test("a console with a token is opened with it, and keeps it out of the address", async () => {
  await mock.stop();
  mock = await startMock(port, "--scene", "healthy", "--token", "secret");
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(mock.url);
  await headline(page, "This console wants a token");
  assert.equal(await page.locator(".vertex-card").count(), 0);
  await page.goto(`${mock.url}#token=secret`);
  await headline(page, "The job keeps up");
  assert.ok(!page.url().includes("secret"));
  await page.reload();
  await headline(page, "The job keeps up");
  await page.getByRole("button", { name: "Savepoint" }).click();
  await page.getByText("a savepoint is taken").waitFor();
  await context.close();
});

test("colours follow the system, or the switch", async () => {
  const page = await open({ scheme: "dark" });
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const dark = await ground();
  await page.getByRole("button", { name: /^Colours/ }).click();
  const light = await ground();
  assert.notEqual(light, dark);
  await page.reload();
  await page.locator(".vertex-card").first().waitFor();
  assert.equal(await ground(), light);
});

test("a phone shows all of it without scrolling sideways", async () => {
  await mock.direct("slow_watch");
  const page = await open({ width: 390, height: 844 });
  await headline(page, "is the bottleneck");
  await assertNoSidewaysScroll(page);
  for (const box of await page.locator(".vertex-card").all()) {
    const { x, width } = await box.boundingBox();
    assert.ok(x >= 0 && x + width <= 390, `a card from ${x} to ${x + width}`);
  }
  await card(page, "wear watch").click();
  await page.locator(".panel").waitFor();
  await assertNoSidewaysScroll(page);
  await picture(page, "phone-vertex");
  await page.getByRole("button", { name: "Close (Escape)" }).click();
  await picture(page, "phone", true);
});

for (const scheme of ["light", "dark"]) {
  test(`pictures in ${scheme}`, async () => {
    await mock.direct("slow_watch");
    const page = await open({ scheme });
    await headline(page, "is the bottleneck");
    await page.waitForTimeout(6_000);
    await picture(page, `${scheme}`);
    await card(page, "wear watch").click();
    await picture(page, `${scheme}-vertex`);
    await page.keyboard.press("Escape");
    await mock.direct("late");
    await page.locator(".windows").getByRole("button", { name: "Look" }).click();
    await page.waitForTimeout(14_000);
    await picture(page, `${scheme}-whole`, true);
  });
}
