// The made-up job: every second a new look, as the scene wants it.
import { Checkpoints } from "./checkpoints.js";
import { edges, graph, idOf, vertices } from "./graph.js";
import { sceneAt, scenes } from "./scenes.js";

const usualRate = [18_400, 18_400, 620, 60, 620, 620, 4.2, 0.8, 40, 0.2];
const stateOf = { "rolling statistics": [6_000, 610], "with machine": [60, 180], "wear watch": [60, 5_200], "first of incident": [44, 96] };
const eventTimeBegin = Date.UTC(2023, 10, 14, 7, 0, 0);

const spread = (index, count) => 1 + (count > 1 ? 0.22 * Math.sin(index * 2.1 + 1) : 0);
const jitter = (value) => value * (0.97 + 0.06 * Math.random());

const mayBeUnknown = ["rate_in", "rate_out", "rate", "shares", "watermark_ms", "watermark_lag_ms", "held_back_by", "state_rows", "state_bytes", "queue_fill", "newest", "under_way"];

const experiments = [
  {
    name: "Slow the sink",
    description: "'alerts' takes 20 ms for each alert: it manages 50 a second, and 300 come.",
    watch: "Its queue fills up, then 'wear watch' has to wait, and so on up to the source: back-pressure. Nothing is lost.",
    scene: "slow_sink",
    can_be_ended: true,
  },
  {
    name: "Send late data",
    description: "Every sixth machine was offline, and from now on sends readings half an hour old.",
    watch: "'rolling statistics' counts them as late: their windows have given out their results. Open it to see some of them.",
    scene: "late",
    can_be_ended: true,
  },
  {
    name: "Crash an operator",
    description: "'wear watch' throws an exception that nobody expects.",
    watch: "The job fails, waits two seconds, and begins again from its last checkpoint. Nothing is lost.",
    scene: "restarting",
    can_be_ended: false,
  },
];

/** The same look, with null wherever the API allows it. */
function withoutKnowledge(look) {
  const text = JSON.stringify({ ...look, interval_ms: 0, paths: [] }, (key, value) => (mayBeUnknown.includes(key) ? null : value));
  return JSON.parse(text);
}

export class MockJob {
  second = 0;
  begun = Date.now();
  revision = 1;
  restarts = 0;
  heldBackMs = 0;
  late = 0;
  directed = null;
  ended = null;
  checkpoints = new Checkpoints();
  exceptions = [];
  log = [];
  totals = vertices.map(() => 0);
  look = null;
  looks = [];
  listeners = new Set();
  experiments = experiments.map((experiment) => ({ ...experiment, under_way: false, begun: 0 }));

  constructor(scene) {
    this.directed = scene;
    this.say("info", "the job 'plant_watch' begins: 6 chains, 14 tasks on 4 workers");
    for (let past = 0; past < 90; past += 1) this.tick(this.begun - (90 - past) * 1000, true);
  }

  get sceneName() {
    return this.ended ?? this.directed ?? sceneAt(this.second - 90);
  }

  /** Another scene from now on; null: the story goes on. */
  direct(scene) {
    this.directed = scene;
  }

  say(level, text, time = Date.now()) {
    this.log.push({ sequence: this.log.length + 1, time_ms: time, level, text });
  }

  tick(now = Date.now(), past = false) {
    this.second += 1;
    const scene = scenes[past ? "healthy" : this.sceneName];
    this.heldBackMs = scene.heldBack ? this.heldBackMs + 2_600 : Math.max(0, this.heldBackMs - 9_000);
    if (scene.heldBack) this.late += 7;
    if (!past && scene.state === "restarting" && this.look?.state === "running") this.fail(now);
    if (this.second % 5 === 0 && scene.pace > 0 && !past) {
      this.checkpoints.take(now, "checkpoint", scene.checkpointsFail ?? false, scene.blocked !== undefined);
    }
    this.look = scene.unknown ? withoutKnowledge(this.lookAt(now, scene)) : this.lookAt(now, scene);
    this.looks.push(this.look);
    if (!past && (scene.state === "finished" || scene.state === "failed") && this.ended === null) this.end(scene.state);
    for (const listener of this.listeners) listener(this.look);
  }

  /** Returns what is wrong with it, or null. */
  experiment(id, step) {
    const experiment = this.experiments[id];
    if (experiment === undefined) return `there is no experiment '${id}'`;
    if (experiment.under_way === (step === "begin")) return `'${experiment.name}' is ${step === "begin" ? "" : "not "}under way`;
    if (step === "begin") experiment.begun += 1;
    experiment.under_way = step === "begin" && experiment.can_be_ended;
    this.direct(step === "begin" ? experiment.scene : "healthy");
    if (!experiment.can_be_ended) setTimeout(() => this.direct("healthy"), 3_000);
    return null;
  }

  refused(vertex) {
    const bad = vertices[vertex]?.name === "parse";
    if (!bad && (vertices[vertex]?.name !== "rolling statistics" || this.late === 0)) return [];
    return Array.from({ length: bad ? 2 : 10 }, (_, index) => ({
      kind: bad ? "bad" : "late",
      instance: index % vertices[vertex].parallelism,
      time_ms: this.look.time_ms - index * 140,
      event_time_ms: bad ? null : this.watermark() - 1_800_000 - index * 10_000,
      watermark_ms: bad ? null : this.watermark(),
      reason: bad ? "expected a number, found 'n/a'" : "too late",
      event: bad ? "fan-3;0.61;n/a;63.2" : { machine: 6 * index, load: 0.58, vibration: 3.41, temperature: 61.7, time: this.watermark() - 1_800_000 },
    }));
  }

  fail(now) {
    this.restarts += 1;
    this.revision += 1;
    const message = "'wear watch' instance 2: the divisor is zero";
    this.exceptions.push({ time_ms: now, message, restarted: true });
    this.say("error", `${message}; the job begins again from checkpoint ${this.checkpoints.newest ?? 0}`);
    this.totals = vertices.map(() => 0);
  }

  end(state) {
    this.ended = state;
    this.endedAt = Date.now();
    this.look.state = state;
    this.look.sentence = { level: state === "failed" ? "bad" : "good", kind: "ended", text: `the job has ${state}`, vertex: null, instance: null, victim: null };
    this.say("info", `the job has ${state}`);
  }

  describe() {
    const failure = this.ended === "failed" ? "'wear watch' instance 2: the divisor is zero" : null;
    return {
      id: "plant_watch",
      name: "plant_watch",
      state: this.ended ?? this.look.state,
      failure,
      started_ms: this.begun - 90_000,
      ended_ms: this.endedAt ?? null,
      process_id: process.pid,
      workers: 4,
      delivery: "exactly_once",
      checkpoints: { directory: "checkpoints", interval_ms: 5000 },
      restarts: this.restarts,
      controls: this.ended ? [] : ["savepoint", "rescale", "drain", "suspend", "cancel"],
    };
  }

  lookAt(now, scene) {
    const problems = scene.problems(this.heldBackMs);
    const healthy = { level: "good", kind: "healthy", text: "the job keeps up (busiest: 'with machine', 44 % busy)", vertex: idOf("with machine"), instance: null, victim: null };
    const rates = usualRate.map((rate) => jitter(rate * scene.pace));
    rates.forEach((rate, id) => (this.totals[id] += Math.round(rate)));
    return {
      sequence: this.second,
      time_ms: now,
      running_for_ms: this.second * 1000,
      interval_ms: this.second > 1 ? 1000 : 0,
      revision: this.revision,
      state: scene.state ?? "running",
      sentence: problems[0] ?? healthy,
      problems,
      vertices: vertices.map((vertex) => this.vertexAt(vertex, scene, rates[vertex.id])),
      edges: edges.map((edge) => this.edgeAt(edge, scene, rates)),
      paths: scene.pace > 0 ? [this.pathTo("alerts", scene), this.pathTo("board", scene)] : [],
      checkpoints: this.checkpoints.summary(),
      restarts: this.restarts,
    };
  }

  /** Event time runs thirty times as fast as the wall clock. */
  watermark() {
    return eventTimeBegin + this.second * 30_000 - this.heldBackMs;
  }

  vertexAt(vertex, scene, rate) {
    const target = scene.blocked?.[vertex.chain];
    const chainShares = scene.shares[vertex.chain];
    const inputs = edges.filter((edge) => edge.to === vertex.id && !edge.inside_task);
    return {
      ...this.partOf(vertex, scene, rate, 1, 1),
      vertex: vertex.id,
      blocked_by: target === undefined ? [] : [{ vertex: target, share: chainShares.blocked }],
      inputs: inputs.map((edge) => ({ edge: edge.id, watermark_ms: this.watermark() - edge.id * 1000, watermark_lag_ms: 2_000 + this.heldBackMs })),
      instances: Array.from({ length: vertex.parallelism }, (_, instance) => ({
        ...this.partOf(vertex, scene, rate, 1 / vertex.parallelism, spread(instance, vertex.parallelism)),
        instance,
      })),
    };
  }

  partOf(vertex, scene, rate, part, skew) {
    const shares = { ...scene.shares[vertex.chain] };
    const taken = vertex.kind === "source" ? 0 : rate * part * skew;
    shares.busy = Math.min(0.99, jitter(shares.busy * skew));
    shares.idle = Math.max(0, 1 - shares.busy - shares.blocked - shares.queued);
    const keys = stateOf[vertex.name];
    const held = this.heldBackMs > 10_000 && vertex.chain > 0;
    const rateOut = vertex.kind === "sink" ? 0 : rate * part * skew;
    return {
      events_in: vertex.kind === "source" ? 0 : Math.round(this.totals[vertex.id] * part * skew),
      events_out: vertex.kind === "sink" ? 0 : Math.round(this.totals[vertex.id] * part * skew),
      rate_in: taken,
      rate_out: rateOut,
      shares: scene.pace > 0 ? shares : null,
      watermark_ms: vertex.name === "machine table" ? null : this.watermark(),
      watermark_lag_ms: vertex.name === "machine table" ? null : 2_000 + this.heldBackMs,
      held_back_by: held ? { vertex: 0, instance: 1 } : null,
      state_rows: keys ? Math.round(keys[0] * part * skew) : null,
      state_bytes: keys ? Math.round(keys[0] * keys[1] * part * skew) : null,
      late: vertex.name === "rolling statistics" ? Math.round(this.late * part * skew) : 0,
      late_after_idle: 0,
      failed: vertex.name === "parse" ? Math.round(this.second / 30) : 0,
      retried: 0,
      dropped: 0,
      in_flight: 0,
      unclaimed: 0,
    };
  }

  edgeAt(edge, scene, rates) {
    const target = scene.blocked?.[vertices[edge.from].chain];
    const full = target !== undefined && vertices[edge.to].chain === vertices[target].chain;
    const fill = edge.inside_task ? null : full ? 1 : jitter(0.06);
    const most = edge.channels * 16;
    return {
      edge: edge.id,
      events: this.totals[edge.from],
      rate: Math.min(rates[edge.from], edge.side_output ? 40 * scene.pace : Infinity),
      queued_batches: fill === null ? 0 : Math.round(fill * most),
      queue_batches: most,
      queue_fill: fill,
    };
  }

  pathTo(sink, scene) {
    const slow = scene.blocked ? 40 : 1;
    const p50 = jitter(420) * slow;
    return { source: 0, sink: idOf(sink), count: 600, p50_us: p50, p99_us: p50 * 4.1, p999_us: p50 * 9.7, max_us: p50 * 13 };
  }

  graph() {
    return graph(this.revision);
  }

  history() {
    const column = (pick) => this.looks.slice(-600).map(pick);
    return {
      interval_ms: 1000,
      times_ms: column((look) => look.time_ms),
      rate_in: column((look) => look.vertices[0].rate_out),
      rate_out: column((look) => look.vertices[idOf("alerts")].rate_in),
      vertices: vertices.map(({ id }) => ({
        vertex: id,
        rate_in: column((look) => look.vertices[id].rate_in),
        rate_out: column((look) => look.vertices[id].rate_out),
        busy: column((look) => look.vertices[id].shares?.busy ?? null),
        blocked: column((look) => look.vertices[id].shares?.blocked ?? null),
        watermark_lag_ms: column((look) => look.vertices[id].watermark_lag_ms),
        state_bytes: column((look) => look.vertices[id].state_bytes),
      })),
    };
  }

  /** A handful of readings around the present event time, late ones among them when the scene is about that. */
  sample() {
    const late = scenes[this.sceneName].heldBack;
    return {
      time_ms: Date.now(),
      passed: Math.round(18_400 / 4),
      shown: Array.from({ length: 8 }, (_, index) => {
        const delay = late && index === 0 ? 200_000 * Math.random() : 20_000 * Math.random() ** 3;
        const time = this.watermark() + 24_000 - delay + (Date.now() % 1000) * 30;
        const machine = Math.floor(60 * Math.random());
        return {
          from_instance: index % 2,
          to_instance: machine % 4,
          event_time_ms: time,
          event: { machine, load: +(0.4 + 0.3 * Math.random()).toFixed(3), vibration: +(2 + 3 * Math.random()).toFixed(2), temperature: +(55 + 9 * Math.random()).toFixed(1), time },
        };
      }),
    };
  }
}
