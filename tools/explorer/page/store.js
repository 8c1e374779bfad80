// What every view may look at: the state of the network, asked for once and kept fresh by events.

import { get, items } from "./network.js";

const blocks_max = 50;
const jobs_max = 50;
const audits_max = 50;

/// Puts `item` into `list`, which is sorted, greatest `rank` first; an item of the same rank goes.
function merge(list, item, rank, most) {
  const at = list.findIndex((x) => rank(x) <= rank(item));
  if (at < 0) list.push(item);
  else list.splice(at, rank(list[at]) === rank(item) ? 1 : 0, item);
  list.length = Math.min(list.length, most);
}

/// The same for lists in the order in which things happened, found again by what makes them one.
function renew(list, item, is_same, most) {
  const at = list.findIndex((x) => is_same(x, item));
  if (at >= 0) list[at] = item;
  else list.unshift(item);
  list.length = Math.min(list.length, most);
}

const height = (block) => block.height;
const is_same_job = (a, b) => a.id === b.id;
const is_same_audit = (a, b) => a.job === b.job && a.attempt === b.attempt;

export const store = {
  ready: false,
  status: null,
  blocks: { heavy: [], fast: [] },
  jobs: [],
  audits: [],
  validators: [],
  pairings: [],
  committees: null,
  clock_ahead_ms: 0,  // the gateway's clock against this one

  now_ms() {
    return Date.now() + this.clock_ahead_ms;
  },

  /// Everything, anew.
  async load() {
    const [heavy, fast, jobs, audits] = await Promise.all([
      items(`/v1/chains/heavy/blocks?limit=${blocks_max}`),
      items(`/v1/chains/fast/blocks?limit=${blocks_max}`),
      items(`/v1/jobs?limit=${jobs_max}`),
      items(`/v1/audits?limit=${audits_max}`),
      this.refresh(),
    ]);
    this.blocks = { heavy, fast };
    this.jobs = jobs;
    this.audits = audits;
    this.ready = true;
  },

  /// What no event carries.
  async refresh() {
    const [status, committees, validators, pairings] = await Promise.all([
      get("/v1/status"),
      get("/v1/committees"),
      items("/v1/validators"),
      items("/v1/pairings?limit=200"),
    ]);
    this.clock_ahead_ms = status.now_ms - Date.now();
    Object.assign(this, { status, committees, validators, pairings });
  },

  take(event) {
    if (event.type === "block") merge(this.blocks[event.topic], event, height, blocks_max);
    else if (event.type === "certified") this.certify(event.topic, event.height);
    else if (event.type === "job") renew(this.jobs, event, is_same_job, jobs_max);
    else if (event.type === "audit") renew(this.audits, event, is_same_audit, audits_max);
  },

  certify(chain, up_to) {
    for (const block of this.blocks[chain]) if (block.height <= up_to) block.certified = true;
  },

  /// Fast blocks up to here are settled on the Heavy Chain, as the newest blocks tell it.
  settled_height() {
    const told = this.blocks.heavy.map((x) => x.settles ?? 0);
    return Math.max(this.status?.fast.settled_height ?? 0, ...told);
  },

  is_committing() {
    return this.committees.heavy.committing && this.committees.fast.committing;
  },

  validator_name(id) {
    const name = this.validators.find((x) => x.id === id)?.name;
    return name || `validator ${id}`;
  },
};
