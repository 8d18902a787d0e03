// Samples of the events that a vertex could not use, asked for whenever there are more of them.
import { useEffect, useState } from "preact/hooks";
import { get, jobPath } from "../api/client";
import type { RefusedEvent, RefusedEventList } from "../api/types";

export function useRefused(job: string, vertex: number, count: number): RefusedEvent[] {
  const [events, setEvents] = useState<RefusedEvent[]>([]);
  useEffect(() => {
    if (count === 0) return setEvents([]);
    const asking = new AbortController();
    get<RefusedEventList>(jobPath(job, `/vertices/${vertex}/refused`), asking.signal).then(
      ({ refused }) => setEvents(refused),
      () => undefined,
    );
    return () => asking.abort();
  }, [job, vertex, count]);
  return events;
}
