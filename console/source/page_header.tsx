import type { View } from "./feed/feed";
import { Controls } from "./controls/controls";
import { counted } from "./text/numbers";
import { duration } from "./text/times";
import { ThemeSwitch } from "./theme/theme_switch";

interface PageHeaderProps {
  view: View;
  now: number;
  onChooseJob: (job: string) => void;
}

const connectionWords = { connecting: "connecting", live: "live", lost: "no connection", refused: "refused", ended: "ended" };

export function PageHeader({ view, now, onChooseJob }: PageHeaderProps) {
  const { job, jobs, connection } = view;
  return (
    <header class="page-header">
      <span class="brand">Streamwork</span>
      {jobs.length > 1 ? (
        <select class="job-choice" value={job?.id} aria-label="Job" onChange={(event) => onChooseJob(event.currentTarget.value)}>
          {jobs.map((it) => (
            <option key={it.id} value={it.id}>
              {it.name}
            </option>
          ))}
        </select>
      ) : (
        <span class="job-name">{job?.name}</span>
      )}
      <span class="connection" data-connection={connection.kind}>
        {connectionWords[connection.kind]}
      </span>
      {job !== null && <span class="job-facts">{factsOf(view, now)}</span>}
      {job !== null && connection.kind === "live" && <Controls job={job} />}
      <ThemeSwitch />
    </header>
  );
}

function factsOf({ job, connection }: View, now: number): string {
  const until = job!.ended_ms ?? (connection.kind === "lost" ? connection.since : now);
  const running = duration(Math.max(0, Math.floor((until - job!.started_ms) / 1000)) * 1000);
  return `${running} · ${counted(job!.workers, "worker")} · ${job!.delivery.replace(/_/g, " ")}`;
}
