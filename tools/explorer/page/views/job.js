// One job: its story in time, who said which digest, and the verdict.

import { h } from "../dom.js";
import * as f from "../format.js";
import { get } from "../network.js";
import * as p from "../parts.js";
import { store } from "../store.js";
import { asked_by, digests, story } from "../story.js";

export const title = (id) => `Job ${f.short_hex(id)}`;
export const load = (id) => get(`/v1/jobs/${id}`);
export const is_stale = (event, job) => event.type === "job" && event.id === job.id;

export const render = (job) => {
  const stages = story(job);
  return [
    p.heading(["Job ", h("span.mono", { title: job.id }, f.short_hex(job.id))], p.job_mark(job)),
    job.reason ? h("p.notice.bad", {}, `Refused (${f.words(job.code)}): ${job.reason}`) : null,
    milestones(stages),
    h("div.columns.job", {},
      p.section("Story", start_words(job), timeline(stages)),
      h("div", {}, digest_panel(job), verdict_panel(job), facts_panel(job))),
  ];
};

const start_words = (job) =>
  job.timeline[0]?.step === "submitted" ? "times count from the signed ticket" : "times count from the first step seen here";

// Times -------------------------------------------------------------------------------------------------

const milestone_names = [["returned", "Result"], ["fast_final", "Fast-final"], ["settled", "Settled"], ["verdict", "Verdict"], ["paid", "Paid"]];

function milestones(stages) {
  const shown = milestone_names.map(([name, words]) => [words, stages.find((x) => x.name === name)]).filter(([, x]) => x);
  return h("dl.figures", {}, shown.map(([words, x]) =>
    h("div.figure", { class: `figure ${x.state}` }, h("dt", {}, words),
      h("dd", {}, h("strong.num", {}, when_reached(x)), h("span", {}, x.place_words)))));
}

function when_reached(stage) {
  if (stage.after_ms !== undefined) return stage.after_ms === 0 ? "start" : f.duration(stage.after_ms);
  return stage.state === "unseen" ? "not seen" : "waiting";
}

const state_words = { done: "done", partly: "in progress", waiting: "waiting", unseen: "not seen by this gateway", failed: "failed" };
const state_signs = { done: "✓", partly: "◐", waiting: "", unseen: "–", failed: "✕" };

const timeline = (stages) => h("ol.timeline", {}, stages.map(stage_row));

const stage_row = (stage) =>
  h("li", { "data-key": stage.name, "data-stage": stage.name, "data-state": stage.state, class: stage.state },
    h("span.dot", { "aria-hidden": "true" }, state_signs[stage.state]),
    h("div.what", {},
      h("p.name", {}, h("strong", {}, stage.title),
        stage.progress?.asked ? ` ${stage.progress.done} of ${stage.progress.asked}` : null,
        h(`span.tag.${stage.place}`, {}, stage.place_words),
        h("span.visually-hidden", {}, `, ${state_words[stage.state]}`)),
      p.finality_words[stage.name] ? h("p.quiet.why", {}, f.sentence_case(p.finality_words[stage.name])) : null,
      stage.steps.length > 0 ? h("ul.steps", { class: stage.name === "committed" ? "steps flow" : "steps" }, stage.steps.map(step_row))
                             : h("p.quiet", {}, f.sentence_case(state_words[stage.state]))),
    h("div.when.num", {}, stage.after_ms === undefined ? null : [
      h("strong", { title: f.clock_time(stage.at_ms) }, stage.after_ms === 0 ? "0" : `+${f.duration(stage.after_ms)}`),
      stage.took_ms > 0 ? h("span", { title: "since the step before" }, `took ${f.duration(stage.took_ms)}`) : null]));

/// Steps whose name says it all: who took them, and where.
const brief = ["committed", "revealed"];
/// Steps whose text names everyone.
const nameless = ["submitted", "accepted", "acknowledged"];

const step_row = (x) => {
  const parts = [];
  if (x.step === "check_requested") parts.push(["Asked: ", asked(asked_by(x))]);
  else if (brief.includes(x.step)) parts.push(who(x.who));
  else parts.push([nameless.includes(x.step) || !x.who ? null : [who(x.who), ": "], f.sentence_case(x.text)]);
  if (x.height) parts.push(["block ", p.block_link(x.chain, x.height)]);
  if (x.digest) parts.push(p.digest(x.digest));
  return h("li", {}, parts.map((part, i) => (i === 0 ? part : [" · ", part])));
};

const asked = (ids) => (ids.length > 0 ? p.among(ids.map((id) => p.validator_number(id))) : "nobody, no checker was left to draw");

function who(name) {
  const id = name.match(/^validator (\d+)$/)?.[1];
  return id ? p.validator_link(Number(id)) : f.sentence_case(name);
}

// Digests -------------------------------------------------------------------------------------------------

function digest_panel(job) {
  const { rows, reference } = digests(job);
  return p.section("Result digests", null,
    p.table("Result digests", [
      { head: "Who", cell: (x) => (x.who === "user" ? "User" : p.validator_number(x.who, x.role)) },
      { head: "Digest", cell: (x) => h("span", {}, h("span.letter", {}, x.letter), p.digest(x.digest)) },
      { head: "Agreement", cell: match_mark },
    ], rows, { key: (x) => `${x.role}.${x.who}`, row_class: (x) => (x.match === null ? "waits" : x.match ? "match" : "mismatch") }),
    h("p.note", {}, `Compared with ${reference.words}. Equal letters are equal digests.`));
}

function match_mark(row) {
  if (row.match === null) return p.mark("wait", row.digest ? "alone so far" : row.role === "User" ? "not told" : "waiting");
  return row.match ? p.mark("good", "match") : p.mark("bad", "differs");
}

const outcome_words = {
  pass: "The result stands.", fault: "The result is wrong; the validator pays.", void: "The audit decided nothing.",
  undetermined: "The digests decide nothing.", escalate: "More checkers decide.", replace: "A checker is replaced.", fifth: "A fifth checker decides.",
};

const payers = { P: "the validator", U: "the user" };

function verdict_panel(job) {
  if (!job.verdict) return null;
  const { outcome, rule, pays } = job.verdict;
  return p.section("Verdict", p.outcome_mark(outcome),
    h("p", {}, outcome_words[outcome] ?? ""),
    p.facts(["Rule", rule], ["Pays", pays.length > 0 ? pays.map((x) => payers[x] ?? `checker ${x}`).join(", ") : "nobody"]));
}

const facts_panel = (job) =>
  p.section("Job", null, p.facts(
    ["Id", p.digest(job.id)], ["Kernel", job.kernel ?? "told when it is audited"], ["Validator", p.validator_link(job.validator)],
    ["Session", p.session_link(job.session)], ["Sequence", f.count(job.sequence)], ["Attempt", f.count(job.attempt)],
    ["Work", f.counted(job.units, "unit")], ["Fee", f.nano_dg(job.fee_nano)],
    ["Downloads", job.latency_us === null ? null : [
      h("a", { href: `/v1/jobs/${job.id}/result`, download: "" }, "Result"), ", ",
      h("a", { href: `/v1/jobs/${job.id}/receipt`, download: "" }, "receipt")]]));
