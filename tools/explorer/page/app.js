// The frame around the views: which one is shown, when it is loaded and drawn again, and what is
// common to all of them (search, copying, the state of the line).

import { h, morph_children } from "./dom.js";
import { EventLine, Problem } from "./network.js";
import { store } from "./store.js";
import * as accounts from "./views/accounts.js";
import * as audits from "./views/audits.js";
import * as blocks from "./views/blocks.js";
import * as committees from "./views/committees.js";
import * as economics from "./views/economics.js";
import * as job from "./views/job.js";
import * as jobs from "./views/jobs.js";
import * as overview from "./views/overview.js";
import * as search from "./views/search.js";
import * as validators from "./views/validators.js";

const draw_gap_ms = 400;      // between two drawings while events pour in
const reload_gap_ms = 500;    // between two loads of the view
const refresh_every_ms = 1_000;
const quiet_refresh_ms = 5_000;  // without news: a chain that stands still tells nothing by itself

/// Path, view, and the entry of the navigation that it belongs to. A view has title(…arguments),
/// load(…arguments), render(data, …arguments) and is_stale(event, data, …arguments).
const routes = [
  [/^$/, overview, "#/"],
  [/^blocks\/(fast|heavy)(?:\/before\/(\d+))?$/, blocks.list, "#/"],
  [/^block\/(fast|heavy)\/([0-9a-f]{64}|\d+)$/, blocks.page, "#/"],
  [/^jobs(?:\/before\/(\d+))?$/, jobs, "#/jobs"],
  [/^job\/([0-9a-f]{64})$/, job, "#/jobs"],
  [/^audits(?:\/before\/(\d+))?$/, audits, "#/audits"],
  [/^committees$/, committees, "#/committees"],
  [/^economics$/, economics, "#/economics"],
  [/^validators$/, validators.list, "#/validators"],
  [/^validator\/(\d+)$/, validators.page, "#/validators"],
  [/^account\/(dg1[0-9a-z]+)$/, accounts.account, null],
  [/^session\/(\d+)$/, accounts.session, null],
  [/^search\/(.+)$/, search, null],
];

const main = document.getElementById("main");
const hint = document.getElementById("hint");
const link = document.getElementById("link");
const search_form = document.querySelector("form.search");

let shown = null;         // {view, args, data, problem}: what the address asks for
let link_state = { state: "connecting" };

// Showing -----------------------------------------------------------------------------------------------

function path_of_address() {
  const path = location.hash.replace(/^#\/?/, "");
  try {
    return decodeURIComponent(path);
  } catch {
    return path;  // a stray "%"
  }
}

function find_route() {
  const path = path_of_address();
  for (const [pattern, view, nav] of routes) {
    const found = path.match(pattern);
    if (found) return { view, nav, args: found.slice(1) };
  }
  return { view: null, nav: null, args: [path] };
}

async function show() {
  const first = shown === null;
  const { view, nav, args } = find_route();
  const mine = { view, args, data: undefined, problem: null, loading: false, again: false };
  shown = mine;
  document.title = `${view ? view.title(...args) : "Not found"} · Datagen`;
  for (const x of document.querySelectorAll(".top nav a"))
    if (x.getAttribute("href") === nav) x.setAttribute("aria-current", "page");
    else x.removeAttribute("aria-current");
  await reload(mine);
  if (shown !== mine) return;
  if (mine.data?.go) return location.replace(`#/${mine.data.go}`);
  window.scrollTo(0, 0);
  if (!first) main.querySelector("h1")?.focus({ preventScroll: true });
}

async function reload(mine = shown) {
  if (!mine.view) return draw();
  if (mine.loading) {
    mine.again = true;
    return;
  }
  mine.loading = true;
  try {
    if (!store.ready) await store.load();
    mine.data = await mine.view.load(...mine.args);
    mine.problem = null;
  } catch (why) {
    mine.problem = why;
  }
  mine.loading = false;
  if (mine === shown) draw();
  if (mine.again) {
    mine.again = false;
    setTimeout(() => mine === shown && reload(mine), reload_gap_ms);
  }
}

function draw() {
  const { view, args, data, problem } = shown;
  if (!view) return morph_children(main, apology("Not found", `There is no page “${args[0]}” here.`));
  if (problem instanceof Problem)
    return morph_children(main, apology(problem.status === 404 ? "Not found" : "Refused", problem.message));
  if (data === undefined || !store.ready)
    return morph_children(main, [h("p.empty", {}, problem ? "The gateway does not answer; trying again." : "Loading…")]);
  const wanted = view.render(data, ...args).flat(Infinity).filter(Boolean);
  morph_children(main, wanted);
}

const apology = (title, sentence) => [
  h("div.heading", {}, h("h1", { tabindex: "-1" }, title)),
  h("p.notice", {}, sentence),
  h("p", {}, h("a", { href: "#/" }, "Back to the overview")),
];

/// At once, then not again before `gap_ms` are over; what comes in between is drawn at the end.
function calmly(gap_ms, action) {
  let resting = false;
  let wanted = false;
  return function run() {
    if (resting) {
      wanted = true;
      return;
    }
    action();
    resting = true;
    setTimeout(() => {
      resting = false;
      if (wanted) run();
      wanted = false;
    }, gap_ms);
  };
}
const draw_calmly = calmly(draw_gap_ms, draw);
const reload_calmly = calmly(reload_gap_ms, () => reload());

// News --------------------------------------------------------------------------------------------------

let news_came = false;
let refreshed_ms = 0;

const line = new EventLine({
  on_event(event) {
    store.take(event);
    news_came = true;
    const { view, args, data } = shown;
    if (view && data && view.is_stale(event, data, ...args)) reload_calmly();
    draw_calmly();
  },
  on_gap() {
    store.load().then(() => reload(), () => {});
  },
  on_link(now) {
    link_state = now;
    show_link();
  },
});

const link_words = { connecting: "Connecting…", live: "Live", lost: "Connection lost, retrying" };

/// The words are read out when they change; the seconds until the next attempt are only shown.
function show_link() {
  const { state, retry_at_ms } = link_state;
  const wait_s = Math.ceil(Math.max(0, (retry_at_ms ?? 0) - Date.now()) / 1_000);
  const [words, countdown] = link.querySelectorAll("span:not(.lamp)");
  link.dataset.state = state;
  if (words.textContent !== link_words[state]) words.textContent = link_words[state];
  countdown.textContent = state === "lost" ? (wait_s > 0 ? ` in ${wait_s} s` : " now") : "";
}

/// A chain that stands still is looked at as often as one that moves: who comes back is news too.
const is_refresh_due = () =>
  store.ready && Date.now() - refreshed_ms >= (store.is_committing() ? quiet_refresh_ms : refresh_every_ms);

setInterval(() => {
  show_link();
  if (document.hidden) return;
  draw_calmly();  // ages
  if (!news_came && !is_refresh_due()) return;
  news_came = false;
  refreshed_ms = Date.now();
  store.refresh().then(draw_calmly, () => {});
}, refresh_every_ms);

// Search, keys and copying --------------------------------------------------------------------------------

search_form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = search_form.elements.q.value.trim();
  if (text) location.hash = `#/search/${encodeURIComponent(text)}`;
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, textarea, select");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  search_form.elements.q.focus();
});

let hint_timer = null;
function tell(text, for_ms) {
  clearTimeout(hint_timer);
  hint.textContent = text;
  hint.hidden = text === "";
  if (for_ms) hint_timer = setTimeout(() => tell(""), for_ms);
}

document.addEventListener("click", async (event) => {
  const whole = event.target.closest("[data-copy]")?.dataset.copy;
  if (!whole) return;
  try {
    await navigator.clipboard.writeText(whole);
    tell(`Copied ${whole}`, 4_000);
  } catch {
    tell(whole);  // no clipboard here: at least all of it can be read and selected
  }
});
document.addEventListener("focusin", ({ target }) => {
  if (target.matches(":focus-visible")) tell(target.dataset.copy ?? target.dataset.full ?? "");
});

// Start -------------------------------------------------------------------------------------------------

window.addEventListener("hashchange", show);
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();  // the address belongs to the views
  main.focus();
});
show();
line.connect();
