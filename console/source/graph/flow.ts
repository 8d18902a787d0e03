// The dots that travel along the edges. A few pictures a second, made here and not by an animation of the style sheet, which
// would have the browser draw sixty: the page often runs on the machine whose job it shows.
import { useEffect } from "preact/hooks";
import type { RefObject } from "preact";

/** Distance from dot to dot, as the style sheet has it. */
const period = 14;
const pictureEveryMs = 125;
/** Pixels that the dots of each pace go on from picture to picture; never half a period, or they would seem to go back. */
const steps = [1, 2.5, 5];

/** How lively the dots on an edge are: none, slow, brisk, fast; by powers of ten, since rates differ so much. */
export function paceOf(eventsPerSecond: number | null | undefined): number {
  if (eventsPerSecond == null || !(eventsPerSecond > 0)) return 0;
  return eventsPerSecond < 50 ? 1 : eventsPerSecond < 5_000 ? 2 : 3;
}

/** Moves the dots inside `drawing` while events flow, someone looks, and the reader has nothing against motion. */
export function useFlow(drawing: RefObject<SVGElement>, flowing: boolean) {
  useEffect(() => {
    const { style } = drawing.current!;
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    let picture = 0;
    const move = () => {
      if (document.hidden || calm.matches) return;
      picture += 1;
      steps.forEach((step, index) => style.setProperty(`--flow-${index + 1}`, `${-((picture * step) % period)}`));
    };
    const timer = flowing ? setInterval(move, pictureEveryMs) : undefined;
    return () => clearInterval(timer);
  }, [flowing]);
}
