// The time of a task in parts, in the order in which a bar shows them.
import type { TimeShares } from "../api/types";
import { percent } from "../text/numbers";

export const shareNames = ["busy", "queued", "blocked", "calling", "idle"] as const;
export type ShareName = (typeof shareNames)[number];

/** Whole per mille, so that rounding leaves no gap and a bar does not tremble. */
export function shareWidths(shares: TimeShares): Record<ShareName, number> {
  const sum = shareNames.reduce((total, name) => total + Math.max(0, shares[name]), 0);
  const widths = {} as Record<ShareName, number>;
  for (const name of shareNames) widths[name] = sum > 0 ? Math.round((Math.max(0, shares[name]) / sum) * 1000) / 10 : 0;
  return widths;
}

/** All that there are, for where there is room; busy, blocked and idle always. */
export function shareWords(shares: TimeShares | null): { name: ShareName; text: string }[] {
  if (shares === null) return [];
  return shareNames
    .filter((name) => name === "busy" || name === "blocked" || name === "idle" || shares[name] >= 0.005)
    .map((name) => ({ name, text: percent(shares[name]) }));
}

/** Blocked keeps its place on a card until something else is clearly greater, or words would come and go. */
const unmoved = 0.05;

/** Three for a card: busy, idle, and of what is neither the greatest. */
export function shortShareWords(shares: TimeShares | null): { name: ShareName; text: string }[] {
  if (shares === null) return [];
  const waiting = (["queued", "calling"] as const).reduce<ShareName>((most, name) => (shares[name] > shares[most] + unmoved ? name : most), "blocked");
  return (["busy", waiting, "idle"] as const).map((name) => ({ name, text: percent(shares[name]) }));
}
