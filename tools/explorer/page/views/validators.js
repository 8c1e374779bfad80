// Every validator, and one with its checks, audits, pairings and slashes.

import { h } from "../dom.js";
import * as f from "../format.js";
import { get, items } from "../network.js";
import * as p from "../parts.js";
import { store } from "../store.js";

const paired_with = (id) => store.pairings.filter((x) => x.paired.validator === id);

export const validator_table = () =>
  p.table("Validators", [
    { head: "Validator", cell: (x) => p.validator_link(x.id) },
    { head: "Standing", cell: (x) => p.standing_mark(x.standing) },
    { head: "Stake", cell: (x) => p.amount(x.stake), num: true },
    { head: "Ask, nDG/1,000 units", cell: (x) => f.count(x.ask_nano), num: true, minor: true },
    { head: "Echo", cell: (x) => f.microseconds(x.round_trip_us), num: true, minor: true },
    { head: "Sessions", cell: (x) => f.count(paired_with(x.id).length), num: true, minor: true },
    { head: "Jobs", cell: (x) => f.count(x.jobs_ordered), num: true },
    { head: "Checks done", cell: (x) => f.count(x.checks_done), num: true, minor: true },
    { head: "Audits", cell: audit_record, num: true, minor: true },
    { head: "Slashed", cell: (x) => (BigInt(x.slashed) > 0n ? p.amount(x.slashed) : "–"), num: true, minor: true },
  ], store.validators, { key: (x) => `${x.id}`, row_class: (x) => (x.standing === "expelled" ? "gone" : null) });

const audit_record = (x) =>
  x.audits_passed + x.audits_failed === 0 ? "–"
    : [`${f.count(x.audits_passed)} passed`, x.audits_failed > 0 ? h("span.bad-text", {}, `, ${f.count(x.audits_failed)} failed`) : null];

export const list = {
  title: () => "Validators",
  load: () => null,
  is_stale: () => false,
  render: () => {
    const { validators } = store.status;
    return [
      p.heading("Validators", h("p.aside", {}, `${validators.active} of ${validators.total} active`)),
      h("section.panel", { "aria-label": "Validators" }, validator_table()),
      p.section("Pairings", `${f.counted(store.pairings.length, "open session")}`,
        p.session_table("Pairings", store.pairings, { empty: "No user is paired yet." })),
    ];
  },
};

export const page = {
  title: (id) => `Validator ${id}`,
  load: async (id) => {
    const [validator, audits, jobs] = await Promise.all([
      get(`/v1/validators/${id}`), items(`/v1/audits?validator=${id}&limit=20`), items(`/v1/jobs?validator=${id}&limit=10`)]);
    return { validator, audits, jobs };
  },
  is_stale: (event, { validator }) =>
    (event.type === "job" || event.type === "audit") &&
    (event.validator === validator.id || (event.checkers ?? []).includes(validator.id)),
  render: ({ validator: x, audits, jobs }) => {
    const ids = store.validators.map((v) => v.id);
    const at = (step) => ids[ids.indexOf(x.id) + step];
    const to = (id) => (id === undefined ? null : `#/validator/${id}`);
    return [
      p.heading(x.name || `Validator ${x.id}`, p.standing_mark(x.standing),
        p.neighbours("Validators", to(at(-1)), to(at(1)))),
      h("div.columns", {},
        p.section("Identity and offer", null, p.facts(
          ["Number", f.count(x.id)], ["Key", p.digest(x.key)], ["Account", p.account_link(x.address)],
          ["Operator", f.count(x.operator)], ["Stake", p.amount(x.stake)], ["Ask", f.price(x.ask_nano)],
          ["Last Echo", f.microseconds(x.round_trip_us)])),
        p.section("Record", null, p.facts(
          ["Jobs ordered", f.count(x.jobs_ordered)], ["Units matured", f.count(x.units_matured)],
          ["Earned", p.amount(x.earned)], ["Rewards", p.amount(x.rewards)],
          ["Audits passed", f.count(x.audits_passed)],
          ["Audits failed", x.audits_failed ? h("span.bad-text", {}, f.count(x.audits_failed)) : "0"],
          ["Checks done for others", f.count(x.checks_done)], ["Slashed", p.amount(x.slashed)]))),
      x.slashes.length > 0 ? p.section("Slashes", null, slash_table(x.slashes)) : null,
      p.section("Audits of its work", "who checked it, and what they found",
        p.audit_table("Audits of its work", audits, { empty: "None of its jobs was drawn yet.", without: ["Validator"] })),
      h("div.columns", {},
        p.section("Checks it did for others", f.counted(x.checks_done, "check"), check_table(x.checks.slice(0, 10))),
        p.section("Its jobs", f.counted(x.jobs_ordered, "job"), p.job_table("Its jobs", jobs, { empty: "It has had no job yet.", without: ["Validator"] }))),
      p.section("Paired sessions", null,
        p.session_table("Paired sessions", paired_with(x.id), { empty: "No user is paired with it.", without: ["Paired with"] })),
    ];
  },
};

const slash_table = (slashes) =>
  p.table("Slashes", [
    { head: "Heavy block", cell: (x) => p.block_link("heavy", x.height) },
    { head: "Reason", cell: (x) => f.sentence_case(f.words(x.reason)) },
    { head: "Taken", cell: (x) => p.amount(x.taken), num: true },
    { head: "State", cell: (x) => (x.pending ? p.mark("wait", "pending appeal") : p.mark("bad", "final")) },
  ], slashes, {});

const check_table = (checks) =>
  p.table("Checks it did for others", [
    { head: "Job", cell: (x) => p.job_link(x.job) },
    { head: "Digest it found", cell: (x) => p.digest(x.result) },
    { head: "Verdict on the job", cell: (x) => p.outcome_mark(x.outcome) },
  ], checks, { key: (x) => `${x.job}.${x.attempt}`, empty: "It was not asked to check yet." });
