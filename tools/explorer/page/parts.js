// The pieces that views are made of.

import { h } from "./dom.js";
import * as f from "./format.js";
import { store } from "./store.js";

// Links and digests ---------------------------------------------------------------------------------

const link_to = (path, text, attributes) => h("a", { href: `#/${path}`, ...attributes }, text);

/// A digest to read and to copy: short here, whole in the title, in the hint on focus, when copied.
export const digest = (hex) =>
  hex ? h("button.hex", { type: "button", "data-copy": hex, title: hex }, f.short_hex(hex)) : "–";

const hex_link = (path, hex, text) => link_to(path, text, { class: "hex", title: hex, "data-full": hex });

export const job_link = (id) => hex_link(`job/${id}`, id, f.short_hex(id));
export const block_link = (chain, height) => link_to(`block/${chain}/${height}`, f.count(height), { class: "num" });
export const block_digest_link = (chain, hex) => hex_link(`block/${chain}/${hex}`, hex, f.short_hex(hex));
export const account_link = (address) => hex_link(`account/${address}`, address, f.short_address(address));
export const session_link = (id) => hex_link(`session/${id}`, id, id.length > 12 ? `${id.slice(0, 8)}…` : id);
export const validator_link = (id) => link_to(`validator/${id}`, store.validator_name(id), { class: "who" });
/// "Checker 3", or only "3" in lists.
export const validator_number = (id, role = "") =>
  link_to(`validator/${id}`, `${role} ${id}`.trim(), { class: "who", title: store.validator_name(id) });

export const amount = (units) =>
  h("span.num", { title: units === null || units === undefined ? null : f.dg_exact(units) }, f.dg(units));

export const time = (at_ms) =>
  h("time.num", { datetime: new Date(at_ms).toISOString(), title: f.clock_time(at_ms) },
    f.age(at_ms, store.now_ms()));

/// Lists of links with commas between.
export const among = (parts) => parts.flatMap((x, i) => (i === 0 ? [x] : [", ", x]));

// Marks: a sign and a word, never colour alone --------------------------------------------------------

const signs = { good: "✓", bad: "✕", warn: "!", wait: "○", part: "◐", none: "–" };

export const mark = (kind, text) =>
  h(`span.mark.${kind}`, {}, h("span.sign", { "aria-hidden": "true" }, signs[kind]), text);

const job_marks = {
  running: ["wait", "running"], returned: ["part", "returned"], refused: ["bad", "refused"],
  ordered: ["wait", "ordered"], settled: ["good", "settled"], drawn: ["part", "in audit"],
  audited: ["good", "audited"], faulted: ["bad", "faulted"],
};
/// An ordered job is fast-final as soon as a quorum has signed its block.
export const job_mark = (job) =>
  job.state === "ordered" && job.fast_final ? mark("part", "fast-final") : mark(...(job_marks[job.state] ?? ["none", job.state]));

const outcome_marks = { pass: "good", fault: "bad", void: "none", undetermined: "none" };
export const outcome_mark = (outcome) =>
  outcome ? mark(outcome_marks[outcome] ?? "part", f.words(outcome)) : mark("wait", "open");

export function audit_mark(audit) {
  if (audit.state === "settled") return outcome_mark(audit.outcome);
  return mark("part", audit.state === "commit" ? "committing" : "revealing");
}

const standing_marks = { active: "good", frozen: "warn", leaving: "none", expelled: "bad" };
export const standing_mark = (standing) => mark(standing_marks[standing] ?? "none", standing);

/// The two levels of finality, in one line each.
export const finality_words = {
  fast_final: "a quorum of the Fast committee has signed the block: it stands unless a third of them lie",
  settled: "its checkpoint is in a Heavy block: only this counts for money and for the audit draw",
};

/// Who is at work: a quorum is needed, more is better.
export function alive_mark(line) {
  const { size, quorum } = line.now;
  const words = `${line.alive} of ${size} authors alive`;
  if (!line.committing) return mark("bad", line.alive < quorum ? `${words}, ${quorum} are needed` : `${words}, but no block comes`);
  return line.alive < size ? mark("warn", words) : mark("good", words);
}

/// What is known of a block: ordered by its authors, certified by a quorum, settled on Heavy.
export function block_mark(chain, block, settled_height) {
  if (chain === "fast" && block.height <= settled_height) return mark("good", "settled");
  if (!block.certified) return mark("wait", "ordered");
  return chain === "fast" ? mark("part", "fast-final") : mark("good", "final");
}

export const chain_tag = (chain) => h(`span.tag.${chain}`, {}, chain === "fast" ? "Fast" : "Heavy");

// Shapes ----------------------------------------------------------------------------------------------

export const heading = (text, ...beside) => h("div.heading", {}, h("h1", { tabindex: "-1" }, text), ...beside);

export const section = (title, aside, ...content) =>
  h("section.panel", { "aria-label": title },
    h("div.panel-head", {}, h("h2", {}, title), aside ? h("p.aside", {}, aside) : null), ...content);

/// Pairs of name and value; rows without a value are left out.
export const facts = (...rows) =>
  h("dl.facts", {},
    rows.filter((row) => row && row[1] !== null && row[1] !== undefined)
      .map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));

/// @param all_columns {head, cell(row), num: right-aligned figures, minor: left out on narrow screens}
/// @param without heads of columns that say nothing here
export function table(label, all_columns, rows, { key, row_class, empty = "Nothing yet.", without = [] } = {}) {
  if (rows.length === 0) return h("p.empty", {}, empty);
  const columns = all_columns.filter((x) => !without.includes(x.head));
  const kind = (x) => [x.num ? "num" : "", x.minor ? "minor" : ""].filter(Boolean).join(" ") || null;
  return h("div.table", {},
    h("table", { "aria-label": label },
      h("thead", {}, h("tr", {}, columns.map((x) => h("th", { scope: "col", class: kind(x) }, x.head)))),
      h("tbody", {}, rows.map((row) =>
        h("tr", { "data-key": key?.(row), class: row_class?.(row) },
          columns.map((x) => h("td", { class: kind(x) }, x.cell(row))))))));
}

/// Whether someone points at it or moves through it by key: what moves away cannot be clicked.
/// A touch screen's last tap is no pointing.
export function is_pointed_at(selector) {
  const pointing = matchMedia("(hover: hover)").matches ? ":hover, :focus-within" : ":focus-within";
  return document.querySelector(selector)?.matches(pointing) ?? false;
}

/// Links to the neighbours of what is shown; `null` where there is none.
export const neighbours = (label, previous, next) =>
  h("nav.neighbours", { "aria-label": label },
    previous ? h("a", { href: previous, rel: "prev" }, "← Previous") : h("span", { "aria-hidden": "true" }, "← Previous"),
    next ? h("a", { href: next, rel: "next" }, "Next →") : h("span", { "aria-hidden": "true" }, "Next →"));

/// To the newest and to older entries of a list.
export const pages = (base, cursor, next) =>
  h("nav.neighbours", { "aria-label": "Pages of this list" },
    cursor ? h("a", { href: base }, "← Newest") : h("span", { "aria-hidden": "true" }, "← Newest"),
    next ? h("a", { href: `${base}/before/${next}`, rel: "next" }, "Older →") : h("span", { "aria-hidden": "true" }, "Older →"));

// Tables that several views show ------------------------------------------------------------------------

export const job_table = (label, jobs, options) =>
  table(label, [
    { head: "Job", cell: (x) => job_link(x.id) },
    { head: "Kernel", cell: (x) => x.kernel ?? "–", minor: true },
    { head: "Validator", cell: (x) => validator_link(x.validator) },
    { head: "State", cell: (x) => job_mark(x) },
    { head: "Result after", cell: (x) => f.microseconds(x.latency_us), num: true, minor: true },
    { head: "Age", cell: (x) => (x.at_ms ? time(x.at_ms) : "–"), num: true },
  ], jobs, { key: (x) => x.id, ...options });

export const audit_table = (label, audits, options) =>
  table(label, [
    { head: "Job", cell: (x) => job_link(x.job) },
    { head: "Validator", cell: (x) => validator_link(x.validator) },
    { head: "Checkers", cell: (x) => among(x.checkers.map((id) => validator_number(id))), minor: true },
    { head: "Verdict", cell: audit_mark },
    { head: "Rule", cell: (x) => x.rule ?? "–", minor: true },
    { head: "Age", cell: (x) => (x.at_ms ? time(x.at_ms) : "–"), num: true },
  ], audits, { key: (x) => `${x.job}.${x.attempt}`, ...options });

export const session_table = (label, sessions, options) =>
  table(label, [
    { head: "Session", cell: (x) => session_link(x.id) },
    { head: "User", cell: (x) => account_link(x.user) },
    { head: "Paired with", cell: (x) => (x.paired ? validator_link(x.paired.validator) : mark("wait", "not paired")) },
    { head: "Mode", cell: (x) => x.mode, minor: true },
    { head: "Stand-ins", cell: (x) => (x.stand_ins.length > 0 ? among(x.stand_ins.map((id) => validator_number(id))) : "–"), minor: true },
  ], sessions, { key: (x) => x.id, ...options });
