// Follows one job: finds it, gets its graph, reads its looks, and begins again whenever the connection is lost.
import { get, jobPath, Refusal, stream } from "../api/client";
import type { Graph, History, Job, JobList, Metrics } from "../api/types";
import { columnsOf, emptyColumns, withLook, type Columns } from "./history";

/** How the page stands to the server. */
export type Connection =
  | { kind: "connecting" }
  | { kind: "live" }
  | { kind: "lost"; since: number; reason: string }
  | { kind: "refused"; reason: string }
  | { kind: "ended" };

export interface View {
  connection: Connection;
  /** Of the library; empty before the first answer. */
  version: string;
  jobs: Job[];
  job: Job | null;
  graph: Graph | null;
  metrics: Metrics | null;
  columns: Columns;
}

export const emptyView: View = {
  connection: { kind: "connecting" },
  version: "",
  jobs: [],
  job: null,
  graph: null,
  metrics: null,
  columns: emptyColumns(0),
};

const retryMs = 1_500;
/** How often a page that shows an ended job looks whether a new one has begun. */
const lookForNextMs = 2_000;

const hasEnded = (job: Job) => job.ended_ms !== null;
const sameRun = (a: Job, b: Job) => a.id === b.id && a.process_id === b.process_id && a.started_ms === b.started_ms;

export class Feed {
  private view = emptyView;
  private wanted: string | null = null;
  private current = new AbortController();
  private stopped = false;

  constructor(private readonly onChange: (view: View) => void) {}

  start() {
    void this.follow();
  }

  stop() {
    this.stopped = true;
    this.current.abort();
  }

  /** Shows another job of this process. */
  choose(job: string) {
    this.wanted = job;
    this.current.abort();
  }

  private change(part: Partial<View>) {
    this.view = { ...this.view, ...part };
    this.onChange(this.view);
  }

  private async follow() {
    while (!this.stopped) {
      this.current = new AbortController();
      const { signal } = this.current;
      try {
        await this.followOnce(signal);
      } catch (error) {
        if (!signal.aborted) await this.afterFailure(error);
      }
    }
  }

  private async afterFailure(error: unknown) {
    const { connection } = this.view;
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof Refusal && (error.status === 401 || error.status === 403)) this.change({ connection: { kind: "refused", reason } });
    else if (connection.kind !== "ended") {
      this.change({ connection: { kind: "lost", since: connection.kind === "lost" ? connection.since : Date.now(), reason } });
    }
    await pause(connection.kind === "ended" ? lookForNextMs : retryMs, this.current.signal);
  }

  /** Until the stream breaks (throws) or the job has ended and another one is there. */
  private async followOnce(signal: AbortSignal) {
    const { version, jobs } = await get<JobList>("/api/v1/jobs", signal);
    const job = jobs.find((it) => it.id === this.wanted) ?? jobs.find((it) => !hasEnded(it)) ?? jobs[0];
    this.change({ version, jobs });
    if (job === undefined) throw new Error("the process has no job");
    const shown = this.view.job;
    if (shown !== null && sameRun(shown, job) && this.view.connection.kind === "ended") {
      await pause(lookForNextMs, signal);
      return;
    }
    await this.begin(job, signal);
    await stream(jobPath(job.id, "/metrics/stream"), signal, (event) => this.take(event.name, event.data, signal));
    // The job's end is told by its own event; a stream that ends without it has broken.
    if (this.view.connection.kind !== "ended") throw new Error("the process closed the connection");
  }

  private async begin(job: Job, signal: AbortSignal) {
    const [graph, history, metrics] = await Promise.all([
      get<Graph>(jobPath(job.id, "/graph"), signal),
      get<History>(jobPath(job.id, "/history"), signal),
      get<Metrics>(jobPath(job.id, "/metrics"), signal),
    ]);
    const columns = withLook(columnsOf(history), metrics, graph);
    this.wanted = job.id;
    this.change({ job, graph, metrics, columns, connection: { kind: hasEnded(job) ? "ended" : "live" } });
  }

  private take(name: string, data: string, signal: AbortSignal) {
    // If what it asks for cannot be had, the stream breaks too, and that is told.
    if (name === "metrics") this.takeLook(JSON.parse(data) as Metrics, signal).catch(() => undefined);
    if (name === "end") this.change({ job: JSON.parse(data) as Job, connection: { kind: "ended" } });
  }

  private async takeLook(metrics: Metrics, signal: AbortSignal) {
    const { job, graph } = this.view;
    if (job === null || graph === null) return;
    if (metrics.revision === graph.revision && metrics.state === job.state) {
      this.change({ metrics, columns: withLook(this.view.columns, metrics, graph) });
      return;
    }
    // The tasks were started anew, or the state has changed: what the job is must be asked again.
    const [newJob, newGraph] = await Promise.all([get<Job>(jobPath(job.id), signal), get<Graph>(jobPath(job.id, "/graph"), signal)]);
    if (this.view.connection.kind === "ended") return;
    this.change({ job: newJob, graph: newGraph, metrics, columns: withLook(this.view.columns, metrics, newGraph) });
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
