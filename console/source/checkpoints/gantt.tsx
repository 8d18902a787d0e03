import { useState } from "preact/hooks";
import type { Checkpoint, CheckpointTask, Graph } from "../api/types";
import { Heading } from "../parts/explain";
import { bytes } from "../text/numbers";
import { microseconds } from "../text/times";
import { lengthOf, slowestFirst, stretchesOf, stretchNames } from "./stretches";

const shownAtFirst = 8;

export function Gantt({ checkpoint, graph }: { checkpoint: Checkpoint; graph: Graph }) {
  const [all, setAll] = useState(false);
  const tasks = slowestFirst(checkpoint.tasks);
  const longest = Math.max(1, ...tasks.map(lengthOf));
  const shown = all ? tasks : tasks.slice(0, shownAtFirst);
  return (
    <div class="gantt">
      <Heading
        level={3}
        term="gantt"
        aside={
          <span class="legend">
            {stretchNames.map((name) => (
              <span key={name}>
                <i class={`swatch stretch-${name}`} aria-hidden="true" /> {name}
              </span>
            ))}
          </span>
        }
      >
        Task by task
      </Heading>
      <ol>
        {shown.map((task) => (
          <GanttRow key={`${task.chain}-${task.instance}`} task={task} graph={graph} longest={longest} />
        ))}
      </ol>
      {tasks.length > shownAtFirst && (
        <button class="small" onClick={() => setAll(!all)}>
          {all ? `The slowest ${shownAtFirst}` : `All ${tasks.length} tasks`}
        </button>
      )}
    </div>
  );
}

function GanttRow({ task, graph, longest }: { task: CheckpointTask; graph: Graph; longest: number }) {
  const share = (us: number) => `${(us / longest) * 100}%`;
  const stretches = stretchesOf(task);
  const words = stretches.map(({ name, lengthUs }) => `${name} ${microseconds(lengthUs)}`).join(", ");
  return (
    <li title={words}>
      <span class="gantt-name">
        {task.vertices.map((vertex) => graph.vertices[vertex]?.name).join(", ")} <span class="gantt-instance">{task.instance}</span>
      </span>
      <span class="gantt-line" role="img" aria-label={words}>
        {stretches.map(({ name, beginUs, lengthUs }) => (
          <span key={name} class={`stretch-${name}`} style={{ left: share(beginUs), width: share(lengthUs) }} />
        ))}
      </span>
      <span class="gantt-length">{microseconds(lengthOf(task))}</span>
      <span class="gantt-bytes">{bytes(task.bytes)}</span>
    </li>
  );
}
