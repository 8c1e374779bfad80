// What a search finds: heights and numbers, whole digests, or the beginning of a recent one.

import { h } from "../dom.js";
import * as f from "../format.js";
import { find, items } from "../network.js";
import * as p from "../parts.js";
import { store } from "../store.js";

export const title = (query) => `Search: ${query}`;
export const is_stale = () => false;

/// @returns {hits: [{what, to, text}]}; with a single hit the page goes there at once.
export async function load(text) {
  const query = text.trim().replace(/[…,]/g, "");
  const hits = (await Promise.all([by_number(query), by_digest(query), by_address(query), by_name(query), by_prefix(query)])).flat();
  return { hits, go: hits.length === 1 ? hits[0].to : null };
}

const hit = (what, to, text) => ({ what, to, text });

async function by_number(query) {
  if (!/^\d{1,20}$/.test(query)) return [];
  const [fast, heavy, validator, session] = await Promise.all([
    find(`/v1/chains/fast/blocks/${query}`), find(`/v1/chains/heavy/blocks/${query}`),
    find(`/v1/validators/${query}`), find(`/v1/sessions/${query}`)]);
  return [
    fast && hit("Fast block", `block/fast/${fast.height}`, f.count(fast.height)),
    heavy && hit("Heavy block", `block/heavy/${heavy.height}`, f.count(heavy.height)),
    validator && hit("Validator", `validator/${validator.id}`, store.validator_name(validator.id)),
    session && hit("Session", `session/${session.id}`, session.id),
  ].filter(Boolean);
}

async function by_digest(query) {
  if (!/^[0-9a-f]{64}$/i.test(query)) return [];
  const id = query.toLowerCase();
  const [job, fast, heavy] = await Promise.all([
    find(`/v1/jobs/${id}`), find(`/v1/chains/fast/blocks/${id}`), find(`/v1/chains/heavy/blocks/${id}`)]);
  const keys = store.validators.filter((x) => x.key === id);
  return [
    job && hit("Job", `job/${id}`, f.short_hex(id)),
    fast && hit("Fast block", `block/fast/${id}`, f.count(fast.height)),
    heavy && hit("Heavy block", `block/heavy/${id}`, f.count(heavy.height)),
    ...keys.map((x) => hit("Validator", `validator/${x.id}`, store.validator_name(x.id))),
  ].filter(Boolean);
}

async function by_address(query) {
  if (!/^dg1[0-9a-z]{20,}$/.test(query)) return [];
  return (await find(`/v1/accounts/${query}`)) ? [hit("Account", `account/${query}`, f.short_address(query))] : [];
}

function by_name(query) {
  const wanted = query.toLowerCase();
  return store.validators.filter((x) => wanted && [x.name.toLowerCase(), `validator ${x.id}`].includes(wanted))
    .map((x) => hit("Validator", `validator/${x.id}`, store.validator_name(x.id)));
}

/// Programs print the first twelve digits; among what is recent that is enough.
async function by_prefix(query) {
  if (!/^[0-9a-f]{4,63}$/i.test(query)) return [];
  const start = query.toLowerCase();
  const [jobs, fast, heavy] = await Promise.all([
    items("/v1/jobs?limit=200"), items("/v1/chains/fast/blocks?limit=200"), items("/v1/chains/heavy/blocks?limit=200")]);
  const blocks = (chain, list, what) =>
    list.filter((x) => x.digest.startsWith(start)).map((x) => hit(what, `block/${chain}/${x.height}`, f.count(x.height)));
  return [
    ...jobs.filter((x) => x.id.startsWith(start)).map((x) => hit("Job", `job/${x.id}`, f.short_hex(x.id))),
    ...blocks("fast", fast, "Fast block"), ...blocks("heavy", heavy, "Heavy block"),
  ];
}

export const render = ({ hits }, query) => [
  p.heading(`Search: ${query}`),
  h("section.panel", { "aria-label": "Results" },
    p.table("Results", [
      { head: "What", cell: (x) => x.what },
      { head: "Which", cell: (x) => h("a", { href: `#/${x.to}` }, x.text) },
    ], hits, {
      key: (x) => x.to,
      empty: "Nothing here has that name. A search takes a height, a number, a whole job id, block digest, " +
             "key or account address (dg1…), or the first digits of a recent job or block.",
    })),
];
