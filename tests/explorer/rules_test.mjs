// The page's rules without a browser: how figures read, what a job's story shows, which digests agree.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as f from "../../tools/explorer/page/format.js";
import { digests, story } from "../../tools/explorer/page/story.js";

const digest = (letter) => letter.repeat(64);

/// A job with the steps of an honest life; `more` replaces members.
function job(steps, more = {}) {
  return {
    id: digest("1"), state: "settled", validator: 2, latency_us: null,
    timeline: steps.map(([step, at_ms, rest]) => ({ step, at_ms, text: "", ...rest })),
    digests: { user: null, validator: null, checkers: [] }, verdict: null, ...more,
  };
}
const asked = (at_ms, who) => ["check_requested", at_ms, { who }];
const by = (step, at_ms, id) => [step, at_ms, { who: `validator ${id}` }];
const states = (x) => Object.fromEntries(story(x).map((stage) => [stage.name, stage.state]));
const marks = (x) => digests(x).rows.map((row) => [row.letter, row.match]);

const own_steps = [["submitted", 1_000], ["accepted", 1_000], ["returned", 1_008], ["acknowledged", 1_010]];
const chain_steps = [["ordered", 1_150], ["fast_final", 1_180], ["checkpointed", 1_200], ["settled", 1_700]];

test("durations and ages: each has a unit that fits, and nothing is in the future", () => {
  assert.deepEqual([0, 7.84, 158.4, 3_210, 250_000, 7_500_000, 90_000_000].map(f.duration),
    ["0.0 ms", "7.8 ms", "158 ms", "3.2 s", "4 min 10 s", "2 h 5 min", "1 d 1 h"]);
  assert.deepEqual([-1_000, 59_999, 60_000, 7_500_000, 90_000_000].map((x) => f.age(0, x)),
    ["0 s", "59 s", "1 min", "2 h", "1 d"]);
  assert.equal(f.microseconds(null), "–");
});

test("amounts: four decimals, rounded down, small ones in nDG, every digit on request", () => {
  assert.equal(f.dg("30000000000000000000000000"), "30,000,000.0000 DG");
  assert.equal(f.dg("1999999999999999999"), "1.9999 DG");
  assert.equal(f.dg("28569999999"), "28.56 nDG");
  assert.equal(f.dg("100000000000000"), "0.0001 DG");
  assert.equal(f.dg("99999999999999"), "99,999.99 nDG");
  assert.equal(f.dg("1"), "< 0.01 nDG");
  assert.equal(f.dg("0"), "0.0000 DG");
  assert.equal(f.dg_exact("28560000000"), "0.00000002856 DG");
  assert.equal(f.nano_dg(12), "12.00 nDG");
  assert.equal(f.nano_dg(1_500_000_000), "1.5000 DG");
});

test("story: what was not reached waits, and the audit shows only for drawn jobs", () => {
  assert.deepEqual(states(job([...own_steps], { state: "returned" })), {
    submitted: "done", returned: "done", acknowledged: "done", ordered: "waiting",
    fast_final: "waiting", checkpointed: "waiting", settled: "waiting", draw: "waiting", paid: "waiting" });
  const drawn = states(job([...own_steps, ...chain_steps, ["drawn", 1_900]], { state: "drawn" }));
  assert.deepEqual([drawn.draw, drawn.requested, drawn.verdict], ["done", "waiting", "waiting"]);
  assert.equal(states(job([...chain_steps, ["not_drawn", 1_900]])).verdict, undefined);
});

test("story: steps that passed another gateway are unseen, not waiting", () => {
  const seen = states(job(chain_steps));
  assert.deepEqual([seen.submitted, seen.returned, seen.ordered, seen.paid], ["unseen", "unseen", "done", "waiting"]);
});

test("story: a settled job is fast-final even where this gateway saw no certificate", () => {
  const steps = [["ordered", 1_150], ["checkpointed", 1_200], ["settled", 1_700]];
  assert.equal(states(job(steps, { fast_final: true })).fast_final, "done");
  assert.equal(states(job(steps, { fast_final: false })).fast_final, "unseen");
  assert.equal(states(job([["ordered", 1_150]], { fast_final: false, state: "ordered" })).fast_final, "waiting");
});

test("story: commits and reveals count the checkers that were asked", () => {
  const steps = [...chain_steps, ["drawn", 1_900], asked(2_000, "0, 1, 5"), by("committed", 2_100, 0), by("committed", 2_200, 5)];
  const stages = story(job(steps, { state: "drawn" }));
  const committed = stages.find((x) => x.name === "committed");
  assert.deepEqual(committed.progress, { done: 2, asked: 3 });
  assert.equal(committed.state, "partly");
  assert.equal(stages.find((x) => x.name === "revealed").state, "waiting");
});

test("story: a stage that asks nobody counts nobody", () => {
  const stages = story(job([...chain_steps, ["drawn", 1_900], asked(2_000, undefined), asked(2_100, "4")], { state: "drawn" }));
  assert.deepEqual(stages.find((x) => x.name === "committed").progress, { done: 0, asked: 1 });
});

test("story: times count from the ticket, the result's is the measured one, and none runs backwards", () => {
  const stages = story(job([...own_steps, ["ordered", 990], ["settled", 1_700]], { latency_us: 7_800 }));
  const times = Object.fromEntries(stages.filter((x) => x.at_ms).map((x) => [x.name, [x.after_ms, x.took_ms]]));
  assert.deepEqual(times.returned.map((x) => Math.round(x * 10) / 10), [7.8, 7.8]);
  assert.deepEqual(times.ordered, [10, 0]);  // another clock said 990
  assert.deepEqual(times.settled, [700, 690]);
});

test("story: a refusal ends it, a fault fails its verdict, unknown steps are still told", () => {
  assert.deepEqual(states(job([["submitted", 1], ["accepted", 1], ["returned", 2]], { state: "refused" })),
    { submitted: "done", returned: "failed" });
  const fault = job([...chain_steps, ["drawn", 1], asked(2, "0"), ["verdict", 3], ["slashed", 3]], { state: "faulted" });
  assert.deepEqual([states(fault).verdict, states(fault).slashed, states(fault).paid], ["failed", "failed", undefined]);
  assert.equal(states(job([["proved", 5, { chain: "heavy" }]])).proved, "done");
});

test("digests: equal letters are equal digests, and most checkers decide which is right", () => {
  const checkers = ["b", "b", "b"].map((x, validator) => ({ validator, digest: digest(x) }));
  const lie = job([asked(1, "0, 1, 2, 4")], { digests: { user: digest("a"), validator: digest("a"), checkers } });
  assert.deepEqual(marks(lie), [["A", false], ["A", false], ["B", true], ["B", true], ["B", true], ["–", null]]);
  assert.equal(digests(lie).reference.words, "what 3 of 3 checkers found");
});

test("digests: before any checker, the user's agrees with the validator's or differs", () => {
  const said = (user, validator) => marks(job([], { digests: { user, validator, checkers: [] } }));
  assert.deepEqual(said(digest("a"), digest("a")), [["A", true], ["A", true]]);
  assert.deepEqual(said(digest("a"), digest("b")), [["A", false], ["B", true]]);
  assert.deepEqual(said(null, digest("b")), [["–", null], ["A", null]]);
});

test("digests: checkers in two minds decide nothing by themselves", () => {
  const checkers = [{ validator: 0, digest: digest("b") }, { validator: 1, digest: digest("c") }];
  const torn = job([], { digests: { user: digest("b"), validator: digest("b"), checkers } });
  assert.deepEqual(marks(torn), [["A", true], ["A", true], ["A", true], ["B", false]]);
});
