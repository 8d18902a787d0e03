// A sentence in which the names of vertices lead to them.
import type { Graph } from "../api/types";
import { sentenceParts } from "../text/sentence_parts";

interface VertexTextProps {
  text: string;
  graph: Graph | null;
  /** The vertex to be accented. */
  cause?: number | null;
  onSelect: (vertex: number) => void;
}

export function VertexText({ text, graph, cause, onSelect }: VertexTextProps) {
  const names = graph?.vertices.map((vertex) => vertex.name) ?? [];
  return (
    <>
      {sentenceParts(text, names).map(({ text: part, vertex }, index) =>
        vertex === null ? (
          part
        ) : (
          <button key={index} class="vertex-link" data-cause={vertex === cause} onClick={() => onSelect(vertex)}>
            {part}
          </button>
        ),
      )}
    </>
  );
}
