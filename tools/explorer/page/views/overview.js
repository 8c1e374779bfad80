// Both chains side by side, jobs, audits, validators and money: the state of the network.

import { h } from "../dom.js";
import * as f from "../format.js";
import * as p from "../parts.js";
import { store } from "../store.js";
import { validator_table } from "./validators.js";

const rows_shown = 8;

export const title = () => "Overview";
export const load = () => (store.ready ? null : store.load());
export const is_stale = () => false;  // events keep the store fresh

export function render() {
  const { status } = store;
  return [
    p.heading("Overview", h("p.aside", {},
      status.name, " · ", status.development ? "development chain" : "network",
      " · genesis ", p.digest(status.genesis), " · version ", status.version)),
    figures(),
    h("div.columns", {}, chain_panel("fast"), chain_panel("heavy")),
    h("div.columns", {},
      p.section("Latest jobs", h("a", { href: "#/jobs" }, "All jobs"),
        p.job_table("Latest jobs", store.jobs.slice(0, rows_shown), { empty: "No job was submitted yet." })),
      p.section("Latest audits", h("a", { href: "#/audits" }, "All audits"),
        p.audit_table("Latest audits", store.audits.slice(0, rows_shown), { empty: "No job was drawn yet." }))),
    p.section("Validators", h("a", { href: "#/validators" }, "All about validators"), validator_table()),
    supply_panel(),
  ];
}

// Key figures -----------------------------------------------------------------------------------------

const figure = (name, value, ...beside) =>
  h("div.figure", {}, h("dt", {}, name), h("dd", {}, h("strong", {}, value), h("span", {}, ...beside)));

function figures() {
  const { jobs, audits, validators, results } = store.status;
  const checked = store.validators.filter((x) => x.audits_passed + x.audits_failed > 0).length;
  return h("dl.figures", {},
    figure("Result, median", results.count ? f.microseconds(results.p50_us) : "–",
      results.count ? `99 % within ${f.microseconds(results.p99_us)}` : "no job passed this gateway yet"),
    figure("Fast finality, median", f.duration(store.status.fast_finality_ms_p50), "from block to certificate"),
    figure("Jobs settled", f.count(jobs.settled), `${f.count(jobs.ordered)} ordered, ${f.rate(job_rate())} now`),
    figure("Audits passed", f.count(audits.passed),
      `${f.count(audits.failed)} failed, ${f.count(audits.open)} open`),
    figure("Checks", f.count(audits.total_checks),
      `${audits.average_checks_per_validator.toFixed(1)} per validator; ${checked} of ${validators.total} were checked`),
    figure("Prices asked", ...asked_prices()));
}

function asked_prices() {
  const asks = store.validators.filter((x) => x.standing === "active").map((x) => x.ask_nano).sort((a, b) => a - b);
  if (asks.length === 0) return ["–", "no validator is active"];
  const range = asks[0] === asks.at(-1) ? f.count(asks[0]) : `${f.count(asks[0])}–${f.count(asks.at(-1))}`;
  return [range, `nDG per 1,000 units, by ${f.counted(asks.length, "active validator")}`];
}

// Chains ------------------------------------------------------------------------------------------------

/// Per second, over the blocks at hand; the gap since the newest counts too.
function per_second(blocks, weight) {
  if (blocks.length < 2) return null;
  const span_ms = Math.max(store.now_ms(), blocks[0].timestamp_ms) - blocks.at(-1).timestamp_ms;
  return span_ms > 0 ? (blocks.slice(0, -1).reduce((sum, x) => sum + weight(x), 0) * 1_000) / span_ms : null;
}
const job_rate = () => per_second(store.blocks.fast, (x) => x.leaves);

const shown_blocks = { fast: [], heavy: [] };

/// The newest blocks; the list stands still while someone points at it or moves through it by key.
function blocks_to_show(chain) {
  const held = p.is_pointed_at(`.panel.chain.${chain} tbody`);
  if (!held) shown_blocks[chain] = store.blocks[chain].slice(0, rows_shown);
  return { blocks: shown_blocks[chain], held };
}

function chain_panel(chain) {
  const { blocks, held } = blocks_to_show(chain);
  const newest = store.blocks[chain][0];
  const name = chain === "fast" ? "Fast Chain" : "Heavy Chain";
  const facts = store.status[chain];
  return h(`section.panel.chain.${chain}`, { "aria-label": name },
    h("div.panel-head", {}, h("h2", {}, name), h("p.aside", {}, held ? "list held · " : null, h("a", { href: `#/blocks/${chain}` }, "All blocks"))),
    h("div.summit", {},
      h("p.height", {}, h("strong.num", {}, newest ? f.count(newest.height) : "0"),
        h("span", {}, newest ? ["newest block, ", p.time(newest.timestamp_ms), " old"] : "no block yet")),
      h("p.pace", {}, h("strong.num", {}, f.rate(per_second(store.blocks[chain], () => 1))),
        h("span", {}, `blocks, ${f.count(facts.authors)} authors`))),
    h("p.state", {}, ...(chain === "fast" ? fast_state() : heavy_state())),
    h("p.state", {}, h("a", { href: "#/committees" }, `Epoch ${f.count(store.committees[chain].now.epoch)}`), p.alive_mark(store.committees[chain])),
    p.table(`Newest blocks of the ${name}`, [
      { head: "Height", cell: (x) => p.block_link(chain, x.height) },
      { head: "Digest", cell: (x) => p.block_digest_link(chain, x.digest) },
      chain === "fast"
        ? { head: "Jobs", cell: (x) => (x.leaves ? f.count(x.leaves) : "–"), num: true }
        : { head: "Settles", cell: (x) => (x.settles ? `Fast ${f.count(x.settles)}` : "–"), num: true },
      { head: "Author", cell: (x) => x.author, num: true, minor: true },
      { head: "Age", cell: (x) => p.time(x.timestamp_ms), num: true },
      { head: "State", cell: (x) => p.block_mark(chain, x, store.settled_height()) },
    ], blocks, { key: (x) => `${x.height}` }),
    h("p.note", {}, ...finality_note(chain)));
}

const finality_note = (chain) =>
  chain === "fast" ? [h("strong", {}, "Fast-final"), `: ${p.finality_words.fast_final}. `, h("strong", {}, "Settled"), `: ${p.finality_words.settled}.`]
                   : [h("strong", {}, "Final"), ": a quorum of the Heavy committee has signed the block; nothing stronger follows."];

function fast_state() {
  const { fast, jobs } = store.status;
  const waiting = fast.leaves - jobs.settled;
  return [p.mark("good", `settled to ${f.count(store.settled_height())}`),
          p.mark("part", `fast-final to ${f.count(final_height("fast"))}`),
          h("span.quiet", {}, waiting > 0 ? `${f.counted(waiting, "job")} to be settled` : "every job is settled")];
}

function heavy_state() {
  return [p.mark("good", `final to ${f.count(final_height("heavy"))}`),
          h("span.quiet", {}, `checkpoint ${f.count(store.status.fast.settled_checkpoint)} is the newest settled`)];
}

const final_height = (chain) =>
  Math.max(store.status[chain].certified, ...store.blocks[chain].filter((x) => x.certified).map((x) => x.height));

// Money -------------------------------------------------------------------------------------------------

const buckets = [
  ["accounts", "Accounts"], ["stakes", "Stakes"], ["unbonding", "Unbonding"], ["escrow_free", "Escrow, free"],
  ["escrow_lanes", "Escrow, promised to validators"], ["user_bonds", "Bonds of users"],
  ["appeal_bonds", "Bonds of appeals"], ["pending_slashes", "Slashes under appeal"], ["audit_fund", "Audit fund"],
  ["reward_pool", "Reward pool"], ["unreleased", "Not yet emitted"], ["burned", "Burned"], ["reserve", "Reserve"],
  ["vote_locks", "Locked in votes"], ["deposits", "Deposits of those who ask for a leaf"],
];

function supply_panel() {
  const { supply } = store.status;
  if (!supply) return p.section("Supply", null, h("p.empty", {}, "No Heavy author has told its state yet."));
  const share = (units) => Number((BigInt(units) * 100_000n) / BigInt(supply.total)) / 1_000;
  const rows = buckets.filter(([name]) => BigInt(supply[name]) !== 0n);
  return p.section("Supply", `${f.dg(supply.total)} in all; every unit is in one of these`,
    p.table("Supply", [
      { head: "Where", cell: ([, words]) => words },
      { head: "Amount", cell: ([name]) => p.amount(supply[name]), num: true },
      { head: "Share", cell: ([name]) => `${share(supply[name]).toFixed(3)} %`, num: true },
      { head: "", cell: ([name, words]) => h("meter", { min: 0, max: 100, value: share(supply[name]), "aria-label": `Share of ${words}` }), minor: true },
    ], rows, { key: ([name]) => name }));
}
