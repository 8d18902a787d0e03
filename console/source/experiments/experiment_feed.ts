// The experiments of a job. Somebody else may begin one too, from a terminal, so they are asked for again and again.
import { useEffect, useState } from "preact/hooks";
import { get, jobPath } from "../api/client";
import type { Experiment, ExperimentList, Job } from "../api/types";

const askEveryMs = 2_000;

export interface Experiments {
  list: Experiment[];
  /** Asks at once. */
  ask: () => void;
}

export function useExperiments(job: Job | null, live: boolean): Experiments {
  const [list, setList] = useState<Experiment[]>([]);
  const [asked, setAsked] = useState(0);
  const some = list.length > 0;
  useEffect(() => setList([]), [job?.id, job?.started_ms]);
  useEffect(() => {
    if (job === null || !live) return;
    const asking = new AbortController();
    const ask = () =>
      get<ExperimentList>(jobPath(job.id, "/experiments"), asking.signal).then(
        ({ experiments }) => setList(experiments),
        () => undefined,
      );
    void ask();
    // A job that has none gets none.
    const timer = some ? setInterval(ask, askEveryMs) : undefined;
    return () => {
      clearInterval(timer);
      asking.abort();
    };
  }, [job?.id, job?.started_ms, live, some, asked]);
  return { list, ask: () => setAsked((before) => before + 1) };
}
