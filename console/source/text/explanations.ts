// What a newcomer may ask, answered where it is asked. Two or three sentences each; the words are those of docs/glossary.md.

export const explanations = {
  graph:
    "Events flow along the lines from sources to sinks. A card is a vertex: a source, an operator or a sink. A wide line is a queue between " +
    "threads and fills up from its end when the vertex behind it cannot keep up; a thin line is a plain call within one task. " +
    "Arrow keys go from card to card, Enter opens one.",
  time:
    "Where the time of a vertex goes. Busy: it works. Queued: it could work, but its thread is busy with others. Blocked: what it has made is not " +
    "taken. Calling: it waits for a service. Idle: it has nothing to do. Vertices of one chain share a task, and so these times. What it could take is " +
    "its rate divided by how busy its busiest instance is: the room it has left before it becomes the bottleneck.",
  backpressure:
    "A full queue stops whoever fills it, who stops whoever comes before, and so on up to the source: back-pressure. Nothing is lost, and memory stays " +
    "bounded. The cause is the vertex that is busy; those before it are only made to wait.",
  watermark:
    "Events may come out of order. A watermark says up to where event time has come: events with an earlier time are not expected any more, so windows " +
    "that end before it can give out their results. It is the least of all inputs that are not idle: one slow input holds all back.",
  latency:
    "How long events need from a source to a sink, over the last minute. p99 is what 99 of 100 stay below; the few slow ones are what users notice.",
  history: "The last ten minutes. Move the pointer over a chart to read all of them at one moment. A gap means that nothing was known then.",
  instances:
    "A vertex runs in several copies that share out the events. If one has much more to do than the others, keys are spread unevenly: skew. " +
    "Rescaling stops the sources for a moment, takes a last checkpoint and goes on from it with another number of copies.",
  tap: "A sample of the events that pass here at this moment. It costs the job nothing while nobody looks.",
  experiment:
    "What this job lets you do to it, to see what comes of it. The sentence above, the graph and the log tell what happens, as they do when it " +
    "happens by itself. From a terminal: streamwork experiment.",
  late: "Late: the event came when every window of its time had already given out its result. Bad: the event could not be used, and was refused.",
  state: "What operators remember, for each key: counts, open windows, tables. A checkpoint saves it, a restore brings it back.",
  checkpoint:
    "A consistent snapshot of the whole job. A barrier travels with the events; each task saves its state when the barrier has come from all its inputs. " +
    "After a failure the job goes on from the newest complete one.",
  gantt:
    "One line per task, slowest first. Waiting: the barrier is still on its way. Aligning: it has come from some inputs and those are held back until it " +
    "has come from all. Saving: what must be done while the task stands still. Writing: the rest, beside the running task.",
  windows:
    "Each dot is an event: from left to right by the time it happened, from top to bottom by how long ago it arrived. The line is the watermark. A pane " +
    "is open until the watermark passes its end; a dot that comes after that is late.",
  delivery: "How often an event may take effect when something fails: at most once, at least once, or exactly once.",
} as const;

export type Term = keyof typeof explanations;
