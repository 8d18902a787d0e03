import { expect, test } from "vitest";
import type { Experiment } from "../api/types";
import { stateOf } from "./experiment_section";

const experiment: Experiment = { id: 0, name: "slow", description: "", watch: "", can_be_ended: true, under_way: false, begun: 0 };

test("an experiment says whether it is under way, and how often it was done", () => {
  expect(stateOf(experiment)).toBe("");
  expect(stateOf({ ...experiment, begun: 1, under_way: true })).toBe("under way");
  expect(stateOf({ ...experiment, begun: 1 })).toBe("undone");
  expect(stateOf({ ...experiment, can_be_ended: false, begun: 1 })).toBe("done once");
  expect(stateOf({ ...experiment, can_be_ended: false, begun: 3 })).toBe("done 3 times");
});
