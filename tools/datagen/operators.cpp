// `datagen validator …` and `datagen author …`: what operators say to the Heavy Chain about
// themselves. The key that signs is the validator's or author's own, so it needs the money.

#include "tools/datagen/signed_transaction.hpp"

#include "tools/datagen/json_fields.hpp"

#include "protocol/crypto/bech32m.hpp"
#include "protocol/ledger/staking.hpp"

#include <chrono>
#include <thread>

namespace datagen::tools {

using namespace protocol;

namespace {

struct operator_arguments {
  sender_options sender;
  std::string stake;
  std::uint64_t ask = 0;
  std::uint32_t operator_id = 0;
  std::string name;
};

/// Under which id the chain knows the sender's key; empty where this gateway has not heard of it yet.
std::string id_of(const sender& who) {
  const auto answer = who.api().get("/v1/validators");
  for (const auto& x : list_field(answer, "items"))
    if (shown_field(x, "address") == to_address(who.account()))
      return shown_field(x, "id");
  return {};
}

exit_code join(const operator_arguments& x) {
  const auto stake = amount_option("--stake", x.stake);
  if (x.name.size() > ledger::validator_name_max)
    throw failure(exit_usage, "--name has more than " +
                                std::to_string(ledger::validator_name_max) + " characters");
  const sender who{x.sender};
  const auto code = who.send(ledger::tx::join{x.operator_id, stake, x.ask, x.name},
                             {{"joins as", x.name}, {"stake", to_text(stake)}});
  for (int i = 0; code == exit_ok && !x.sender.json && i < 20; ++i) {
    if (const auto id = id_of(who); !id.empty()) {
      print_table({{"validator", id + ": `datagen network join` makes its host"}});
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{250});
  }
  return code;
}

using deed = std::function<exit_code(const operator_arguments&)>;

exit_code leave(const operator_arguments& x) {
  return sender{x.sender}.send(ledger::tx::leave{},
                               {{"leaves", "no new work; the stake is released after unbonding"}});
}

exit_code ask(const operator_arguments& x) {
  return sender{x.sender}.send(
    ledger::tx::set_ask{x.ask}, {{"ask", std::to_string(x.ask) + " nDG per 1,000 units"}});
}

exit_code add_stake(const operator_arguments& x) {
  const auto value = amount_option("--amount", x.stake);
  return sender{x.sender}.send(ledger::tx::add_stake{value}, {{"adds", to_text(value)}});
}

exit_code stand(const operator_arguments& x) {
  const auto stake = amount_option("--stake", x.stake);
  return sender{x.sender}.send(
    ledger::tx::stand{stake}, {{"stands", "for the Heavy committee"}, {"stake", to_text(stake)}});
}

exit_code stand_down(const operator_arguments& x) {
  return sender{x.sender}.send(ledger::tx::stand_down{}, {{"stands down", "stake is released later"}});
}

}  // namespace

void add_operators(CLI::App& program, action& run) {
  const auto x = std::make_shared<operator_arguments>();
  const auto command = [&run, x](CLI::App& of, const char* name, const char* what, deed does) {
    auto* result = of.add_subcommand(name, what);
    add_sender_options(*result, x->sender);
    result->callback([&run, x, does] { run = [x, does] { return does(*x); }; });
    return result;
  };
  auto* validator = program.add_subcommand("validator", "Joins, prices, stakes and leaves");
  validator->require_subcommand(1);
  auto* joins = command(*validator, "join", "Bond a stake and compute for others", join);
  joins->add_option("--stake", x->stake, "DG to bond")->required();
  joins->add_option("--ask", x->ask, "Price, 10^-9 DG per 1,000 units")->required();
  joins->add_option("--operator", x->operator_id, "Number of who runs it: its own are never checkers of each other")
    ->required();
  joins->add_option("--name", x->name, "At most 32 characters");
  auto* asks = command(*validator, "ask", "Another price", ask);
  asks->add_option("ask", x->ask, "10^-9 DG per 1,000 units")->required();
  auto* stakes = command(*validator, "stake", "Bond more", add_stake);
  stakes->add_option("--amount", x->stake, "DG")->required();
  command(*validator, "leave", "Take no new work, and the stake back after unbonding", leave);
  auto* author = program.add_subcommand("author", "Stands for the Heavy Chain's committee");
  author->require_subcommand(1);
  auto* stands = command(*author, "stand", "Bond a stake and stand for election", stand);
  stands->add_option("--stake", x->stake, "DG to bond, on top of what is bonded")->required();
  command(*author, "leave", "Stand down", stand_down);
}

}  // namespace datagen::tools
