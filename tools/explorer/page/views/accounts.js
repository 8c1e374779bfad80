// An account with its sessions, and one session with its pairing, lanes and jobs.

import { h } from "../dom.js";
import * as f from "../format.js";
import { get, items } from "../network.js";
import * as p from "../parts.js";
import { store } from "../store.js";

export const account = {
  title: (address) => `Account ${f.short_address(address)}`,
  load: async (address) => {
    const [found, sessions] = await Promise.all([
      get(`/v1/accounts/${address}`), items(`/v1/sessions?user=${address}&limit=100`)]);
    return { found, sessions };
  },
  is_stale: (event) => event.topic === "heavy" && event.events > 0,
  render: ({ found, sessions }) => {
    const validator = store.validators.find((x) => x.address === found.address);
    return [
      p.heading("Account"),
      p.section("Account", null, p.facts(
        ["Address", h("button.hex.whole", { type: "button", "data-copy": found.address }, found.address)],
        ["Balance", p.amount(found.balance)], ["Transactions sent", f.count(found.nonce)],
        ["Validator", validator ? p.validator_link(validator.id) : null])),
      p.section("Sessions", null, p.session_table("Sessions", sessions, { empty: "This account has opened no session." })),
    ];
  },
};

export const session = {
  title: (id) => `Session ${id}`,
  load: async (id) => {
    const [found, jobs] = await Promise.all([get(`/v1/sessions/${id}`), items(`/v1/jobs?session=${id}&limit=20`)]);
    return { found, jobs };
  },
  is_stale: (event, data, id) => event.session === id || (event.topic === "heavy" && event.events > 0),
  render: ({ found: x, jobs }) => [
    p.heading("Session", x.closed ? p.mark("none", "closed") : p.mark("good", "open")),
    h("div.columns", {},
      p.section("Session", null, p.facts(
        ["Number", h("button.hex.whole", { type: "button", "data-copy": x.id }, x.id)], ["User", p.account_link(x.user)],
        ["Pairing", x.mode === "latency" ? "by latency: the fastest correct answer" : "random: a stake-weighted draw"],
        ["Paired with", x.paired ? p.validator_link(x.paired.validator) : "nobody"],
        ["Echo", x.paired?.round_trip_us ? f.microseconds(x.paired.round_trip_us) : null],
        ["Stand-ins", x.stand_ins.length > 0 ? p.among(x.stand_ins.map(p.validator_link)) : "none"],
        ["Bid", f.price(x.bid_nano)],
        ["Escrow, free", x.escrow_free ? p.amount(x.escrow_free) : null], ["Escrow", x.escrow ? p.amount(x.escrow) : null],
        ["Bond", x.bond ? p.amount(x.bond) : null], ["Paid", x.paid ? p.amount(x.paid) : null])),
      p.section("Lanes", "what each payee may earn", p.table("Lanes", [
        { head: "Payee", cell: (lane) => p.validator_link(lane.validator) },
        { head: "Reserved", cell: (lane) => p.amount(lane.reserved), num: true },
        { head: "Settled", cell: (lane) => p.amount(lane.settled), num: true },
      ], x.lanes, { key: (lane) => `${lane.validator}`, empty: "No lane is reserved." }))),
    p.section("Jobs", null, p.job_table("Jobs of this session", jobs, { empty: "No job of this session is known here." })),
  ],
};
