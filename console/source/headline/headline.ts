// The one sentence at the top of the page: how the job is, or why nothing is known of it.
import type { Job, Sentence } from "../api/types";
import type { View } from "../feed/feed";
import { duration, wallClock } from "../text/times";

export interface Headline {
  /** One or two words before the sentence. */
  label: string;
  text: string;
  /** What else is to be known, for the line below. */
  detail?: string;
  /** True if something wants a person's attention. */
  alarming: boolean;
}

const labels: Record<Sentence["level"], string> = { good: "Healthy", notice: "Notice", warning: "Attention", bad: "Failing" };
const kindLabels: Partial<Record<Sentence["kind"], string>> = {
  starting: "Starting",
  idle: "Idle",
  watermark: "Event time",
  late: "Late events",
  failed_events: "Bad events",
  dropped: "Overload",
  checkpoint: "Checkpoints",
  restart: "Restarting",
};
/** Something limits the job; if that holds nobody up it is only worth knowing. */
const limiting: readonly Sentence["kind"][] = ["bottleneck", "outside", "calls"];

export function headlineOf(view: View, now: number): Headline {
  const { connection, job, metrics } = view;
  switch (connection.kind) {
    case "connecting":
      return { label: "Connecting", text: "Asking the job how it is", alarming: false };
    case "refused":
      return { label: "Refused", text: capital(connection.reason), detail: "A console with a token is opened with #token=TOKEN at the end of its address", alarming: true };
    case "lost":
      return lost(job, now - connection.since, connection.reason);
    case "ended":
      return endOf(job!);
    case "live":
      return metrics === null ? { label: "Connecting", text: "Waiting for the first look", alarming: false } : told(metrics.sentence);
  }
}

function told({ level, kind, text }: Sentence): Headline {
  const alarming = level === "warning" || level === "bad";
  const label = kindLabels[kind] ?? (alarming && limiting.includes(kind) ? "Bottleneck" : labels[level]);
  // The label says it already.
  return { label, text: capital(text.replace(/^healthy: /, "")), alarming };
}

function lost(job: Job | null, sinceMs: number, reason: string): Headline {
  const label = "No connection";
  if (job === null) return { label, text: "No job answers here; trying again", detail: capital(reason), alarming: true };
  const since = duration(Math.max(0, Math.floor(sinceMs / 1000)) * 1000);
  return {
    label,
    text: `${job.name} has not answered for ${since}: it may have been killed or have crashed. Trying again`,
    detail: `What you see is the last that was known of process ${job.process_id}`,
    alarming: true,
  };
}

const endings: Partial<Record<Job["state"], string>> = {
  finished: "every source has ended or was asked to stop, and all that was in flight came out",
  suspended: "it can go on from its last checkpoint",
  cancelled: "it was asked to end at once, and what was in flight is lost",
};

function endOf(job: Job): Headline {
  const why = job.failure ?? endings[job.state] ?? job.state;
  const headline = { label: capital(job.state), text: `The job has ${pastOf(job.state)}: ${why}`, alarming: job.state === "failed" };
  if (job.ended_ms === null) return headline;
  return { ...headline, detail: `Ended at ${wallClock(job.ended_ms)}, after ${duration(job.ended_ms - job.started_ms)}. Numbers are those of the end` };
}

const pastOf = (state: Job["state"]) => (state === "suspended" || state === "cancelled" ? `been ${state}` : state);

export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
