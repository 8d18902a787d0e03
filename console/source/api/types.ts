// Short names for what the API speaks of; `schema.ts` is generated from src/console/api.yaml.
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Job = Schemas["Job"];
export type JobList = Schemas["JobList"];
export type JobState = Schemas["JobState"];
export type Graph = Schemas["Graph"];
export type Vertex = Schemas["Vertex"];
export type Windows = Schemas["Windows"];
export type Edge = Schemas["Edge"];
export type Metrics = Schemas["Metrics"];
export type Sentence = Schemas["Sentence"];
export type TimeShares = Schemas["TimeShares"];
export type VertexMetrics = Schemas["VertexMetrics"];
export type InstanceMetrics = Schemas["InstanceMetrics"];
export type EdgeMetrics = Schemas["EdgeMetrics"];
export type PathLatency = Schemas["PathLatency"];
export type Checkpoint = Schemas["Checkpoint"];
export type CheckpointTask = Schemas["CheckpointTask"];
export type CheckpointList = Schemas["CheckpointList"];
export type ExceptionList = Schemas["ExceptionList"];
export type Log = Schemas["Log"];
export type Experiment = Schemas["Experiment"];
export type ExperimentList = Schemas["ExperimentList"];
export type RefusedEventList = Schemas["RefusedEventList"];
export type RefusedEvent = RefusedEventList["refused"][number];
export type History = Schemas["History"];
export type TapSample = Schemas["TapSample"];
export type Control = Job["controls"][number];
