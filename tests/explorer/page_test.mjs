// The explorer in a real Chromium against the real program: `datagen up` with data on disk and
// frequent audits, and jobs sent by `datagen submit` until one is drawn. Waits have a limit far
// beyond what is ever needed and end as soon as the page shows what they wait for.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

const { DATAGEN, CHROMIUM, MODULES } = process.env;
const { chromium } = createRequire(join(MODULES, "index.js"))("playwright-core");

const limit_ms = 60_000;
const audit_rate_ppm = "200000";  // about the most that the default fees can pay for
const jobs_max = 100;             // all undrawn once in five thousand million runs
const desktop = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };
const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
               "--disable-background-networking", "--disable-component-update", "--disable-sync"];

const home = mkdtempSync(join(tmpdir(), "datagen-page-"));
let cluster = null;
let api = null;
let browser = null;
let job = null;

// The cluster -------------------------------------------------------------------------------------------

async function start_cluster(port) {
  const ready = join(home, "ready");
  rmSync(ready, { force: true });
  cluster = spawn(DATAGEN, ["up", "--quiet", "--data", join(home, "data"), "--port", String(port),
                            "--audit-rate", audit_rate_ppm, "--ready-file", ready], { stdio: ["ignore", "ignore", "inherit"] });
  const deadline = Date.now() + limit_ms;
  while (!existsSync(ready) || !readFileSync(ready, "utf8").endsWith("\n")) {
    assert.ok(Date.now() < deadline && cluster.exitCode === null, "the cluster did not become ready");
    await new Promise((go) => setTimeout(go, 50));
  }
  api = JSON.parse(readFileSync(ready, "utf8")).api;
}

async function stop_cluster() {
  if (!cluster || cluster.exitCode !== null) return;
  cluster.kill("SIGINT");
  await once(cluster, "exit");
}

async function submit() {
  const input = join(home, "input");
  writeFileSync(input, "what the customer sends\n".repeat(10_000));
  const { stdout } = await promisify(execFile)(DATAGEN, [
    "submit", "merkle.root", "--input", input, "--output", join(home, "output"), "--api", api,
    "--dev-account", "0", "--state", join(home, "sessions.json"), "--json"]);
  return JSON.parse(stdout).job;
}

/// Whether the beacon drew the job, as soon as that is known.
async function is_drawn(id) {
  const deadline = Date.now() + limit_ms;
  for (;;) {
    const { timeline } = await (await fetch(`${api}/v1/jobs/${id}`)).json();
    const draw = timeline.find((x) => x.step === "drawn" || x.step === "not_drawn");
    if (draw) return draw.step === "drawn";
    assert.ok(Date.now() < deadline, `no draw decided on job ${id}`);
    await new Promise((go) => setTimeout(go, 50));
  }
}

before(async () => {
  await start_cluster(0);
  browser = await chromium.launch({ executablePath: CHROMIUM, args: flags });
  for (let i = 0; i < jobs_max; ++i) {
    job = await submit();
    if (await is_drawn(job)) return;
  }
  assert.fail(`none of ${jobs_max} jobs was drawn`);
});

after(async () => {
  await browser?.close();
  await stop_cluster();
  rmSync(home, { recursive: true, force: true });
});

// A visit: one page, and everything that may not happen on it ---------------------------------------------

async function visit(path, { viewport = desktop, scheme = "light", permissions = [] } = {}) {
  const context = await browser.newContext({ viewport, colorScheme: scheme, permissions });
  context.setDefaultTimeout(limit_ms);
  const page = await context.newPage();
  const faults = [];
  page.on("console", (x) => ["error", "warning"].includes(x.type()) && faults.push(`console: ${x.text()}`));
  page.on("pageerror", (x) => faults.push(`exception: ${x.stack}`));
  page.on("request", (x) => new URL(x.url()).origin !== api && faults.push(`request to ${x.url()}`));
  page.on("websocket", (x) => new URL(x.url()).host !== new URL(api).host && faults.push(`socket to ${x.url()}`));
  page.on("response", (x) => x.status() >= 400 && faults.push(`${x.status()} for ${x.url()}`));
  await page.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener("securitypolicyviolation", (x) => globalThis.violations.push(`${x.violatedDirective}: ${x.blockedURI}`));
  });
  await page.goto(`${api}/#/${path}`);
  await page.locator("main h1").waitFor();
  const leave = async () => {
    assert.deepEqual(await page.evaluate("violations"), []);
    assert.deepEqual(faults, []);
    await context.close();
  };
  return { page, context, faults, leave };
}

const stage = (page, name, state) => page.locator(`[data-stage="${name}"][data-state="${state}"]`);
const number_in = async (locator) => Number((await locator.textContent()).replaceAll(",", ""));

/// Waits until the figure is above `than`.
async function grows(locator, than) {
  const deadline = Date.now() + limit_ms;
  let now = than;
  while (now <= than) {
    assert.ok(Date.now() < deadline, `still ${now}, was ${than}`);
    await new Promise((go) => setTimeout(go, 100));
    now = await number_in(locator);
  }
}

const color = (locator, property) => locator.evaluate((x, name) => getComputedStyle(x)[name], property);
/// 0 black to 255 white.
const lightness = (css) => css.match(/[\d.]+/g).slice(0, 3).reduce((sum, x) => sum + Number(x), 0) / 3;

// Claims ------------------------------------------------------------------------------------------------

test("overview: both chains are there, and their heights grow without a reload", async () => {
  const { page, leave } = await visit("");
  assert.equal(await page.title(), "Overview · Datagen");
  await page.getByText("Live", { exact: true }).waitFor();
  for (const name of ["Fast Chain", "Heavy Chain"]) {
    const chain = page.getByRole("region", { name, exact: true });
    const height = chain.locator(".height strong");
    await grows(height, await number_in(height));
    assert.ok((await chain.locator("tbody tr").count()) > 3);
  }
  for (const name of ["Latest jobs", "Latest audits", "Validators", "Supply"])
    await page.getByRole("region", { name, exact: true }).waitFor();
  await page.getByRole("region", { name: "Latest jobs" }).getByText("merkle.root@0").first().waitFor();
  await leave();
});

test("overview: a list of blocks stands still under the pointer, so that it can be clicked", async () => {
  const { page, leave } = await visit("");
  const chain = page.getByRole("region", { name: "Fast Chain", exact: true });
  await chain.locator("tbody tr a").first().hover();
  await chain.getByText("list held").waitFor();
  const first = await chain.locator("tbody tr a").first().textContent();
  const height = chain.locator(".height strong");
  await grows(height, await number_in(height));
  assert.equal(await chain.locator("tbody tr a").first().textContent(), first);
  await leave();
});

test("job: the story reaches settled and the verdict, and user, validator and checkers match", async () => {
  const { page, leave } = await visit(`job/${job}`);
  assert.equal(await page.title(), `Job ${job.slice(0, 12)}… · Datagen`);
  for (const name of ["submitted", "returned", "acknowledged", "ordered", "fast_final", "checkpointed", "settled", "draw",
                      "requested", "committed", "revealed", "verdict"])
    await stage(page, name, "done").waitFor();
  const digests = page.getByRole("table", { name: "Result digests" });
  assert.equal(await digests.locator("tbody tr").count(), 5);
  assert.equal(await digests.locator("tr.match").count(), 5);
  assert.equal(await digests.locator(".mark.good", { hasText: "match" }).count(), 5);
  const told = await (await fetch(`${api}/v1/jobs/${job}`)).json();
  assert.equal(await digests.locator("button.hex").first().getAttribute("data-copy"), told.digests.user);
  await page.getByText("The result stands.").waitFor();
  await leave();
});

test("job: what has not happened waits, and is shown when it happens", async () => {
  const { page, context, leave } = await visit("");
  let hold = true;  // the gateway's answer, cut back to what it was before the Fast Chain
  await context.route(`**/v1/jobs/${job}`, async (route) => {
    const answer = await route.fetch();
    const told = await answer.json();
    if (hold) {
      told.timeline = told.timeline.filter((x) => !x.chain);
      Object.assign(told, { state: "returned", verdict: null });
      told.digests.checkers = [];
    }
    await route.fulfill({ response: answer, json: told });
  });
  await page.goto(`${api}/#/job/${job}`);
  await stage(page, "acknowledged", "done").waitFor();
  for (const name of ["ordered", "checkpointed", "settled", "draw"]) await stage(page, name, "waiting").waitFor();
  assert.equal(await page.locator('[data-stage="verdict"]').count(), 0);
  hold = false;
  await page.goto(`${api}/#/`);
  await page.goto(`${api}/#/job/${job}`);
  await stage(page, "settled", "done").waitFor();
  await leave();
});

test("job: a digest that differs says so in word and colour, and the checkers' is the right one", async () => {
  const { page, context, leave } = await visit("");
  await context.route(`**/v1/jobs/${job}`, async (route) => {
    const answer = await route.fetch();
    const told = await answer.json();
    told.digests.validator = told.digests.user = "f".repeat(64);
    await route.fulfill({ response: answer, json: told });
  });
  await page.goto(`${api}/#/job/${job}`);
  const rows = page.getByRole("table", { name: "Result digests" }).locator("tbody tr");
  await rows.nth(4).waitFor();
  const words = await rows.locator(".mark").evaluateAll((all) => all.map((x) => x.lastChild.textContent));
  assert.deepEqual(words, ["differs", "differs", "match", "match", "match"]);
  const good = await color(rows.nth(2).locator(".mark"), "color");
  const bad = await color(rows.nth(1).locator(".mark"), "color");
  assert.notEqual(good, bad);
  const [r, g] = bad.match(/\d+/g).map(Number);
  assert.ok(r > g, `a differing digest is ${bad}`);
  await leave();
});

test("finality: job and block say both levels and what each means", async () => {
  const { page, leave } = await visit(`job/${job}`);
  await stage(page, "fast_final", "done").getByText("A quorum of the Fast committee has signed the block").waitFor();
  await stage(page, "settled", "done").getByText("only this counts for money").waitFor();
  const told = await (await fetch(`${api}/v1/jobs/${job}`)).json();
  assert.ok(told.fast_final && told.ordered.height > 0 && told.settled.height > 0);
  await page.goto(`${api}/#/block/fast/${told.ordered.height}`);
  const block = page.getByRole("region", { name: "Block", exact: true });
  await block.getByText("yes in Heavy block").waitFor();
  await block.getByText("A quorum of the Fast committee has signed the block").waitFor();
  await leave();
});

test("committees: both are there with every member alive, and the overview leads to them", async () => {
  const { page, leave } = await visit("");
  await page.getByRole("region", { name: "Heavy Chain", exact: true }).getByText("4 of 4 authors alive").waitFor();
  await page.getByRole("region", { name: "Fast Chain", exact: true }).getByRole("link", { name: "Epoch 0" }).click();
  for (const name of ["Fast Chain", "Heavy Chain"]) {
    const members = page.getByRole("table", { name: `Members of the ${name}'s committee` });
    await members.getByText("alive").first().waitFor();
    assert.equal(await members.locator(".mark.good").count(), await members.locator("tbody tr").count());
  }
  await page.getByText("No successor is elected").first().waitFor();
  await leave();
});

test("economics: the curve has the reserve's halvings, today lies on it, and the shares of a price are whole", async () => {
  const { page, leave } = await visit("economics");
  await page.waitForSelector("h1:text-is('Economics')");
  const rows = await page.locator("table[aria-label='Halvings'] tbody tr").allInnerTexts();
  assert.equal(rows.length, 8);
  assert.match(rows[0], /1,095.*4,560\.0000 DG.*4,993,200\.0000 DG/s);
  assert.match(rows.at(-1), /79,127.*22\d\d-.*15,000,000\.0000 DG/s);
  assert.equal(await page.locator("svg.chart polyline").count(), 1);
  assert.match(await page.locator("svg.chart").getAttribute("aria-label"), /day 1, 0\.03 %/);
  const shares = await page.locator("table[aria-label=\"Where a job's price goes\"] tbody td:nth-child(2)").allInnerTexts();
  assert.equal(shares.reduce((sum, x) => sum + Number.parseFloat(x), 0), 100);
  await leave();
});

test("committees: fewer than a quorum is said in words and figures, and who is missing", async () => {
  const { page, context, leave } = await visit("committees");
  await context.route("**/v1/committees", async (route) => {
    const answer = await route.fetch();
    const told = await answer.json();
    Object.assign(told.heavy, { alive: 2, committing: false, stalled_ms: 12_300, missing: [2, 3] });
    for (const x of told.heavy.now.members.slice(2)) x.alive = false;
    await route.fulfill({ response: answer, json: told });
  });
  const heavy = page.getByRole("region", { name: "Heavy Chain", exact: true });
  await heavy.getByText("2 of 4 authors alive, 3 are needed").waitFor();
  await heavy.getByText("no block for 12.3 s").waitFor();
  await heavy.getByText("Missing: author 2, author 3, not heard in the last 10.0 s.").waitFor();
  assert.equal(await heavy.locator("td .mark.bad", { hasText: "missing" }).count(), 2);
  await leave();
});

test("links: from the overview to block, validator, session and account, and every one loads by itself", async () => {
  const { page, leave } = await visit(`job/${job}`);
  await stage(page, "settled", "done").getByRole("link").first().click();
  await page.getByRole("region", { name: "What happened" }).getByText("Checkpoint settled").waitFor();
  const heavy = page.url();
  await page.getByRole("link", { name: "← Previous" }).click();
  await page.waitForURL((url) => url.href !== heavy);
  for (const view of ["validator/3", "jobs", "audits", "validators", "committees", "economics", "blocks/fast", "blocks/heavy", "block/fast/1"]) {
    await page.goto(`${api}/#/${view}`);
    await page.reload();
    await page.locator("main .panel").first().waitFor();
    assert.notEqual(await page.locator("h1").textContent(), "Not found");
  }
  await page.goto(`${api}/#/job/${job}`);
  await page.getByRole("region", { name: "Job", exact: true }).locator('a[href^="#/session/"]').click();
  await page.getByRole("region", { name: "Lanes" }).waitFor();
  await page.locator('a[href^="#/account/"]').first().click();
  await page.getByRole("region", { name: "Account" }).getByText("Balance").waitFor();
  await page.goto(`${api}/#/nowhere`);
  await page.getByRole("heading", { name: "Not found" }).waitFor();
  await leave();
});

test("phone: nothing is wider than 390 pixels", async () => {
  const { page, leave } = await visit("", { viewport: phone });
  for (const view of ["", `job/${job}`, "validators", "committees", "economics", "validator/0", "audits", "jobs", "blocks/heavy", "block/heavy/1", "block/fast/1"]) {
    await page.goto(`${api}/#/${view}`);
    await page.reload();
    await page.locator("main .panel").first().waitFor();
    const [wide, room] = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]");
    assert.equal(room, phone.width);
    assert.ok(wide <= room, `#/${view} is ${wide} pixels wide`);
  }
  await leave();
});

test("schemes: dark is dark, light is light, and text can be read on both", async () => {
  for (const scheme of ["light", "dark"]) {
    const { page, leave } = await visit("", { scheme });
    const ground = lightness(await color(page.locator(".panel").first(), "backgroundColor"));
    const text = lightness(await color(page.locator(".panel h2").first(), "color"));
    assert.ok(scheme === "dark" ? ground < 64 : ground > 192, `${scheme}: ground ${ground}`);
    assert.ok(Math.abs(ground - text) > 128, `${scheme}: ground ${ground}, text ${text}`);
    await leave();
  }
});

test("keyboard: Tab and / reach the search, Enter finds a job by its first digits", async () => {
  const { page, leave } = await visit("");
  const focused = () => page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Skip to content");
  for (let i = 0; i < 8; ++i) await page.keyboard.press("Tab");
  assert.equal(await focused(), "Search");
  await page.locator("h1").focus();
  await page.keyboard.press("/");
  assert.equal(await focused(), "Search");
  await page.keyboard.type(`${job.slice(0, 12)}…`);
  await page.keyboard.press("Enter");
  await page.waitForURL(`${api}/#/job/${job}`);
  await stage(page, "settled", "done").waitFor();
  assert.equal(await page.evaluate("document.activeElement.nodeName"), "H1");
  await leave();
});

test("search: a height is looked for on both chains; what nobody knows is said, not shown as an error", async () => {
  const { page, faults, context } = await visit("search/2");
  const results = page.getByRole("table", { name: "Results" });
  for (const what of ["Fast block", "Heavy block", "Validator"]) await results.getByText(what, { exact: true }).waitFor();
  await page.goto(`${api}/#/search/${"0".repeat(64)}`);
  await page.getByText("Nothing here has that name.").waitFor();
  assert.deepEqual(faults.filter((x) => !/404/.test(x)), []);  // the browser reports every 404 by itself
  await context.close();
});

test("drawing: nodes with a key are kept, moved and dropped by it, the others by their place", async () => {
  const { page, leave } = await visit("");
  const seen = await page.evaluate(async () => {
    const { h, morph_children } = await import("/dom.js");
    const list = h("ul", {});
    const draw = (...keys) => morph_children(list, keys.map((x) => h("li", x === "-" ? {} : { "data-key": x }, h("button", {}, x))));
    const told = () => [...list.children].map((x) => x.textContent).join("");
    document.getElementById("main").after(list);
    draw("b", "a");
    const b = list.firstChild;
    b.firstChild.focus();
    draw("d", "c", "b", "a");
    const first = [told(), list.children[2] === b, document.activeElement === b.firstChild];
    draw("-", "a", "b", "b", "-");  // a key twice is a mistake, but loses no row
    const second = [told(), list.children[2] === b];
    draw();
    return [...first, ...second, told()];
  });
  assert.deepEqual(seen, ["dcba", true, true, "-abb-", true, ""]);
  await leave();
});

test("digests: the whole one is told on focus and copied by a click", async () => {
  const { page, leave } = await visit(`job/${job}`, { permissions: ["clipboard-read", "clipboard-write"] });
  const digest = page.getByRole("table", { name: "Result digests" }).locator("button.hex").first();
  const whole = await digest.getAttribute("data-copy");
  assert.match(whole, /^[0-9a-f]{64}$/);
  await digest.click();
  await page.getByText(`Copied ${whole}`).waitFor();
  assert.equal(await page.evaluate("navigator.clipboard.readText()"), whole);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Shift+Tab");
  await page.locator("#hint", { hasText: new RegExp(`^${whole}$`) }).waitFor();
  await leave();
});

test("connection: its loss is said, and the page is live again when the cluster is", async () => {
  const { page, context } = await visit("");
  await page.getByText("Live", { exact: true }).waitFor();
  const port = new URL(api).port;
  await stop_cluster();
  await page.getByText("Connection lost, retrying").waitFor();
  await start_cluster(port);
  await page.getByText("Live", { exact: true }).waitFor();
  const height = page.getByRole("region", { name: "Fast Chain", exact: true }).locator(".height strong");
  await grows(height, await number_in(height));
  await page.goto(`${api}/#/job/${job}`);
  await stage(page, "ordered", "done").waitFor();  // the archive remembers
  await context.close();
});
