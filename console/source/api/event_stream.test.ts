import { describe, expect, it } from "vitest";
import { EventParser, readEvents, type StreamEvent } from "./event_stream";

const text = ": hello\n\nevent: metrics\ndata: {\"a\":1}\n\ndata: one\ndata:two\r\n\r\nevent: empty\n\nevent: end\ndata: {}\n\n";
const events = [
  { name: "metrics", data: '{"a":1}' },
  { name: "message", data: "one\ntwo" },
  { name: "end", data: "{}" },
];

describe("a stream of events", () => {
  it("is read whole", () => {
    expect(new EventParser().push(text)).toEqual(events);
  });

  it("is read the same wherever it is cut", () => {
    for (let cut = 0; cut <= text.length; cut += 1) {
      const parser = new EventParser();
      expect([...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))]).toEqual(events);
    }
  });

  it("is read the same byte by byte, also where a letter has several", async () => {
    const bytes = new TextEncoder().encode("data: größer\n\n");
    const body = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const seen: StreamEvent[] = [];
    await readEvents(new Response(body), new AbortController().signal, (event) => seen.push(event));
    expect(seen).toEqual([{ name: "message", data: "größer" }]);
  });
});
