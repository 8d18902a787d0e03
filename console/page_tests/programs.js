// Programs of the project as the page tests run them: with a console of their own, killed at the end.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Where the programs are; undefined: their tests are left out. */
export const programs = process.env.PROGRAMS;
export const options = { skip: programs === undefined && "no PROGRAMS are given" };
export const examples = fileURLToPath(new URL("../../examples/", import.meta.url));

/** Starts a program; resolves to the address of its console. `console_at`: where that is to be. */
export async function start(name, args, consoleAt = "127.0.0.1:0") {
  const child = spawn(`${programs}/${name}`, [...args, "--console", consoleAt], { stdio: ["pipe", "ignore", "pipe"] });
  const ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve(signal ?? code)));
  let said = "";
  const url = await new Promise((resolve, reject) => {
    child.stderr.on("data", (data) => {
      said += data;
      const found = /^console: (http\S+)/m.exec(said);
      if (found !== null) resolve(found[1]);
    });
    child.once("exit", (code) => reject(new Error(`${name} ended with ${code}: ${said}`)));
  });
  return { url, ended, said: () => said, stop: () => (child.kill("SIGKILL"), ended) };
}

/** The job at a console, which is open a moment before its job is there. */
export async function jobAt(url, headers = {}) {
  for (;;) {
    const { jobs: [job] } = await (await fetch(new URL("/api/v1/jobs", url), { headers })).json();
    if (job !== undefined) return job;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
