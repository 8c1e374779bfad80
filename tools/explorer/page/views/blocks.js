// Blocks of one chain, and one block with what it changed.

import { h } from "../dom.js";
import * as f from "../format.js";
import { get } from "../network.js";
import * as p from "../parts.js";
import { store } from "../store.js";

const chain_words = { fast: "Fast Chain", heavy: "Heavy Chain" };

export const list = {
  title: (chain) => `Blocks of the ${chain_words[chain]}`,
  load: (chain, cursor) => get(`/v1/chains/${chain}/blocks?limit=30${cursor ? `&cursor=${cursor}` : ""}`),
  is_stale: (event, data, chain, cursor) => !cursor && event.topic === chain && !p.is_pointed_at("main tbody"),
  render: ({ items, next }, chain, cursor) => [
    p.heading(`Blocks of the ${chain_words[chain]}`, chain_switch(chain)),
    h(`section.panel.chain.${chain}`, { "aria-label": "Blocks" },
      p.table("Blocks", [
        { head: "Height", cell: (x) => p.block_link(chain, x.height) },
        { head: "Digest", cell: (x) => p.block_digest_link(chain, x.digest) },
        { head: "Author", cell: (x) => x.author, num: true, minor: true },
        { head: "Transactions", cell: (x) => f.count(x.transactions), num: true, minor: true },
        chain === "fast" ? { head: "Jobs", cell: (x) => f.count(x.leaves), num: true }
                         : { head: "Settles", cell: (x) => (x.settles ? `Fast ${f.count(x.settles)}` : "–"), num: true },
        { head: "Size", cell: (x) => f.bytes(x.bytes), num: true, minor: true },
        { head: "Age", cell: (x) => p.time(x.timestamp_ms), num: true },
        { head: "State", cell: (x) => p.block_mark(chain, x, store.settled_height()) },
      ], items, { key: (x) => `${x.height}` }),
      p.pages(`#/blocks/${chain}`, cursor, next)),
  ],
};

const chain_switch = (shown) =>
  h("nav.switch", { "aria-label": "Chain" }, ["fast", "heavy"].map((chain) =>
    h("a", { href: `#/blocks/${chain}`, "aria-current": chain === shown ? "page" : null }, chain_words[chain])));

export const page = {
  title: (chain, id) => `${chain_words[chain]} block ${id.length === 64 ? f.short_hex(id) : f.count(id)}`,
  load: (chain, id) => get(`/v1/chains/${chain}/blocks/${id}`),
  is_stale: (event, block, chain) =>
    (event.topic === chain && !block.certified) || (chain === "fast" && block.settled === null && event.settles >= block.height),
  render: (x, chain) => [
    p.heading(`Block ${f.count(x.height)}`, p.chain_tag(chain), p.block_mark(chain, x, x.settled ? x.height : 0),
      p.neighbours("Blocks", x.height > 1 ? `#/block/${chain}/${x.height - 1}` : null,
        x.height < (store.blocks[chain][0]?.height ?? 0) ? `#/block/${chain}/${x.height + 1}` : null)),
    p.section("Block", null, p.facts(
      ["Digest", p.digest(x.digest)],
      ["Previous", x.height > 1 ? p.block_digest_link(chain, x.previous) : p.digest(x.previous)],
      ["State root", p.digest(x.state_root)],
      ["Time", [f.clock_time(x.timestamp_ms), ", ", p.time(x.timestamp_ms), " ago"]],
      ["Epoch", f.count(x.epoch)], ["Leader", f.count(x.author)], ["Round", f.count(x.round)],
      ["Authors of its vertices", x.authors.length > 0 ? x.authors.join(", ") : null], ["Vertices", f.count(x.vertices)],
      ["Size", f.bytes(x.bytes)],
      ["Certificate", x.certificate ? `own, signed by authors ${x.certificate.authors.join(", ")}`
        : x.certified ? "covered by a later block's" : "not yet"],
      ...(chain === "fast" ? finality(x) : []),
      chain === "heavy" ? ["Live time", f.duration(x.live_ms)] : null,
      x.settles ? ["Settles", ["Fast blocks up to ", p.block_link("fast", x.settles)]] : null)),
    p.section("What happened", f.counted(x.events.length, "event"), event_table(x.events)),
    p.section("Transactions", f.counted(x.transactions.length, "transaction"), p.table("Transactions", [
      { head: "Transaction", cell: (t) => p.digest(t.id) },
      { head: "Outcome", cell: (t) => (t.code === 0 ? p.mark("good", "executed") : p.mark("none", `refused: ${t.reason}`)) },
    ], x.transactions, { empty: "None: the block moved time and consensus on." })),
  ],
};

/// Both levels, each with what it means.
const finality = (x) => [
  ["Fast-final", [x.fast_final ? p.mark("good", "yes") : p.mark("wait", "not yet"), h("p.quiet", {}, f.sentence_case(p.finality_words.fast_final))]],
  ["Settled", [
    x.settled ? [p.mark("good", "yes"), " in Heavy block ", p.block_link("heavy", x.settled.height), ` of epoch ${f.count(x.settled.epoch)}`] : p.mark("wait", "not yet"),
    h("p.quiet", {}, f.sentence_case(p.finality_words.settled))]],
];

// Events: the fields that lead somewhere as links, the others as they are -------------------------------

const event_table = (events) =>
  p.table("Events", [
    { head: "Event", cell: (x) => f.sentence_case(f.words(x.type)) },
    { head: "About", cell: (x) => h("dl.inline", {}, Object.entries(x).filter(([name]) => name !== "type").map(([name, value]) =>
        h("div", {}, h("dt", {}, f.words(name.replace(/_(nano|ms|us)$/, ""))), h("dd", {}, field(name, value))))) },
  ], events, { empty: "Nothing but the passing of time." });

const amounts = ["stake", "escrow", "refunded", "taken", "left", "to_validator", "to_audit_fund", "burned", "paid", "value", "released", "reserved"];

function field(name, value) {
  if (value === null) return "–";
  if (Array.isArray(value)) return value.length === 0 ? "none" : p.among(value.map((x) => field(name, x)));
  if (name === "validator" || name === "checker" || name === "checkers" || name === "stand_ins") return p.validator_link(value);
  if (typeof value === "object") return p.among(Object.entries(value).map(([key, x]) => h("span", {}, field(key, x))));
  if (name === "job") return p.job_link(value);
  if (name === "session") return p.session_link(value);
  if (name === "user" || name === "from" || name === "to") return p.account_link(value);
  if (name === "heavy_height") return p.block_link("heavy", value);
  if (name === "fast_height") return p.block_link("fast", value);
  if (amounts.includes(name)) return p.amount(value);
  if (name === "fee_nano") return f.nano_dg(value);
  if (name.endsWith("_nano")) return f.price(value);
  if (name === "timestamp_ms") return f.clock_time(value);
  if (name.endsWith("_ms")) return `at ${f.duration(value)} of live time`;
  if (name.endsWith("_us")) return f.microseconds(value);
  if (typeof value === "number") return f.count(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  return /^[0-9a-f]{64}$/.test(value) ? p.digest(value) : f.words(value);
}
