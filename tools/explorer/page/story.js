// A job's story as the gateway tells it (/v1/jobs/{id}): its steps as stages in the order of the
// protocol, reached or waiting, and which digests agree. Pure: no document, no network.

const place_words = { edge: "off-chain", fast: "Fast Chain", heavy: "Heavy Chain" };

const before_draw = [
  { name: "submitted", title: "Ticket signed and sent", place: "edge", steps: ["submitted", "accepted"] },
  { name: "returned", title: "Result and receipt returned", place: "edge", steps: ["returned"] },
  { name: "acknowledged", title: "Acknowledged by the user", place: "edge", steps: ["acknowledged"] },
  { name: "ordered", title: "In a Fast block", place: "fast", steps: ["ordered"] },
  { name: "fast_final", title: "Fast-final", place: "fast", steps: ["fast_final"] },
  { name: "checkpointed", title: "In a checkpoint", place: "fast", steps: ["checkpointed"] },
  { name: "settled", title: "Settled", place: "heavy", steps: ["settled"] },
  { name: "draw", title: "Audit draw", place: "heavy", steps: ["drawn", "not_drawn"] },
];
const audit = [
  { name: "requested", title: "Checkers asked", place: "heavy", steps: ["check_requested"] },
  { name: "committed", title: "Checkers committed", place: "heavy", steps: ["committed"] },
  { name: "revealed", title: "Digests revealed", place: "heavy", steps: ["revealed"] },
  { name: "verdict", title: "Verdict", place: "heavy", steps: ["verdict"] },
];
const slashed = { name: "slashed", title: "Stake slashed", place: "heavy", steps: ["slashed"] };
const paid = { name: "paid", title: "Session's claim paid", place: "heavy", steps: ["paid"] };

const has = (job, ...names) => job.timeline.some((x) => names.includes(x.step));

function expected(job) {
  const stages = [...before_draw];
  if (has(job, "drawn", "check_requested")) stages.push(...audit);
  if (has(job, "slashed")) stages.push(slashed);
  if (job.state !== "faulted" || has(job, "paid")) stages.push(paid);
  if (job.state === "refused" && !has(job, "ordered")) stages.length = 2;
  return stages;
}

/// Whom a step asked to check; a stage for which nobody is left to draw asks nobody.
export const asked_by = (step) => (step.who ? step.who.split(", ").map(Number) : []);

/// Checkers that were asked, over all stages of the audit.
function checkers_asked(job) {
  return [...new Set(job.timeline.filter((x) => x.step === "check_requested").flatMap(asked_by))];
}

/// How many of the checkers that were asked have taken a step of this stage.
function progress(job, steps) {
  const asked = checkers_asked(job);
  const done = asked.filter((id) => steps.some((x) => x.who === `validator ${id}`)).length;
  return { done, asked: asked.length };
}

function state_of(job, stage, steps, later_reached) {
  if (stage.name === "returned" && job.state === "refused") return "failed";
  if (stage.name === "verdict" && steps.length > 0 && job.state === "faulted") return "failed";
  if (stage.name === "slashed") return "failed";
  if (steps.length > 0) {
    if (stage.name !== "committed" && stage.name !== "revealed") return "done";
    const { done, asked } = progress(job, steps);
    return done >= asked || later_reached ? "done" : "partly";
  }
  if (stage.name === "fast_final" && job.fast_final) return "done";  // told by settlement, or before a restart
  // What happens between user and validator is seen only by the gateway that it passes.
  return later_reached ? "unseen" : "waiting";
}

/// @returns stages with state (done, partly, waiting, unseen, failed), steps, `after_ms` since the
/// first step of the job and `took_ms` since the stage before.
export function story(job) {
  const start_ms = job.timeline[0]?.at_ms ?? 0;
  const stages = expected(job).map((stage) => ({
    ...stage,
    place_words: place_words[stage.place],
    steps: job.timeline.filter((x) => stage.steps.includes(x.step)),
  }));
  const known = new Set(stages.flatMap((x) => x.steps));
  for (const step of job.timeline.filter((x) => !known.has(x)))
    stages.push({ name: step.step, title: step.step, place: step.chain ?? "edge",
                  place_words: place_words[step.chain ?? "edge"], steps: [step] });
  const last = stages.findLastIndex((x) => x.steps.length > 0);
  let before_ms = start_ms;
  return stages.map((stage, i) => {
    const told = { ...stage, state: state_of(job, stage, stage.steps, i < last) };
    if (stage.name === "committed" || stage.name === "revealed") told.progress = progress(job, stage.steps);
    if (stage.steps.length === 0) return told;
    const measured = stage.name === "returned" && job.latency_us !== null;
    const at_ms = measured ? start_ms + job.latency_us / 1_000 : stage.steps.at(-1).at_ms;
    told.at_ms = Math.max(before_ms, at_ms);  // clocks of several authors may differ a little
    told.after_ms = told.at_ms - start_ms;
    told.took_ms = told.at_ms - before_ms;
    before_ms = told.at_ms;
    return told;
  });
}

/// Who said which digest, and which of them agree. Letters are as in `datagen inspect verdict`:
/// equal letters are equal digests. The reference is what most checkers say; before they speak, what
/// the validator says.
export function digests(job) {
  const said = [
    { role: "User", who: "user", digest: job.digests.user },
    { role: "Validator", who: job.validator, digest: job.digests.validator },
    ...job.digests.checkers.map((x) => ({ role: "Checker", who: x.validator, digest: x.digest })),
  ];
  const silent = checkers_asked(job).filter((id) => !job.digests.checkers.some((x) => x.validator === id));
  said.push(...silent.map((id) => ({ role: "Checker", who: id, digest: null })));

  const spoken = [...new Set(said.map((x) => x.digest).filter(Boolean))];
  const reference = reference_of(job);
  for (const row of said) {
    row.letter = row.digest ? String.fromCharCode(65 + spoken.indexOf(row.digest)) : "–";
    row.match = !row.digest || !reference.digest ? null : row.digest === reference.digest;
  }
  return { rows: said, reference };
}

function reference_of(job) {
  const votes = new Map();
  for (const x of job.digests.checkers) votes.set(x.digest, (votes.get(x.digest) ?? 0) + 1);
  const [digest, count] = [...votes].sort((a, b) => b[1] - a[1])[0] ?? [null, 0];
  const total = job.digests.checkers.length;
  if (count * 2 > total) return { digest, words: `what ${count} of ${total} checkers found` };
  if (job.digests.validator && job.digests.user)
    return { digest: job.digests.validator, words: "the digest that the validator signed" };
  return { digest: null, words: "nothing yet: one digest alone has nothing to agree with" };
}
