// Where the vertices and edges of a job stand on the page. Drawn once: sizes do not depend on numbers that change.
import dagre from "@dagrejs/dagre";
import type { Graph } from "../api/types";

export interface Point {
  x: number;
  y: number;
}

export interface Placed {
  /** Upper left corner. */
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface PlacedEdge {
  id: number;
  /** Of the line, on which its label stands; "c": on both. */
  side: Side;
  points: Point[];
  label: Placed;
}

export interface Layout {
  direction: Direction;
  width: number;
  height: number;
  vertices: Placed[];
  edges: PlacedEdge[];
}

export type Direction = "LR" | "TB";

// On a phone two cards stand side by side; names and shares may take two lines.
const wideCard = { width: 222, height: 88 };
const narrowCard = { width: 160, height: 122 };
// A label stands above and below a line that goes to the right, and beside a line that goes down: it never hides a queue.
const labelSizes = {
  LR: { queue: { width: 104, height: 46 }, inTask: { width: 70, height: 46 } },
  TB: { queue: { width: 104, height: 30 }, inTask: { width: 70, height: 16 } },
};
const besideLine = 12;
const margin = 12;

type Side = "l" | "r" | "c";

export function layoutOf(graph: Graph, direction: Direction, card = wideCard): Layout {
  if (direction === "LR") return draw(graph, direction, card, () => "c");
  // A label beside a line that bends stands on its outer side, which is known when the line has been drawn once.
  const first = draw(graph, direction, card, () => "r");
  return draw(graph, direction, card, (edge) => outerSide(first.edges[edge]!.points));
}

function draw(graph: Graph, direction: Direction, card: typeof wideCard, sideOf: (edge: number) => Side): Layout {
  const drawing = new dagre.graphlib.Graph({ multigraph: true });
  drawing.setGraph({ rankdir: direction, nodesep: card.width / 8, ranksep: 16, edgesep: 18, marginx: margin, marginy: margin });
  for (const vertex of graph.vertices) drawing.setNode(String(vertex.id), { ...card });
  for (const edge of graph.edges) {
    const label = labelSizes[direction][edge.inside_task ? "inTask" : "queue"];
    const labelpos = sideOf(edge.id);
    drawing.setEdge(String(edge.from), String(edge.to), { ...label, labelpos, labeloffset: besideLine }, String(edge.id));
  }
  dagre.layout(drawing);
  const { width = 0, height = 0 } = drawing.graph();
  return {
    direction,
    width: Math.max(width, card.width + 2 * margin),
    height: Math.max(height, card.height + 2 * margin),
    vertices: graph.vertices.map((vertex) => cornerOf(drawing.node(String(vertex.id)) as Placed)),
    edges: graph.edges.map((edge) => {
      const drawn = drawing.edge(String(edge.from), String(edge.to), String(edge.id));
      return { id: edge.id, side: sideOf(edge.id), points: drawn.points, label: cornerOf(drawn as unknown as Placed) };
    }),
  };
}

/** Where a line that goes down does not come from or lead to. */
function outerSide(points: readonly Point[]): Side {
  const first = points[0]!;
  const last = points[points.length - 1]!;
  const middle = points[Math.floor(points.length / 2)]!;
  return (first.x + last.x) / 2 > middle.x + 1 ? "l" : "r";
}

function cornerOf(centred: Placed): Placed {
  const { x, y, width, height } = centred;
  return { x: x - width / 2, y: y - height / 2, width, height };
}

/** Less than this is hard to read. */
const leastScale = 0.82;
/** A page of less than this has room for two cards only if they are narrow. */
const narrowPage = 560;

/** From left to right, as a stream is thought of, if it can be read at this width; else from top to bottom. */
export function layoutFor(graph: Graph, width: number): Layout {
  if (width < narrowPage) return layoutOf(graph, "TB", narrowCard);
  const sideways = layoutOf(graph, "LR");
  return sideways.width * leastScale <= width ? sideways : layoutOf(graph, "TB");
}

/** How much smaller the drawing must be to fit; what does not fit at the least scale scrolls. */
export function scaleFor(layout: Layout, width: number): number {
  return Math.max(leastScale, Math.min(1, width / layout.width));
}

/** A smooth line through the points, as a path of SVG: straight between the middles, round at the bends. */
export function pathOf(points: readonly Point[]): string {
  const first = points[0];
  const last = points[points.length - 1];
  if (first === undefined || last === undefined) return "";
  const bends = points.slice(1, -1).map((bend, index) => {
    const next = points[index + 2]!;
    return `Q${at(bend)} ${at(middle(bend, next))}`;
  });
  const begin = points.length > 2 ? `L${at(middle(first, points[1]!))}` : "";
  return `M${at(first)}${begin}${bends.join("")}L${at(last)}`;
}

const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
const at = (point: Point) => `${point.x.toFixed(1)},${point.y.toFixed(1)}`;
