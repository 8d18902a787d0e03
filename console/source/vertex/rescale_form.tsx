// How many instances of a vertex there are, to be changed while the job runs.
import { useEffect, useState } from "preact/hooks";
import { jobPath, post } from "../api/client";
import type { Graph, Job } from "../api/types";

interface RescaleFormProps {
  job: Job;
  graph: Graph;
  vertex: number;
}

export function RescaleForm({ job, graph, vertex }: RescaleFormProps) {
  const { name, parallelism } = graph.vertices[vertex]!;
  const [wanted, setWanted] = useState(parallelism);
  const [answer, setAnswer] = useState("");
  useEffect(() => setWanted(parallelism), [parallelism]);
  if (!job.controls.includes("rescale")) return null;

  const others = companionsOf(graph, vertex);
  const rescale = (event: Event) => {
    event.preventDefault();
    setAnswer("…");
    post(jobPath(job.id, "/rescale"), { vertices: [{ vertex: name, parallelism: wanted }] }).then(
      () => setAnswer(""),
      (error: unknown) => setAnswer(`Refused: ${error instanceof Error ? error.message : String(error)}`),
    );
  };
  return (
    <form class="rescale" onSubmit={rescale}>
      <label>
        Go on with{" "}
        <input type="number" min={1} max={1024} required value={wanted} onInput={(event) => setWanted(event.currentTarget.valueAsNumber)} />{" "}
        {others.length === 0 ? "of them" : `of them, and of ${others.join(", ")}`}
      </label>{" "}
      <button class="small" disabled={wanted === parallelism || !(wanted >= 1)}>
        Rescale
      </button>
      <span class="note" role="status">
        {answer}
      </span>
    </form>
  );
}

/** The other vertices of its chain, which have as many instances. */
export function companionsOf(graph: Graph, vertex: number): string[] {
  const { chain } = graph.vertices[vertex]!;
  return graph.vertices.filter((other) => other.chain === chain && other.id !== vertex).map(({ name }) => name);
}
