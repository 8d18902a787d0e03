// The tail of the log, asked for line by line while it grows, and the failures of the job.
import { useEffect, useState } from "preact/hooks";
import { get, jobPath } from "../api/client";
import type { ExceptionList, Job, Log } from "../api/types";

export type LogLine = Log["lines"][number];
export type Failure = ExceptionList["exceptions"][number];

const askEveryMs = 2_000;
const keptLines = 1_000;

export function useLog(job: Job | null, live: boolean): LogLine[] {
  const [lines, setLines] = useState<LogLine[]>([]);
  useEffect(() => {
    setLines([]);
    if (job === null) return;
    const asking = new AbortController();
    let after = 0;
    const ask = async () => {
      const { lines: more } = await get<Log>(jobPath(job.id, `/log?after=${after}`), asking.signal);
      const fresh = more.filter((line) => line.sequence > after);
      if (fresh.length === 0) return;
      after = fresh[fresh.length - 1]!.sequence;
      setLines((before) => [...before, ...fresh].slice(-keptLines));
    };
    return repeat(ask, live, asking);
  }, [job?.id, job?.started_ms, live]);
  return lines;
}

/** Asked for whenever the number of restarts or the state has changed. */
export function useFailures(job: Job | null): Failure[] {
  const [failures, setFailures] = useState<Failure[]>([]);
  useEffect(() => {
    if (job === null) return;
    const asking = new AbortController();
    get<ExceptionList>(jobPath(job.id, "/exceptions"), asking.signal).then(
      (list) => setFailures(list.exceptions),
      () => undefined,
    );
    return () => asking.abort();
  }, [job?.id, job?.started_ms, job?.restarts, job?.state]);
  return failures;
}

/** Now and, while the job lives, every now and then; a failed attempt is made again with the next. */
function repeat(ask: () => Promise<void>, live: boolean, asking: AbortController): () => void {
  const attempt = () => ask().catch(() => undefined);
  void attempt();
  const timer = live ? setInterval(attempt, askEveryMs) : undefined;
  return () => {
    clearInterval(timer);
    asking.abort();
  };
}
