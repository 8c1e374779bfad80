// `datagen vote …`: proposals about emission and parameters (protocol.md section 4, burn vote, and
// section 5, upgrades).

#include "tools/datagen/signed_transaction.hpp"

#include "tools/datagen/json_fields.hpp"

#include <iostream>

namespace datagen::tools {

using namespace protocol;

namespace {

struct vote_arguments {
  sender_options sender;
  std::uint64_t proposal = 0;
  std::string lock;
  std::string answer;
  std::optional<std::uint32_t> burn_percent;
  std::vector<std::string> changes;
  std::uint32_t delay_blocks = 1'000;
  std::uint64_t start_in_s = 0;
};

ledger::tx::proposal_content content_of(const vote_arguments& x) {
  if (x.burn_percent.has_value() == !x.changes.empty())
    throw failure(exit_usage, "propose either --burn PERCENT or --set NAME=VALUE, which may be repeated");
  if (x.burn_percent)
    return ledger::tx::emission_split{static_cast<std::uint8_t>(100 - *x.burn_percent),
                                      static_cast<std::uint8_t>(*x.burn_percent)};
  ledger::tx::parameter_change result{{}, x.delay_blocks};
  for (const auto& text : x.changes) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
      throw failure(exit_usage, "--set '" + text + "' is not NAME=VALUE");
    result.rows.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return result;
}

exit_code propose(const vote_arguments& x) {
  const auto content = content_of(x);
  const auto lock = amount_option("--lock", x.lock);
  const sender who{x.sender};
  // Live time stands still while the chain does: a little later than asked for is never too early.
  const auto live_ms = count_field(who.api().get("/v1/status"), "live_ms");
  const auto& rules = who.net().start.params;
  const auto room_ms = (rules.vote_start_max_ms - rules.vote_start_min_ms) / 2;
  const auto soon_ms = rules.vote_start_min_ms + std::min<std::uint64_t>(room_ms, 60'000);
  const auto start_ms = live_ms + (x.start_in_s == 0 ? soon_ms : x.start_in_s * 1'000);
  return who.send(ledger::tx::propose{content, start_ms, lock},
                  {{"vote from", std::to_string(start_ms) + " ms of Heavy's live time"},
                   {"locks", to_text(lock)}});
}

exit_code support(const vote_arguments& x) {
  const auto lock = amount_option("--lock", x.lock);
  return sender{x.sender}.send(
    ledger::tx::support{x.proposal, lock},
    {{"supports", "proposal " + std::to_string(x.proposal)}, {"locks", to_text(lock)}});
}

exit_code cast(const vote_arguments& x) {
  const auto lock = amount_option("--lock", x.lock);
  return sender{x.sender}.send(
    ledger::tx::vote{x.proposal, x.answer == "yes", lock},
    {{"votes", x.answer + " on proposal " + std::to_string(x.proposal)}, {"locks", to_text(lock)}});
}

exit_code list(const vote_arguments& x) {
  const auto answer = api_client{x.sender.api}.get("/v1/proposals");
  if (x.sender.json) {
    std::cout << answer << '\n';
    return exit_ok;
  }
  const auto& items = list_field(answer, "items");
  if (items.empty())
    std::cout << "nothing is proposed\n";
  for (const auto& item : items) {
    const auto amount_of = [&item](const char* name) {
      return to_text(amount{from_decimal(text_field(item, name)).value_or(0)});
    };
    print_table({{"proposal", shown_field(item, "proposal") + ", " + text_field(item, "state")},
                 {"  wants", shown_field(item, "content")},
                 {"  vote", "from " + shown_field(item, "start_ms") + " ms of live time, now " +
                              shown_field(answer, "live_ms")},
                 {"  pooled", amount_of("pooled")},
                 {"  yes, no", amount_of("yes") + ", " + amount_of("no")}});
  }
  return exit_ok;
}

}  // namespace

void add_votes(CLI::App& program, action& run) {
  const auto x = std::make_shared<vote_arguments>();
  auto* vote = program.add_subcommand("vote", "Proposals about emission and parameters");
  vote->require_subcommand(1);
  const auto command = [&run, vote, x](const char* name, const char* what, auto does) {
    auto* result = vote->add_subcommand(name, what);
    result->callback([&run, x, does] { run = [x, does] { return does(*x); }; });
    return result;
  };
  const auto money = [x](CLI::App* of) {
    add_sender_options(*of, x->sender);
    of->add_option("--lock", x->lock, "DG that are locked until the count")->required();
  };
  auto* shown = command("list", "What may be supported or voted on", list);
  add_api_option(*shown, x->sender.api);
  shown->add_flag("--json", x->sender.json, "JSON instead of a table");
  auto* proposes = command("propose", "Draft a proposal", propose);
  proposes->add_option("--burn", x->burn_percent, "Percent of each day's release that is burned")
    ->check(CLI::Range(0, 100));
  proposes->add_option("--set", x->changes, "NAME=VALUE of a parameter; repeat it for more");
  proposes->add_option("--delay-blocks", x->delay_blocks,
                       "A change holds so many blocks after the count (default 1000)");
  proposes->add_option("--start-in", x->start_in_s, "Seconds of live time until the vote; default: as "
                                                    "soon as the rules allow");
  money(proposes);
  auto* supports = command("support", "Lock DG behind a draft", support);
  supports->add_option("proposal", x->proposal, "Its number")->required();
  money(supports);
  auto* casts = command("cast", "Vote", cast);
  casts->add_option("proposal", x->proposal, "Its number")->required();
  casts->add_option("answer", x->answer, "yes or no")->required()->check(CLI::IsMember({"yes", "no"}));
  money(casts);
}

}  // namespace datagen::tools
