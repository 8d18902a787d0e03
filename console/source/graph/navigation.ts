// Arrow keys go from vertex to vertex as the drawing lies on the page.
import type { Placed } from "./layout";

export type Arrow = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";

const steps: Record<Arrow, { x: number; y: number }> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

export const isArrow = (key: string): key is Arrow => key in steps;

/** What lies aside counts more than what lies far, or a key would jump past a neighbour. */
const asideWeight = 2;

/** The next vertex in that direction; the same one if there is none. */
export function neighbour(vertices: readonly Placed[], from: number, arrow: Arrow): number {
  const start = vertices[from];
  if (start === undefined) return from;
  const step = steps[arrow];
  let best = from;
  let least = Infinity;
  vertices.forEach((other, index) => {
    const x = other.x + other.width / 2 - (start.x + start.width / 2);
    const y = other.y + other.height / 2 - (start.y + start.height / 2);
    const ahead = x * step.x + y * step.y;
    const aside = Math.abs(x * step.y) + Math.abs(y * step.x);
    const distance = ahead + asideWeight * aside;
    if (index !== from && ahead > 1 && distance < least) [best, least] = [index, distance];
  });
  return best;
}
