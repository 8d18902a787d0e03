// Which part a vertex plays in what is wrong: the cause is coloured, who suffers is only named.
import type { Sentence } from "../api/types";

export interface Role {
  /** In words, on the card. */
  label: string;
  cause: boolean;
}

const causeLabels: Partial<Record<Sentence["kind"], string>> = {
  bottleneck: "bottleneck",
  outside: "waits for outside",
  calls: "waits for a service",
  watermark: "holds time back",
  late: "late events",
  failed_events: "bad events",
  dropped: "drops events",
  restart: "failed",
  checkpoint: "checkpoints fail",
};

/** By vertex. The gravest problem that names a vertex gives it its role; to be a cause outweighs to be a victim. */
export function rolesOf(problems: readonly Sentence[]): Map<number, Role> {
  const roles = new Map<number, Role>();
  for (const problem of problems) {
    const label = causeLabels[problem.kind];
    if (problem.vertex === null || label === undefined || roles.has(problem.vertex)) continue;
    const limits = problem.level === "warning" || problem.level === "bad";
    roles.set(problem.vertex, limits ? { label, cause: true } : { label: problem.kind === "bottleneck" ? "busiest" : label, cause: false });
  }
  for (const { victim } of problems) {
    if (victim !== null && !roles.has(victim)) roles.set(victim, { label: "is made to wait", cause: false });
  }
  return roles;
}
