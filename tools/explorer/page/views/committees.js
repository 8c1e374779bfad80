// Who serves on both chains, who of them is missing, who comes next and who served before.

import { h } from "../dom.js";
import * as f from "../format.js";
import * as p from "../parts.js";
import { store } from "../store.js";

export const title = () => "Committees";
export const load = () => null;
export const is_stale = () => false;  // the store keeps them fresh

export const render = () => [
  p.heading("Committees", h("p.aside", {}, "A block needs a quorum of its chain's authors: fewer than a third may be missing. ",
    h("a", { href: "/v1/checkpoint" }, "Checkpoint of the newest Heavy committee"))),
  h("div.columns", {}, chain_panel("fast", "Fast Chain"), chain_panel("heavy", "Heavy Chain")),
];

function chain_panel(chain, name) {
  const line = store.committees[chain];
  return h(`section.panel.chain.${chain}`, { "aria-label": name },
    h("div.panel-head", {}, h("h2", {}, `${name}, epoch ${f.count(line.now.epoch)}`), h("p.aside", {}, since(chain, line.now))),
    h("p.state", {}, p.alive_mark(line), h("span.quiet", {}, pace(line))),
    missing_words(line),
    member_table(`Members of the ${name}'s committee`, chain, line.now.members, line),
    h("h3", {}, "Next"),
    h("p.quiet", {}, next_words(line.next)),
    line.next ? member_table(`Next committee of the ${name}`, chain, line.next.members, null, line.next) : null,
    line.past.length > 0 ? h("h3", {}, "Before") : null,
    past_table(`Earlier committees of the ${name}`, chain, line.past));
}

const since = (chain, committee) =>
  committee.seated_in === null ? "since genesis"
    : ["since block ", p.block_link(chain, committee.first_height), ", seated in Heavy block ", p.block_link("heavy", committee.seated_in)];

const pace = (line) => (line.committing ? `newest block ${f.duration(line.stalled_ms)} ago` : `no block for ${f.duration(line.stalled_ms)}`);

const name_in = (line, id) => line.now.members.find((x) => x.id === id)?.name ?? `author ${id}`;

const missing_words = (line) =>
  line.missing.length === 0 ? null
    : h("p.notice", { class: line.committing ? "notice" : "notice bad" },
        `Missing: ${line.missing.map((id) => name_in(line, id)).join(", ")}, not heard in the last ${f.duration(line.window_ms)}.` +
        (line.committing ? "" : ` ${line.now.quorum} of ${line.now.size} are needed; nothing commits until then.`));

/// @param line of the serving committee: who is alive
/// @param next of the elected one: who has dealt
const member_table = (label, chain, members, line, next) =>
  p.table(label, [
    { head: "Member", cell: (x) => (chain === "fast" ? p.validator_link(x.id) : x.name) },
    { head: "Number", cell: (x) => f.count(x.id), num: true, minor: true },
    { head: "Key", cell: (x) => p.digest(x.key), minor: true },
    line ? { head: "State", cell: (x) => (x.alive ? p.mark("good", "alive") : p.mark("bad", "missing")) }
         : { head: "Coin", cell: (x) => (next.ready || next.dealt.includes(x.id) ? p.mark("good", "dealt") : p.mark("wait", "to deal")) },
    line ? { head: "Last heard", cell: (x) => (x.silent_ms === null ? "never" : `${f.duration(x.silent_ms)} ago`), num: true } : null,
  ].filter(Boolean), members, { key: (x) => `${x.id}` });

function next_words(next) {
  if (!next) return "No successor is elected: this committee goes on until one is, and until its coin is made.";
  const elected = `Epoch ${f.count(next.epoch)} was elected in Heavy block ${f.count(next.elected_in)}`;
  return next.state === "ready" ? `${elected}; its coin is made, it takes over next.`
    : `${elected}; ${next.dealt.length} of ${next.quorum} dealings for its coin are on chain.`;
}

const past_table = (label, chain, past) =>
  past.length === 0 ? null
    : p.table(label, [
        { head: "Epoch", cell: (x) => f.count(x.epoch), num: true },
        { head: "Since block", cell: (x) => p.block_link(chain, x.first_height), num: true },
        { head: "Members", cell: (x) => x.members.map((m) => m.id).join(", ") },
        { head: "Quorum", cell: (x) => `${x.quorum} of ${x.size}`, num: true, minor: true },
      ], past, { key: (x) => `${x.epoch}` });
