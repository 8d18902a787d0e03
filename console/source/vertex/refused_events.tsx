// Events that did not make it: late, bad, unclaimed, with samples; and what the log says of this vertex.
import type { RefusedEvent, VertexMetrics } from "../api/types";
import { Heading } from "../parts/explain";
import { exact } from "../text/numbers";
import { duration, moment, preciseClock, wallClock } from "../text/times";
import type { LogLine } from "../log/log_feed";
import { useRefused } from "./refused_feed";

interface RefusedEventsProps {
  job: string;
  name: string;
  metrics: VertexMetrics;
  log: LogLine[];
}

export function RefusedEvents({ job, name, metrics, log }: RefusedEventsProps) {
  const samples = useRefused(job, metrics.vertex, metrics.late + metrics.failed);
  const counters: [string, number][] = [
    ["late", metrics.late],
    ["late after an idle input", metrics.late_after_idle],
    ["bad", metrics.failed],
    ["dropped", metrics.dropped],
    ["calls made again", metrics.retried],
    ["in flight or in its buffer", metrics.in_flight],
    ["to a side output nobody takes", metrics.unclaimed],
  ];
  const lines = log.filter((line) => line.text.includes(`'${name}'`)).slice(-4);
  return (
    <section>
      <Heading level={3} term="late">
        Late and bad events
      </Heading>
      <dl class="counters">
        {counters
          .filter(([label, value]) => value > 0 || label === "late" || label === "bad")
          .map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{exact(value)}</dd>
            </div>
          ))}
      </dl>
      {samples.length > 0 && (
        <ol class="refused" tabIndex={0} aria-label="The last late and bad events">
          {samples.map((sample, index) => (
            <Sample key={index} sample={sample} />
          ))}
        </ol>
      )}
      {lines.map((line) => (
        <p key={line.sequence} class="log-line" data-level={line.level}>
          <span class="log-time">{wallClock(line.time_ms)}</span> {line.text}
        </p>
      ))}
    </section>
  );
}

function Sample({ sample }: { sample: RefusedEvent }) {
  return (
    <li>
      <span class="refused-kind" data-kind={sample.kind}>
        {sample.kind}
      </span>
      <span class="refused-when">
        {wallClock(sample.time_ms)}, instance {sample.instance}
      </span>
      <p>
        {sample.reason}
        {timesOf(sample)}
      </p>
      <code>{typeof sample.event === "string" ? sample.event : JSON.stringify(sample.event)}</code>
    </li>
  );
}

/** A late event is one that is behind the watermark: by how much is what one wants to know. */
export function timesOf({ kind, event_time_ms: time, watermark_ms: watermark }: RefusedEvent): string {
  if (time === null) return "";
  const at = `: it is of ${moment(time)}`;
  if (watermark === null) return at;
  if (kind === "late" && watermark > time) return `${at}, ${duration(watermark - time)} behind the watermark (${preciseClock(watermark)})`;
  return `${at}, with the watermark at ${preciseClock(watermark)}`;
}
