// The last checkpoints, asked for again whenever the job's summary of them changes.
import { useEffect, useState } from "preact/hooks";
import { get, jobPath } from "../api/client";
import type { Checkpoint, CheckpointList, Job, Metrics } from "../api/types";

export function useCheckpoints(job: Job, metrics: Metrics | null): Checkpoint[] {
  const [checkpoints, setCheckpoints] = useState<Checkpoint[]>([]);
  const summary = metrics?.checkpoints;
  // While one is under way its tasks come in one after the other.
  const look = summary?.under_way == null ? 0 : metrics?.sequence;
  useEffect(() => {
    if (job.checkpoints === null) return;
    const asking = new AbortController();
    get<CheckpointList>(jobPath(job.id, "/checkpoints"), asking.signal).then(
      (list) => setCheckpoints(list.checkpoints),
      () => undefined,
    );
    return () => asking.abort();
  }, [job.id, job.started_ms, job.state, summary?.completed, summary?.failed, summary?.newest, summary?.under_way, look]);
  return checkpoints;
}
