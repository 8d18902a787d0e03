// Looks at the events of one edge for as long as someone wants to.
import { useEffect, useState } from "preact/hooks";
import { jobPath, stream } from "../api/client";
import type { TapSample } from "../api/types";

/** Calls `onSample`, as it was when the look began, for each sample while `edge` is one; gives why there is none, if so. */
export function useTap(job: string, edge: number | null, onSample: (sample: TapSample) => void): string | null {
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    setProblem(null);
    if (edge === null) return;
    const looking = new AbortController();
    stream(jobPath(job, `/edges/${edge}/tap`), looking.signal, (event) => {
      if (event.name === "sample") onSample(JSON.parse(event.data) as TapSample);
    }).then(
      () => looking.signal.aborted || setProblem("nothing passes here any more"),
      (error: unknown) => looking.signal.aborted || setProblem(error instanceof Error ? error.message : String(error)),
    );
    return () => looking.abort();
  }, [job, edge]);
  return problem;
}
