// Audits, newest first, under the figures of all checks.

import { h } from "../dom.js";
import * as f from "../format.js";
import { get } from "../network.js";
import * as p from "../parts.js";
import { store } from "../store.js";

export const title = () => "Audits";
export const load = (cursor) => get(`/v1/audits?limit=30${cursor ? `&cursor=${cursor}` : ""}`);
export const is_stale = (event, data, cursor) => !cursor && event.type === "audit";
export function render({ items, next }, cursor) {
  const { audits } = store.status;
  return [
    p.heading("Audits", h("p.aside", {},
      `${f.count(audits.passed)} passed, ${f.count(audits.failed)} failed, ${f.count(audits.open)} open`,
      audits.last ? [" · last checked: ", p.validator_link(audits.last.validator)] : null)),
    h("section.panel", { "aria-label": "Audits" },
      p.audit_table("Audits", items, { empty: "No job was drawn for an audit yet." }),
      p.pages("#/audits", cursor, next)),
  ];
}
