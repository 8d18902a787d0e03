// Server-sent events, read with `fetch` because `EventSource` cannot send a token.

export interface StreamEvent {
  name: string;
  data: string;
}

/** Takes the text of a stream piece by piece and gives out whole events; lines may be cut anywhere. */
export class EventParser {
  private rest = "";
  private name = "";
  private data: string[] = [];

  push(text: string): StreamEvent[] {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    return lines.flatMap((line) => this.take(line.endsWith("\r") ? line.slice(0, -1) : line));
  }

  private take(line: string): StreamEvent[] {
    if (line === "") return this.finish();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + (line[colon + 1] === " " ? 2 : 1));
    if (field === "event") this.name = value;
    if (field === "data") this.data.push(value);
    return [];
  }

  private finish(): StreamEvent[] {
    const event = { name: this.name || "message", data: this.data.join("\n") };
    const empty = this.data.length === 0;
    this.name = "";
    this.data = [];
    return empty ? [] : [event];
  }
}

/** The server sends at least a comment every 15 seconds: who is silent for longer is gone. */
const silenceMs = 20_000;

/** Calls `onEvent` for each event until the server ends the stream or `signal` aborts; throws if it breaks or falls silent. */
export async function readEvents(response: Response, signal: AbortSignal, onEvent: (event: StreamEvent) => void) {
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  const parser = new EventParser();
  try {
    while (!signal.aborted) {
      const { done, value } = await withinSilence(reader.read());
      if (done) return;
      for (const event of parser.push(decoder.decode(value, { stream: true }))) onEvent(event);
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

function withinSilence<T>(reading: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the stream fell silent")), silenceMs);
    reading.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
