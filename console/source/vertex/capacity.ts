// How much more a vertex could take: the book's capacity and headroom, from what it does now and how busy that makes it.
import type { VertexMetrics } from "../api/types";

export interface Capacity {
  /** Events per second at which its tasks would be busy all the time. */
  rate: number;
  /** How many times the present rate that is. */
  times: number;
}

/** Less work than this is measured too inaccurately to tell. */
const leastBusy = 0.02;

/** Estimated for events like the present ones, spread as they are now: the busiest instance is full first. */
export function capacityOf(metrics: VertexMetrics): Capacity | null {
  const rate = metrics.rate_in || metrics.rate_out;  // a source takes none in
  const busiest = Math.max(0, ...metrics.instances.map((instance) => instance.shares?.busy ?? 0));
  if (!rate || busiest < leastBusy) return null;
  return { rate: rate / busiest, times: 1 / busiest };
}
