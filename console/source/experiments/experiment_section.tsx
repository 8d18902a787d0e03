// What the job lets its reader do to it: a row of buttons, what each does, and what to watch when one was pressed.
import { useState } from "preact/hooks";
import { jobPath, post } from "../api/client";
import type { Experiment, Graph, Job } from "../api/types";
import { VertexText } from "../headline/vertex_text";
import { Heading } from "../parts/explain";
import { useExperiments } from "./experiment_feed";

interface ExperimentSectionProps {
  job: Job;
  graph: Graph;
  live: boolean;
  onSelect: (vertex: number) => void;
}

export function ExperimentSection({ job, graph, live, onSelect }: ExperimentSectionProps) {
  const { list, ask } = useExperiments(job, live);
  const [pressed, setPressed] = useState<number | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  if (list.length === 0) return null;

  const press = (experiment: Experiment) => {
    setPressed(experiment.id);
    const step = experiment.under_way ? "end" : "begin";
    post(jobPath(job.id, `/experiments/${experiment.id}/${step}`), {})
      .then(
        () => setRefusal(null),
        (error: unknown) => setRefusal(error instanceof Error ? error.message : String(error)),
      )
      .finally(ask);
  };
  const watched = list.find(({ id }) => id === pressed) ?? list.find(({ under_way }) => under_way);
  return (
    <section class="experiments" aria-label="Experiments">
      <Heading level={2} term="experiment" aside="every one can be undone, or is recovered from">
        Break it
      </Heading>
      <ul class="experiment-row">
        {list.map((experiment) => (
          <li key={experiment.id} data-under-way={experiment.under_way}>
            <p class="experiment-line">
              <button class="small" aria-pressed={experiment.under_way} onClick={() => press(experiment)}>
                {experiment.under_way && "Undo: "}
                {experiment.name}
              </button>
              <span class="experiment-state">{stateOf(experiment)}</span>
            </p>
            <p class="note">
              <VertexText text={experiment.description} graph={graph} onSelect={onSelect} />
            </p>
          </li>
        ))}
      </ul>
      <p class="experiment-watch" role="status">
        {refusal !== null ? (
          `Refused: ${refusal}`
        ) : watched === undefined ? (
          "Press one: here it says what to watch."
        ) : (
          <>
            <b>Watch: </b>
            <VertexText text={watched.watch} graph={graph} onSelect={onSelect} />
          </>
        )}
      </p>
    </section>
  );
}

export function stateOf({ under_way, begun, can_be_ended }: Experiment): string {
  if (under_way) return "under way";
  if (begun === 0) return "";
  if (can_be_ended) return "undone";
  return begun === 1 ? "done once" : `done ${begun} times`;
}
