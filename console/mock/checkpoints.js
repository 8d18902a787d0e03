// Made-up checkpoints: one every five seconds, a straggler now and then.
import { graph } from "./graph.js";

export class Checkpoints {
  list = [];
  completed = 0;
  failed = 0;
  newest = null;
  lastFailure = null;
  number = 0;

  take(now, kind, fails, blocked) {
    this.number += 1;
    const checkpoint = { number: this.number, kind, status: "under_way", begun_ms: now, duration_ms: 0, bytes: 0, failure: null, tasks: [] };
    this.list.push(checkpoint);
    this.list = this.list.slice(-60);
    setTimeout(() => this.finish(checkpoint, fails, blocked), 700);
  }

  finish(checkpoint, fails, blocked) {
    const slow = blocked ? 9 : 1;
    checkpoint.tasks = graph(1).chains.flatMap((chain) =>
      Array.from({ length: chain.parallelism }, (_, instance) => taskOf(chain, instance, slow)),
    );
    checkpoint.tasks.sort((a, b) => lengthOf(b) - lengthOf(a));
    checkpoint.duration_ms = lengthOf(checkpoint.tasks[0]) / 1000 + 2;
    checkpoint.bytes = checkpoint.tasks.reduce((sum, task) => sum + task.bytes, 0);
    if (fails) {
      this.failed += 1;
      this.lastFailure = "no space left on the device in 'checkpoints'";
      Object.assign(checkpoint, { status: "failed", failure: this.lastFailure });
    } else {
      this.completed += 1;
      this.newest = checkpoint.number;
      this.lastFailure = null;
      checkpoint.status = "complete";
    }
  }

  summary() {
    const last = this.list[this.list.length - 1];
    return {
      completed: this.completed,
      failed: this.failed,
      newest: this.newest,
      last_failure: this.lastFailure,
      under_way: last?.status === "under_way" ? last.number : null,
    };
  }
}

const lengthOf = (task) => task.started_us + task.alignment_us + task.sync_us + task.async_us;

function taskOf(chain, instance, slow) {
  const straggler = chain.id === 3 && instance === 2 ? 3 : 1;
  const random = (size) => Math.round(size * (0.6 + 0.8 * Math.random()));
  return {
    chain: chain.id,
    instance,
    vertices: chain.vertices,
    started_us: random(150) * (chain.id + 1) * slow,
    alignment_us: chain.id === 0 || chain.id === 2 ? 0 : random(2400) * slow,
    sync_us: random(400) * straggler,
    async_us: random(9000) * straggler,
    bytes: random(chain.id === 1 || chain.id === 3 ? 260_000 * straggler : 900),
  };
}
