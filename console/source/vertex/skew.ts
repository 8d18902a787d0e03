// How unevenly the instances of a vertex are loaded.
import type { InstanceMetrics } from "../api/types";

export interface Skew {
  instance: number;
  /** Its events against the mean of all. */
  times: number;
}

/** From here on worth a sentence. */
const uneven = 1.25;

/** The instance that gets most, if that is clearly more than the mean. */
export function skewOf(instances: readonly InstanceMetrics[]): Skew | null {
  const rates = instances.map((instance) => instance.rate_in || instance.rate_out || 0);
  const total = rates.reduce((sum, rate) => sum + rate, 0);
  if (rates.length < 2 || !(total > 0)) return null;
  const most = Math.max(...rates);
  const times = most / (total / rates.length);
  return times < uneven ? null : { instance: instances[rates.indexOf(most)]!.instance, times };
}
