import { counted } from "../text/numbers";
import { wallClock } from "../text/times";
import type { Failure, LogLine } from "./log_feed";

export function LogSection({ lines, failures }: { lines: LogLine[]; failures: Failure[] }) {
  return (
    <section class="log" aria-label="Failures and log">
      <div class="heading">
        <div class="heading-line">
          <h2>Log</h2>
          <span class="heading-aside">{failures.length === 0 ? "no failures" : counted(failures.length, "failure")}</span>
        </div>
      </div>
      {failures.slice(-5).map((failure, index) => (
        <p key={index} class="log-line" data-level="error">
          <span class="log-time">{wallClock(failure.time_ms)}</span> {failure.message}
          {failure.restarted ? ": the job began again" : ": the job ended with this"}
        </p>
      ))}
      <div class="log-lines" tabIndex={0} role="log" aria-label="Lines of the log">
        {lines.length === 0 && <p class="note">Nothing yet.</p>}
        {[...lines].reverse().map((line) => (
          <p key={line.sequence} class="log-line" data-level={line.level}>
            <span class="log-time">{wallClock(line.time_ms)}</span> {line.level !== "info" && <b>{line.level}: </b>}
            {line.text}
          </p>
        ))}
      </div>
    </section>
  );
}
