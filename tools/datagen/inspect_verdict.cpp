// `datagen inspect verdict U P C1 C2 C3 [C5]`: one audit's verdict (R19, protocol.md section 3).

#include "protocol/audit/verdict.hpp"
#include "tools/datagen/commands.hpp"

#include <boost/json.hpp>

#include <iostream>

namespace datagen::tools {

namespace {

struct verdict_arguments {
  std::string mode = "hardened";
  bool receipt = false;
  bool bad_input = false;
  std::uint32_t attempt = 0;
  std::vector<std::string> slots;
  bool json = false;
};

protocol::audit_facts facts_of(const verdict_arguments& x) {
  const auto label = [&x](std::size_t i) {
    const char c = x.slots[i][0];
    return c == '-' ? protocol::absent : static_cast<protocol::digest_label>(c);
  };
  protocol::audit_facts result;
  result.mode =
    x.mode == "hardened" ? protocol::audit_mode::hardened : protocol::audit_mode::whitepaper;
  result.user = label(0);
  result.validator = label(1);
  result.checkers = {label(2), label(3), label(4)};
  if (x.slots.size() > 5)
    result.fifth = label(5);
  result.receipt = x.receipt;
  result.input_unavailable = x.bad_input;
  result.refills_used = x.attempt;
  return result;
}

exit_code print(const verdict_arguments& x) {
  const auto verdict = protocol::decide(facts_of(x));
  boost::json::array pays;
  std::string names;
  for (std::uint8_t i = 0; i < protocol::payer_count; ++i)
    if (const auto who = static_cast<protocol::payer>(i); verdict.pays(who)) {
      pays.emplace_back(to_string(who));
      names += (names.empty() ? "" : ", ") + std::string{to_string(who)};
    }
  if (x.json)
    std::cout << boost::json::object{{"outcome", to_string(verdict.outcome)},
                                     {"pays", std::move(pays)},
                                     {"rule", to_string(verdict.rule)}}
              << '\n';
  else
    print_table({{"outcome", to_string(verdict.outcome)},
                 {"rule", to_string(verdict.rule)},
                 {"pays", names.empty() ? "nobody" : names}});
  return exit_ok;
}

/// One slot: a letter, or '-' for an absent digest. @returns CLI11's form of an error
std::string check_slot(const std::string& text) {
  const bool letter =
    text.size() == 1 && ((text[0] >= 'A' && text[0] <= 'Z') || (text[0] >= 'a' && text[0] <= 'z'));
  return letter || text == "-" ? std::string{}
                               : "'" + text + "' is not a digest: give one letter, or - for absent";
}

}  // namespace

void add_inspect_verdict(CLI::App& inspect, action& run) {
  auto* command = inspect.add_subcommand("verdict", "What an audit with these digests decides");
  auto x = std::make_shared<verdict_arguments>();
  command->add_option("--mode", x->mode, "whitepaper or hardened (default)")
    ->check(CLI::IsMember({"whitepaper", "hardened"}));
  command->add_flag("--receipt", x->receipt, "The user holds the validator's receipt over U");
  command->add_flag("--bad-input", x->bad_input, "The input is settled as unavailable");
  command->add_option("--attempt", x->attempt, "Refills already used: 0, 1 or 2")
    ->check(CLI::IsMember({"0", "1", "2"}));
  command->add_flag("--json", x->json, "One JSON object");
  command
    ->add_option("digests", x->slots,
                 "U P C1 C2 C3 [C5]: equal letters are equal digests, - is absent")
    ->required()
    ->expected(5, 6)
    ->check(check_slot);
  command->callback([&run, x] { run = [x] { return print(*x); }; });
}

}  // namespace datagen::tools
