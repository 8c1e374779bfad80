// Jobs, newest first.

import { h } from "../dom.js";
import { get } from "../network.js";
import * as p from "../parts.js";

export const title = () => "Jobs";
export const load = (cursor) => get(`/v1/jobs?limit=30${cursor ? `&cursor=${cursor}` : ""}`);
export const is_stale = (event, data, cursor) => !cursor && event.type === "job";
export const render = ({ items, next }, cursor) => [
  p.heading("Jobs"),
  h("section.panel", { "aria-label": "Jobs" },
    p.job_table("Jobs", items, { empty: "No job was submitted yet: datagen submit --help tells how." }),
    p.pages("#/jobs", cursor, next)),
];
