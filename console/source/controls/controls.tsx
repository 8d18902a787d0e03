// What can be asked of the job. Ending it is asked twice.
import { useId, useRef, useState } from "preact/hooks";
import { jobPath, post } from "../api/client";
import type { Control, Job } from "../api/types";

interface Action {
  control: Control;
  name: string;
  /** What will happen, before it is asked for; null: it is harmless and asked for at once. */
  warning: string | null;
  path: string;
  body: object;
}

const actions: Action[] = [
  { control: "savepoint", name: "Savepoint", warning: null, path: "/savepoint", body: {} },
  {
    control: "suspend",
    name: "Suspend",
    warning: "The job takes a last checkpoint and ends. Started again, it goes on from there; open windows are kept.",
    path: "/stop",
    body: { mode: "suspend" },
  },
  {
    control: "drain",
    name: "Stop",
    warning: "Sources end, everything in flight comes out, open windows give their results. The job cannot go on afterwards.",
    path: "/stop",
    body: { mode: "drain" },
  },
  { control: "cancel", name: "Cancel", warning: "The job ends at once. What is in flight is lost.", path: "/cancel", body: {} },
];

export function Controls({ job }: { job: Job }) {
  const [answer, setAnswer] = useState("");
  const [asked, setAsked] = useState<Action | null>(null);
  const title = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const perform = (action: Action) => {
    setAnswer("…");
    post(jobPath(job.id, action.path), action.body).then(setAnswer, (error: unknown) => setAnswer(`Refused: ${error instanceof Error ? error.message : String(error)}`));
  };
  const choose = (action: Action) => {
    if (action.warning === null) return perform(action);
    setAsked(action);
    dialog.current!.showModal();
  };
  return (
    <div class="controls" role="group" aria-label="Controls">
      {actions
        .filter(({ control }) => job.controls.includes(control))
        .map((action) => (
          <button key={action.name} class="small" onClick={() => choose(action)}>
            {action.name}
          </button>
        ))}
      <span class="controls-answer" role="status">
        {answer}
      </span>
      <dialog ref={dialog} aria-labelledby={title}>
        <h2 id={title}>{asked !== null && `${asked.name} ${job.name}?`}</h2>
        <p>{asked?.warning}</p>
        <form method="dialog" class="dialog-buttons">
          <button class="small">Keep it running</button>
          <button class="small weighty" onClick={() => asked !== null && perform(asked)}>
            {asked?.name} the job
          </button>
        </form>
      </dialog>
    </div>
  );
}
