// A question mark that answers in place, below the heading it stands in.
import { useId, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { explanations, type Term } from "../text/explanations";

interface HeadingProps {
  term: Term;
  level: 2 | 3;
  children: ComponentChildren;
  /** What stands at the right end of the heading. */
  aside?: ComponentChildren;
}

export function Heading({ term, level, children, aside }: HeadingProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const Title = level === 2 ? "h2" : "h3";
  return (
    <div class="heading">
      <div class="heading-line">
        <Title>{children}</Title>
        <button class="question" aria-expanded={open} aria-controls={id} aria-label={`What is this: ${term}?`} onClick={() => setOpen(!open)}>
          ?
        </button>
        <span class="heading-aside">{aside}</span>
      </div>
      <p class="explanation" id={id} hidden={!open}>
        {explanations[term]}
      </p>
    </div>
  );
}
