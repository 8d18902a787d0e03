// How high a chart reaches.

/** The greatest value; but where a few stand far above all others, such as what was made up for at the start, so high that the
 * others can be told apart: what is above is cut off. */
export function ceilingOf(columns: readonly (readonly (number | null)[])[]): number {
  const values = columns.flatMap((column) => column.filter((value): value is number => value !== null)).sort((a, b) => a - b);
  const most = values.at(-1) ?? 0;
  const usual = values[Math.floor((values.length - 1) * 0.95)] ?? 0;
  return usual > 0 && most > 8 * usual ? usual * 2 : most;
}
