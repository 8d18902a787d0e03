// A server with the console's API and a made-up job, for working on the page without building the engine:
//   node mock/server.js [--port 7100] [--scene NAME] [--token TOKEN]      without a scene it plays the story of mock/scenes.js
// A test directs it with POST /mock/scene {"scene": NAME}.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { MockJob } from "./job.js";
import { scenes } from "./scenes.js";

const { values } = parseArgs({ options: { port: { type: "string", default: "7100" }, scene: { type: "string" }, token: { type: "string" } } });
if (values.scene !== undefined && scenes[values.scene] === undefined) {
  console.error(`mock: there is no scene '${values.scene}'; there are ${Object.keys(scenes).join(", ")}`);
  process.exit(2);
}
const job = new MockJob(values.scene ?? null);
setInterval(() => job.tick(), 1000);

const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
// As src/console sends it.
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
  "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function answer(response, status, body) {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
}

function beginStream(request, response) {
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  const send = (name, data) => response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  return { send, whenClosed: (then) => request.on("close", then) };
}

function streamMetrics(request, response) {
  const { send, whenClosed } = beginStream(request, response);
  const tell = (look) => {
    send("metrics", look);
    if (job.ended === null) return;
    send("end", job.describe());
    response.end();
  };
  tell(job.look);
  if (job.ended !== null) return;
  job.listeners.add(tell);
  whenClosed(() => job.listeners.delete(tell));
}

function streamTap(request, response) {
  const { send, whenClosed } = beginStream(request, response);
  const timer = setInterval(() => {
    if (job.ended === null) return send("sample", job.sample());
    send("end", job.describe());
    response.end();
  }, 250);
  whenClosed(() => clearInterval(timer));
}

async function body(request) {
  let text = "";
  for await (const piece of request) text += piece;
  return text === "" ? {} : JSON.parse(text);
}

const reads = {
  "": () => job.describe(),
  "/graph": () => job.graph(),
  "/metrics": () => job.look,
  "/history": () => job.history(),
  "/checkpoints": () => ({ checkpoints: job.checkpoints.list }),
  "/exceptions": () => ({ exceptions: job.exceptions }),
  "/log": () => ({ lines: job.log }),
  "/experiments": () => ({ experiments: job.ended === null ? job.experiments.map(({ scene, ...told }, id) => ({ id, ...told })) : [] }),
};

async function change(path, request, response) {
  const asked = await body(request);
  if (path === "/rescale") return answer(response, 202, { accepted: "the job goes on from a last checkpoint with the new parallelism" });
  if (path === "/savepoint") {
    job.checkpoints.take(Date.now(), "savepoint", false, false);
    return answer(response, 202, { accepted: "a savepoint is taken as soon as possible" });
  }
  if (path === "/stop" || path === "/cancel") {
    job.direct("finished");
    return answer(response, 202, { accepted: asked.mode === "suspend" ? "the job is suspended" : "the job ends" });
  }
  const step = /^\/experiments\/(\d+)\/(begin|end)$/.exec(path);
  if (step !== null) {
    const problem = job.experiment(Number(step[1]), step[2]);
    if (problem !== null) return answer(response, 409, { error: problem });
    return answer(response, 202, { accepted: `it has ${step[2] === "begin" ? "begun" : "ended"}` });
  }
  answer(response, 404, { error: `there is nothing at ${path}` });
}

async function file(path, response) {
  const name = path === "/" ? "/index.html" : path;
  try {
    const content = await readFile(new URL(`../dist${name}`, import.meta.url));
    response.writeHead(200, { "Content-Type": types[name.slice(name.lastIndexOf("."))] ?? "text/plain", "Content-Security-Policy": policy });
    response.end(content);
  } catch {
    answer(response, 404, { error: `there is nothing at ${path}` });
  }
}

createServer(async (request, response) => {
  const path = new URL(request.url, "http://localhost").pathname;
  const prefix = "/api/v1/jobs";
  const rest = path.slice(`${prefix}/plant_watch`.length);
  if (path === "/mock/scene" && request.method === "POST") {
    job.direct((await body(request)).scene);
    return answer(response, 200, {});
  }
  if (path.startsWith(prefix) && values.token !== undefined && request.headers.authorization !== `Bearer ${values.token}`) {
    return answer(response, 401, { error: "this console wants a token" });
  }
  if (path === prefix) return answer(response, 200, { version: "0.5.0", jobs: [job.describe()] });
  if (!path.startsWith(`${prefix}/plant_watch`)) return file(path, response);
  if (request.method === "POST") return change(rest, request, response);
  if (rest === "/metrics/stream") return streamMetrics(request, response);
  if (/^\/edges\/\d+\/tap$/.test(rest)) return streamTap(request, response);
  const vertex = /^\/vertices\/(\d+)\/refused$/.exec(rest);
  if (vertex !== null) return answer(response, 200, { refused: job.refused(Number(vertex[1])) });
  if (reads[rest] === undefined) return answer(response, 404, { error: `there is nothing at ${path}` });
  answer(response, 200, reads[rest]());
}).listen(Number(values.port), "127.0.0.1", () => console.log(`mock: http://127.0.0.1:${values.port}`));
