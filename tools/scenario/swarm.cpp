#include "tools/scenario/swarm.hpp"

#include "tools/scenario/dice.hpp"
#include "tools/scenario/places.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace datagen::scenario {

namespace {

// A development chain's windows are 5 s and less: who is cut off for longer may miss one, and is fined.
constexpr std::uint64_t fault_ms_max = 3'000;
constexpr std::uint64_t faults_from_ms = 12'000;
constexpr std::uint64_t quiet_ms = 15'000;  // at the end, without load
constexpr std::uint64_t real_every = 100;   // seeds

constexpr std::array validator_conducts{
  "lie-on-result", "lie-on-result share 30", "lazy-copy", "equivocate share 40", "withhold",
  "echo-cheat",    "double-vote",            "replay",    "garbage-bytes share 30",
  "delay 200ms",   "clock-skew 1h",          "crash-loop 17s"};
constexpr std::array author_conducts{"double-vote", "replay", "garbage-bytes share 30", "delay 150ms",
                                     "clock-skew back 1h"};
constexpr std::array user_conducts{"forge-user-hash share 30", "bad-input share 30", "replay",
                                   "garbage-bytes share 20"};

class drawing {
public:
  drawing(std::uint64_t seed, std::uint64_t stop_ms)
      : seed_(seed), stop_ms_(stop_ms), dice_(seed ^ 0x5eed5eed5eed5eed) {}

  std::string text() {
    const bool brief = stop_ms_ < swarm_stop_ms;
    validators_ = (brief ? 5 : 7) + below(brief ? 3 : 4);
    authors_ = !brief && chance(1, 3) ? 7 : 4;
    users_ = 2 + below(2);
    routers_ = 1 + below(2);
    return "[run]\nseed = " + std::to_string(seed_) + "\nstop = " + time(stop_ms_) +
           (seed_ % real_every == real_every - 1 ? "\ncrypto = \"real\"" : "") + "\n\n" + cluster() +
           network() + places() + load() + story();
  }

private:
  std::uint64_t below(std::uint64_t n) { return dice_.next() % n; }
  bool chance(std::uint64_t n, std::uint64_t of) { return below(of) < n; }
  template <class List>
  auto any_of(const List& x) {
    return x[below(x.size())];
  }
  static std::string time(std::uint64_t ms) { return "\"" + std::to_string(ms) + "ms\""; }
  static std::string name(char kind, std::uint64_t i) { return kind + std::to_string(i); }

  std::string cluster() {
    std::string behaviours;
    const auto add = [&](const std::string& who, const std::string& what) {
      behaviours += (behaviours.empty() ? "" : ", ") + who + " = \"" + what + "\"";
    };
    // The last ones by number: who is among the nearest is drawn with the places.
    if (chance(2, 3))
      for (auto bad = 1 + below((validators_ - 1) / 3); bad > 0; --bad)
        add(name('v', validators_ - bad), any_of(validator_conducts));
    if (chance(1, 3))
      add(name('h', authors_ - 1), any_of(author_conducts));
    if (chance(1, 4))
      add(name('u', users_ - 1), any_of(user_conducts));
    return "[cluster]\nvalidators = " + std::to_string(validators_) +
           "\nauthors = " + std::to_string(authors_) + "\nusers = " + std::to_string(users_) +
           "\nrouters = " + std::to_string(routers_) +
           (behaviours.empty() ? "" : "\nbehaviour = {" + behaviours + "}") + "\n\n";
  }
  std::string network() {
    const auto loss = chance(1, 3) ? 1 + below(10) : 0;  // thousandths
    return "[network]\njitter = 0.0" + std::to_string(below(10)) + "\nloss = 0.00" +
           (loss == 10 ? "99" : std::to_string(loss)) + "\n\n";
  }
  std::string places() {
    std::string result = "[places]\neveryone = \"" + any_of(place_names()) + "\"\n";
    if (chance(1, 3))
      return result + "\n";
    for (const auto& [kind, count] : {std::pair{'v', validators_}, {'h', authors_}, {'u', users_}})
      for (std::uint64_t i = 0; i < count; ++i)
        if (chance(1, 2))
          result += name(kind, i) + " = \"" + any_of(place_names()) + "\"\n";
    return result + "\n";
  }
  std::string load() {
    std::string result;
    for (std::uint64_t i = 0; i < users_; ++i)
      result += "[[workload]]\nuser = \"" + name('u', i) + "\"\nmode = \"" +
                (chance(1, 4) ? "random" : "latency") + "\"\nevery = " + time(300 + below(1'500)) +
                "\nuntil = " + time(stop_ms_ - quiet_ms) + "\n\n";
    return result;
  }

  std::string party() {
    return chance(2, 3) ? name('v', below(validators_)) : name('h', below(authors_));
  }
  std::string fault() {
    const auto at = "at " + std::to_string(faults_from_ms + below(stop_ms_ / 2 - faults_from_ms)) +
                    "ms  ";
    const auto lasts = std::to_string(200 + below(fault_ms_max - 200)) + "ms";
    const auto who = party();
    switch (below(5)) {
      case 0:
        return at + "kill " + who + "; restart " + who + " after " + lasts;
      case 1:
        return at + "cut " + who + " for " + lasts;
      case 2:
        return at + "slow {" + who + " r0} by " + std::to_string(20 + below(400)) + "ms for " + lasts;
      case 3: {
        const auto other = party();
        return who == other ? at + "cut " + who + " for " + lasts
                            : at + "partition " + who + " -> " + other + " for " + lasts;
      }
      default:
        return at + "partition {" + who + "} | {" + halves(who) + "} for " + lasts;
    }
  }
  /// About half of the others.
  std::string halves(const std::string& without) {
    std::string result;
    for (const auto& [kind, count] : {std::pair{'v', validators_}, {'h', authors_}})
      for (std::uint64_t i = 0; i < count; ++i)
        if (const auto x = name(kind, i); x != without && chance(1, 2))
          result += (result.empty() ? "" : " ") + x;
    return result.empty() ? "r0" : result;
  }
  std::string story() {
    std::string result = "[story]\nsteps = '''\n"
                         "always      supply is conserved\n"
                         "always      no two blocks at one height\n"
                         "always      no honest validator is slashed\n"
                         "always      no job is paid twice\n";
    for (auto faults = below(7) * stop_ms_ / swarm_stop_ms; faults > 0; --faults)
      result += fault() + "\n";
    return result + "finally     honest users are served to the end\n'''\n";
  }

  std::uint64_t seed_;
  std::uint64_t stop_ms_;
  dice dice_;
  std::uint64_t validators_ = 0, authors_ = 0, users_ = 0, routers_ = 0;
};

}  // namespace

std::string swarm_scenario(std::uint64_t seed, std::uint64_t stop_ms) {
  return drawing{seed, std::max(stop_ms, swarm_stop_ms_min)}.text();
}

}  // namespace datagen::scenario
