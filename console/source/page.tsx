import { useEffect, useRef, useState } from "preact/hooks";
import { JobCharts } from "./charts/job_charts";
import { CheckpointSection } from "./checkpoints/checkpoint_section";
import { ExperimentSection } from "./experiments/experiment_section";
import { emptyView, Feed } from "./feed/feed";
import { GraphView } from "./graph/graph_view";
import { HeadlineSection } from "./headline/headline_section";
import { KeyFigures } from "./headline/key_figures";
import { useFailures, useLog } from "./log/log_feed";
import { LogSection } from "./log/log_section";
import { PageHeader } from "./page_header";
import { VertexPanel } from "./vertex/vertex_panel";
import { WindowSection } from "./windows/window_section";

export function Page() {
  const [view, setView] = useState(emptyView);
  const [feed] = useState(() => new Feed(setView));
  const [selected, setSelected] = useState<number | null>(null);
  const now = useNow();
  const page = useRef<HTMLDivElement>(null);
  const { connection, job, graph, metrics, columns } = view;
  const log = useLog(job, connection.kind !== "ended");
  const failures = useFailures(job);

  useEffect(() => {
    feed.start();
    return () => feed.stop();
  }, []);
  useEffect(() => setSelected(null), [job?.id]);
  useEffect(() => {
    if (selected === null) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || document.querySelector("dialog[open]") !== null) return;
      setSelected(null);
      page.current!.querySelector<HTMLElement>(`[data-vertex="${selected}"]`)?.focus();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [selected]);

  return (
    <div class="page" ref={page} data-connection={connection.kind}>
      <PageHeader view={view} now={now} onChooseJob={(id) => feed.choose(id)} />
      <main>
        <HeadlineSection view={view} now={now} onSelect={setSelected} />
        <KeyFigures view={view} />
        {job !== null && graph !== null && (
          <>
            <ExperimentSection key={`experiments-${job.id}`} job={job} graph={graph} live={connection.kind === "live"} onSelect={setSelected} />
            <div class="columns">
              <GraphView key={job.id} graph={graph} metrics={metrics} live={connection.kind === "live"} selected={selected} onSelect={setSelected} />
              <aside>
                {selected !== null && metrics !== null && graph.vertices[selected] !== undefined ? (
                  <VertexPanel {...{ job, graph, metrics, columns, log }} vertex={selected} onSelect={setSelected} />
                ) : (
                  <JobCharts columns={columns} />
                )}
              </aside>
            </div>
            <WindowSection key={`windows-${job.id}`} job={job} graph={graph} metrics={metrics} live={connection.kind === "live"} />
            <CheckpointSection key={`checkpoints-${job.id}`} job={job} graph={graph} metrics={metrics} />
            <LogSection lines={log} failures={failures} />
          </>
        )}
      </main>
      <footer>
        Streamwork {view.version}. Event times are UTC. The same is told by <code>streamwork top</code>.
      </footer>
    </div>
  );
}

/** The time, once a second. */
function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
