// Requests to the console's API, with the token that came in the fragment of the page's address.
import { readEvents, type StreamEvent } from "./event_stream";

/** What the server refused, in its own words. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const tokenKey = "streamwork-token";

/** Takes the token out of the address, so that a copied address gives nothing away; it lives as long as the tab. */
export function takeTokenFromAddress() {
  const parameters = new URLSearchParams(location.hash.slice(1));
  const token = parameters.get("token");
  if (token === null) return;
  sessionStorage.setItem(tokenKey, token);
  parameters.delete("token");
  history.replaceState(null, "", `#${parameters}`);
}

function headers(): Record<string, string> {
  const token = sessionStorage.getItem(tokenKey);
  return token ? { Authorization: `Bearer ${token}` } : {};
}

async function checked(response: Response): Promise<Response> {
  if (response.ok) return response;
  const problem = (await response.json().catch(() => null)) as { error?: string } | null;
  throw new Refusal(response.status, problem?.error ?? `the server answered ${response.status}`);
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(path, { headers: headers(), cache: "no-store", signal: signal ?? null });
  return (await checked(response)).json() as Promise<T>;
}

/** Asks for a change; gives the server's sentence about what will happen. */
export async function post(path: string, body: object): Promise<string> {
  const response = await fetch(path, {
    method: "POST",
    headers: { ...headers(), "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return ((await (await checked(response)).json()) as { accepted: string }).accepted;
}

/** Reads a stream of events to its end; see `readEvents`. */
export async function stream(path: string, signal: AbortSignal, onEvent: (event: StreamEvent) => void) {
  const response = await fetch(path, { headers: headers(), cache: "no-store", signal });
  await readEvents(await checked(response), signal, onEvent);
}

export const jobPath = (job: string, rest = "") => `/api/v1/jobs/${encodeURIComponent(job)}${rest}`;
