// What the page tests share: a real Chromium, a server to look at, and what must be true of every picture of the page.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
export const pictures = here("../screenshots/");

const browsers = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export async function launch() {
  const executablePath = browsers.find((path) => path !== undefined && existsSync(path));
  assert.ok(executablePath, "no Chromium here: install the package 'chromium', or set CHROMIUM to its path");
  mkdirSync(pictures, { recursive: true });
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

/** What the browser says when the server is killed, which depends on what the connection did at that moment. */
const brokenConnection = /net::ERR_(CONNECTION_(REFUSED|RESET|CLOSED|ABORTED)|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING|SOCKET_NOT_CONNECTED)/;

/** A page that fails its test when anything goes wrong in it, a violated content policy included. */
export async function openPage(browser, url, { width = 1440, height = 900, scheme = "light" } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, locale: "en-GB" });
  const page = await context.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !brokenConnection.test(message.text())) problems.push(message.text());
  });
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) problems.push(`asked a stranger: ${request.url()}`);
  });
  await page.goto(url);
  await page.locator(".vertex-card").first().waitFor();
  return { page, problems, close: () => context.close() };
}

/** Starts the mock; `stop` ends it as a crash would. */
export async function startMock(port, ...options) {
  const child = spawn(process.execPath, [here("../mock/server.js"), "--port", String(port), ...options], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((resolve, reject) => {
    child.stdout.once("data", resolve);
    child.once("exit", (code) => reject(new Error(`the mock ended with ${code}`)));
  });
  const url = `http://127.0.0.1:${port}/`;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  return {
    url,
    direct: (scene) => fetch(`${url}mock/scene`, { method: "POST", body: JSON.stringify({ scene }) }),
    stop: () => (child.kill("SIGKILL"), ended),
  };
}

/**
 * No text of the page, tooltips and labels included, may show what a program says when it does not know. Events (in `code`) are
 * the job's own: a field of theirs may well be null.
 */
export async function assertNoNonsense(page) {
  const nonsense = await page.evaluate(() => {
    const texts = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      if (walker.currentNode.parentElement.closest("code") === null) texts.push(walker.currentNode.data);
    }
    for (const element of document.querySelectorAll("[title], [aria-label], [style]")) {
      texts.push(element.title, element.getAttribute("aria-label") ?? "", element.getAttribute("style") ?? "");
    }
    return texts.filter((text) => /\b(NaN|undefined|null|Infinity)\b|\[object/.test(text ?? ""));
  });
  assert.deepEqual(nonsense, []);
}

export async function assertNoSidewaysScroll(page) {
  const { scroll, client } = await page.evaluate(() => ({ scroll: document.documentElement.scrollWidth, client: document.documentElement.clientWidth }));
  assert.ok(scroll <= client, `the page is ${scroll} wide in a window of ${client}`);
}

/** Places and sizes of everything that numbers must not move. */
export const frameOf = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll(".headline, .key-figures > div, .vertex-card, .edge-label, main > section, .chart")].map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return [element.className, Math.round(x), Math.round(y), Math.round(width), Math.round(height)].join(" ");
    }),
  );

export async function picture(page, name, fullPage = false) {
  await page.screenshot({ path: `${pictures}${name}.png`, fullPage });
}
