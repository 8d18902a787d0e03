// Busy, queued, blocked, calling and idle as one bar. Told apart by pattern as well as by shade; the numbers stand beside it.
import type { TimeShares } from "../api/types";
import { shareNames, shareWidths } from "../graph/shares";

export function TimeBar({ shares }: { shares: TimeShares | null }) {
  const widths = shares === null ? null : shareWidths(shares);
  return (
    <span class="time-bar" aria-hidden="true">
      {widths !== null && shareNames.map((name) => <span key={name} class={`share-${name}`} style={{ width: `${widths[name]}%` }} />)}
    </span>
  );
}
