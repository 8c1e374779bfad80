// Money over time: how the reserve is released, where a job's price goes, who earned what.

import { h } from "../dom.js";
import * as f from "../format.js";
import { get } from "../network.js";
import * as p from "../parts.js";
import { store } from "../store.js";

export const title = () => "Economics";
export const load = () => get("/v1/economics");
export const is_stale = (event) => event.type === "certified" && event.topic === "heavy";

export const render = ({ emission, fee }) => [
  p.heading("Economics", h("p.aside", {}, `Day ${f.count(emission.today.day)} of the release: `,
    p.amount(emission.today.rate), " a day")),
  h("div.columns", {},
    p.section("Released so far", `of ${f.dg(emission.total)} reserved for mining`, p.facts(
      ["Released", p.amount(emission.today.released)], ["Still to come", p.amount(emission.today.remaining)],
      ["In the pool for rewards", store.status.supply ? p.amount(store.status.supply.reward_pool) : null],
      ["Burned, all in all", store.status.supply ? p.amount(store.status.supply.burned) : null])),
    p.section("Where a job's price goes", null, price_table(fee),
      h("p.note", {}, "Every transfer, session, stake and vote burns ", p.amount(fee.transaction), " besides."))),
  p.section("Release of the reserve", "halved every 1,095 days, six times", emission_chart(emission), corner_table(emission)),
  p.section("What validators earned", "from users, and from the pool by audited work", earned_table()),
];

const price_table = (fee) =>
  p.table("Where a job's price goes", [
    { head: "To", cell: (x) => x.to },
    { head: "Share", cell: (x) => `${(x.permille / 10).toFixed(1)} %`, num: true },
    { head: "", cell: (x) => h("meter", { min: 0, max: 1_000, value: x.permille, "aria-label": `Share of ${x.to}` }), minor: true },
  ], [{ to: "The validator", permille: fee.validator_permille }, { to: "The audit fund", permille: fee.audit_permille },
      { to: "Nobody: burned", permille: fee.burn_permille }], { key: (x) => x.to });

const day_date = (x) => f.clock_time(x.at_ms).slice(0, 10);

const corner_table = ({ corners }) =>
  p.table("Halvings", [
    { head: "Up to day", cell: (x) => f.count(x.day), num: true },
    { head: "Date", cell: (x) => h("span.num", {}, day_date(x)) },
    { head: "A day", cell: (x) => p.amount(x.rate), num: true, minor: true },
    { head: "Released by then", cell: (x) => p.amount(x.released), num: true },
    { head: "Left", cell: (x) => p.amount(x.remaining), num: true, minor: true },
  ], corners.filter((x) => x.day > 0), { key: (x) => `${x.day}` });

const earned_table = () =>
  p.table("What validators earned", [
    { head: "Validator", cell: (x) => p.validator_link(x.id) },
    { head: "From users", cell: (x) => p.amount(x.earned), num: true },
    { head: "Rewards", cell: (x) => p.amount(x.rewards), num: true },
    { head: "Slashed", cell: (x) => (BigInt(x.slashed) > 0n ? p.amount(x.slashed) : "–"), num: true },
  ], [...store.validators].sort(by_income), { key: (x) => `${x.id}`, empty: "There is no validator." });

const income = (x) => BigInt(x.earned) + BigInt(x.rewards);
const by_income = (a, b) => (income(a) < income(b) ? 1 : income(a) > income(b) ? -1 : a.id - b.id);

// The curve: straight between its corners; the long tail after the last halving is cut off.

const width = 720, height = 220, left = 76, bottom = 28, top = 18, shown_days = 8 * 1_095;

function emission_chart({ today, corners, total }) {
  const share = (units) => Number((BigInt(units) * 10_000n) / BigInt(total)) / 10_000;
  const x = (day) => left + (Math.min(day, shown_days) / shown_days) * (width - left - 8);
  const y = (part) => height - bottom - part * (height - bottom - top);
  const tail = corners.find((c) => c.day > shown_days), last = corners.filter((c) => c.day <= shown_days).at(-1);
  const at_cut = share(last.released) +
    ((share(tail.released) - share(last.released)) * (shown_days - last.day)) / (tail.day - last.day);
  const points = [...corners.filter((c) => c.day <= shown_days).map((c) => [x(c.day), y(share(c.released))]), [x(shown_days), y(at_cut)]];
  return s("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, role: "img",
      "aria-label": `Released share of the reserve over ${shown_days} days; today, day ${today.day}, ${(share(today.released) * 100).toFixed(2)} %` },
    [0, 0.25, 0.5, 0.75, 1].map((part) => [
      s("line", { class: "grid", x1: left, x2: width - 8, y1: y(part), y2: y(part) }),
      s("text", { x: left - 8, y: y(part) + 4, "text-anchor": "end" }, `${part * 100} %`)]),
    corners.filter((c) => c.day > 0 && c.day <= shown_days).map((c) => [
      s("line", { class: "grid", x1: x(c.day), x2: x(c.day), y1: top, y2: height - bottom }),
      s("text", { x: x(c.day), y: height - 6, "text-anchor": "middle" }, day_date(c).slice(0, 4))]),
    s("polyline", { class: "curve", points: points.map((q) => q.join(",")).join(" ") }),
    s("circle", { class: "today", cx: x(today.day), cy: y(share(today.released)), r: 5 }));
}

function s(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.flat(Infinity));
  return element;
}
