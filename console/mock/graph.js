// The graph of the made-up job: a plant like that of examples/predictive_maintenance, with more instances.

const chains = [
  { parallelism: 2, vertices: ["readings", "parse"] },
  { parallelism: 4, vertices: ["rolling statistics"] },
  { parallelism: 1, vertices: ["machine table"] },
  { parallelism: 4, vertices: ["with machine", "wear watch"] },
  { parallelism: 2, vertices: ["first of incident", "alerts"] },
  { parallelism: 1, vertices: ["most worn", "board"] },
];
const kinds = { readings: "source", "machine table": "source", alerts: "sink", board: "sink" };
const links = [
  ["readings", "parse"],
  ["parse", "rolling statistics", "fields"],
  ["rolling statistics", "with machine", "fields"],
  ["machine table", "with machine", "fields"],
  ["with machine", "wear watch"],
  ["wear watch", "first of incident", "fields"],
  ["first of incident", "alerts"],
  ["wear watch", "most worn", "global", "wear levels"],
  ["most worn", "board"],
];

const named = chains.flatMap((chain, id) => chain.vertices.map((name) => ({ name, chain: id, parallelism: chain.parallelism })));
const seconds = 1_000;
const windows = {
  "rolling statistics": {
    text: "sliding 1min by 30s",
    step_ms: 30 * seconds,
    length_ms: 60 * seconds,
    offset_ms: 0,
    cumulative: false,
    by_wall_clock: false,
    lateness_ms: 0,
  },
};
export const vertices = named.map((it, id) => ({
  id,
  name: it.name,
  kind: kinds[it.name] ?? "operator",
  chain: it.chain,
  parallelism: it.parallelism,
  windows: windows[it.name] ?? null,
}));
export const idOf = (name) => vertices.findIndex((vertex) => vertex.name === name);
export const edges = links.map(([from, to, grouping, side], id) => ({
  id,
  from: idOf(from),
  to: idOf(to),
  side_output: side ?? null,
  grouping: grouping ?? "direct",
  inside_task: grouping === undefined,
  channels: grouping === undefined ? 0 : vertices[idOf(from)].parallelism * vertices[idOf(to)].parallelism,
  tappable: to !== "parse",
}));

export const graph = (revision) => ({
  revision,
  job: "plant_watch",
  workers: 4,
  vertices,
  edges,
  chains: chains.map((chain, id) => ({ id, parallelism: chain.parallelism, blocking: id === 5, vertices: chain.vertices.map(idOf) })),
});
