#include "tools/scenario/deeds.hpp"

namespace datagen::scenario {

namespace tx = protocol::ledger::tx;

namespace {

constexpr const char* user_deeds = "proposes, supports, votes or floods";
constexpr const char* validator_deeds = "joins or asks";
constexpr std::uint64_t dg_max = 30'000'000;
constexpr std::uint64_t flood_per_s_max = 10'000;

class deed_reader {
public:
  deed_reader(line_reader& line, const party& who, std::uint64_t at_ms)
      : line_(line), who_(who), at_ms_(at_ms) {}

  action read(position at) {
    const auto what = line_.take(who_.kind == 'u' ? user_deeds : validator_deeds);
    if (who_.kind == 'v' && what.text == "joins")
      return act::join{who_, line_.take_if("asking") ? price() : 0};
    if (who_.kind == 'v' && what.text == "asks")
      return act::move_money{who_, tx::set_ask{price()}};
    if (who_.kind != 'u' && who_.kind != 'v')
      throw script_failure{at, to_string(who_) + " has no money to move: name a user or a validator"};
    if (who_.kind == 'u' && what.text == "proposes")
      return act::move_money{who_, read_proposal()};
    if (who_.kind == 'u' && what.text == "supports") {
      const auto number = line_.number("the number of a proposal");
      return act::move_money{who_, tx::support{number, locking()}};
    }
    if (who_.kind == 'u' && what.text == "votes")
      return act::move_money{who_, read_vote()};
    if (who_.kind == 'u' && what.text == "floods")
      return read_flood();
    line_.fail(what, who_.kind == 'u' ? user_deeds : validator_deeds);
  }

private:
  std::uint64_t price() { return line_.number("a price in 10^-9 DG per 1,000 units"); }
  protocol::amount money() {
    const auto* found = line_.peek();
    const auto dg = line_.number("an amount in DG");
    if (dg > dg_max)
      line_.fail(*found, "an amount of at most 30000000 DG");
    return protocol::dg(dg);
  }
  protocol::amount locking() {
    line_.need("locking");
    return money();
  }
  proposal read_proposal() {
    proposal x;
    if (line_.take_all("to burn")) {
      const auto* found = line_.peek();
      const auto percent = line_.number("a percentage");
      if (percent > 100)
        line_.fail(*found, "a percentage from 0 to 100");
      x.content = tx::emission_split{static_cast<std::uint8_t>(100 - percent),
                                     static_cast<std::uint8_t>(percent)};
    } else {
      x.content = read_rows();
    }
    line_.need("in");
    x.in_ms = line_.time("in");
    x.lock = locking();
    return x;
  }
  /// `audit_rate_ppm = 500000 revision = 2 after 5 blocks`
  tx::parameter_change read_rows() {
    tx::parameter_change x;
    do {
      const auto name = line_.take("'to burn' or the name of a parameter");
      line_.need("=");
      x.rows.emplace_back(name.text, line_.take("its value").text);
    } while (line_.peek() && line_.peek()->text != "after" && line_.peek()->text != "in");
    if (line_.take_if("after")) {
      const auto* found = line_.peek();
      const auto blocks = line_.number("a number of blocks");
      if (blocks > UINT32_MAX)
        line_.fail(*found, "a number of blocks");
      x.delay_blocks = static_cast<std::uint32_t>(blocks);
      line_.need("blocks");
    }
    return x;
  }
  act::flood read_flood() {
    act::flood x{.who = who_};
    for (const auto& to : line_.several())
      if (to.kind == 'v')
        x.to.insert(to);
    line_.need("with");
    const auto* found = line_.peek();
    x.per_s = line_.number("packages a second");
    if (x.per_s == 0 || x.per_s > flood_per_s_max)
      line_.fail(*found, "1 to 10000 packages a second");
    line_.need("echoes");
    line_.need("a");
    line_.need("second");
    line_.need("for");
    x.until_ms = at_ms_ + line_.time("for");
    return x;
  }
  tx::vote read_vote() {
    const auto word = line_.take("yes or no");
    if (word.text != "yes" && word.text != "no")
      line_.fail(word, "yes or no");
    line_.need("on");
    const auto number = line_.number("the number of a proposal");
    return {number, word.text == "yes", locking()};
  }
  line_reader& line_;
  party who_;
  std::uint64_t at_ms_;
};

}  // namespace

bool names_party(std::string_view word) {
  return word.size() >= 2 && std::string_view{"vhru"}.find(word[0]) != std::string_view::npos &&
         word.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

action deed_of(line_reader& line, const party& who, std::uint64_t at_ms, position at) {
  return deed_reader{line, who, at_ms}.read(at);
}

}  // namespace datagen::scenario
