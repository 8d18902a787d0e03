import type { View } from "../feed/feed";
import { useEffect, useState } from "preact/hooks";
import { headlineOf, capital } from "./headline";
import { VertexText } from "./vertex_text";

interface HeadlineProps {
  view: View;
  now: number;
  onSelect: (vertex: number) => void;
}

export function HeadlineSection({ view, now, onSelect }: HeadlineProps) {
  const { label, text, detail, alarming } = headlineOf(view, now);
  useEffect(() => {
    document.title = view.job === null ? "Streamwork" : `${view.job.name}: ${label}`;
  }, [view.job?.name, label]);
  return (
    <section class="headline" data-alarming={alarming}>
      <p class="headline-label" role="status">
        {label}
      </p>
      <h1>
        <VertexText text={text} graph={view.graph} cause={alarming ? (view.metrics?.sentence.vertex ?? null) : null} onSelect={onSelect} />
      </h1>
      {detail === undefined ? <OtherProblems view={view} onSelect={onSelect} /> : <p class="other-problems">{detail}</p>}
    </section>
  );
}

/** Its first line is there also when it is empty, so that nothing below moves when a problem comes up. */
function OtherProblems({ view, onSelect }: Omit<HeadlineProps, "now">) {
  const [all, setAll] = useState(false);
  const others = view.metrics?.problems.slice(1) ?? [];
  const shown = all ? others : others.slice(0, 1);
  return (
    <ul class="other-problems">
      {shown.map((problem, index) => (
        <li key={index}>
          Also: <VertexText text={capital(problem.text)} graph={view.graph} onSelect={onSelect} />
        </li>
      ))}
      {others.length > 1 && (
        <li>
          <button class="plain" onClick={() => setAll(!all)}>
            {all ? "fewer" : `${others.length - 1} more`}
          </button>
        </li>
      )}
    </ul>
  );
}
