// The last 60 checkpoints as bars: the longer it took, the higher. A failed one is crossed out, a savepoint has a flag.
import { useRef } from "preact/hooks";
import type { Checkpoint } from "../api/types";
import { wordsOf } from "./checkpoint_section";
import { barHeight } from "./stretches";

interface StripProps {
  checkpoints: Checkpoint[];
  shown: Checkpoint | undefined;
  onChoose: (begun: number) => void;
}

const places = 60;

export function Strip({ checkpoints, shown, onChoose }: StripProps) {
  const strip = useRef<HTMLDivElement>(null);
  const longest = Math.max(0, ...checkpoints.map((it) => it.duration_ms));
  const reachable = shown ?? checkpoints[checkpoints.length - 1];
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    const next = checkpoints[checkpoints.findIndex((it) => it === reachable) + step];
    if (step === 0 || next === undefined) return;
    event.preventDefault();
    onChoose(next.begun_ms);
    strip.current!.querySelector<HTMLElement>(`[data-begun="${next.begun_ms}"]`)?.focus();
  };
  return (
    <div class="strip" ref={strip} onKeyDown={onKeyDown} role="group" aria-label="Last checkpoints, oldest first">
      {checkpoints.map((checkpoint) => (
        <button
          key={checkpoint.begun_ms}
          data-begun={checkpoint.begun_ms}
          data-status={checkpoint.status}
          data-kind={checkpoint.kind}
          aria-pressed={checkpoint === shown}
          aria-label={wordsOf(checkpoint)}
          title={wordsOf(checkpoint)}
          tabIndex={checkpoint === reachable ? 0 : -1}
          onClick={() => onChoose(checkpoint.begun_ms)}
        >
          <span class="strip-mark">{checkpoint.status === "failed" ? "✕" : checkpoint.kind === "checkpoint" ? "" : "⚑"}</span>
          <span class="strip-bar" style={{ height: `${barHeight(checkpoint, longest)}%` }} />
        </button>
      ))}
      {Array.from({ length: Math.max(0, places - checkpoints.length) }, (_, index) => (
        <span key={`empty-${index}`} class="strip-empty" />
      ))}
    </div>
  );
}
