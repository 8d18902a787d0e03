import { useState } from "preact/hooks";
import type { Checkpoint, Graph, Job, Metrics } from "../api/types";
import { Heading } from "../parts/explain";
import { bytes, counted, noData } from "../text/numbers";
import { duration, wallClock } from "../text/times";
import { useCheckpoints } from "./checkpoint_feed";
import { Gantt } from "./gantt";
import { Strip } from "./strip";

interface CheckpointSectionProps {
  job: Job;
  graph: Graph;
  metrics: Metrics | null;
}

export function CheckpointSection({ job, graph, metrics }: CheckpointSectionProps) {
  const checkpoints = useCheckpoints(job, metrics);
  const [chosen, setChosen] = useState<number | null>(null);
  const shown = checkpoints.find((it) => it.begun_ms === chosen) ?? newestWithTasks(checkpoints);
  const aside = job.checkpoints === null ? undefined : `every ${duration(job.checkpoints.interval_ms)}, ${job.checkpoints.directory === ":memory:" ? "in memory" : `into ${job.checkpoints.directory}`}`;
  return (
    <section class="checkpoints" aria-label="Checkpoints">
      <Heading level={2} term="checkpoint" aside={aside}>
        Checkpoints
      </Heading>
      {job.checkpoints === null ? (
        <p class="note">
          This job takes no checkpoints: after a failure it begins from the start. Give it a directory with <code>--checkpoint-dir PATH</code>.
        </p>
      ) : (
        <>
          <Strip checkpoints={checkpoints} shown={shown} onChoose={setChosen} />
          <p class="checkpoint-words">{shown === undefined ? noData : wordsOf(shown)}</p>
          {shown !== undefined && shown.tasks.length > 0 && <Gantt checkpoint={shown} graph={graph} />}
        </>
      )}
    </section>
  );
}

/** A fresh one without tasks would make the chart flicker. */
function newestWithTasks(checkpoints: Checkpoint[]): Checkpoint | undefined {
  return [...checkpoints].reverse().find((it) => it.tasks.length > 0 && it.status !== "under_way") ?? checkpoints[checkpoints.length - 1];
}

const statusWords = { under_way: "is being taken", complete: "complete", failed: "failed" };

export function wordsOf(checkpoint: Checkpoint): string {
  const name = checkpoint.number === null ? checkpoint.kind : `${checkpoint.kind} ${checkpoint.number}`;
  const why = checkpoint.failure === null ? "" : ` (${checkpoint.failure})`;
  const parts = [`${name} ${statusWords[checkpoint.status]}${why}`, `begun ${wallClock(checkpoint.begun_ms)}`, duration(checkpoint.duration_ms)];
  if (checkpoint.status === "complete") parts.push(bytes(checkpoint.bytes), counted(checkpoint.tasks.length, "task"));
  return parts.join(" · ");
}
