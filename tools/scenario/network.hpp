#pragma once
// The network between the parties of a scenario: distances, jitter, loss, cut ways; all of it from
// the seed. Parties are hosts: the roles of one party talk to each other at once.

#include "tools/scenario/dice.hpp"
#include "tools/scenario/script.hpp"

namespace datagen::scenario {

class network {
public:
  explicit network(const script& x);

  /// One-way delay of the next message, microseconds; nothing when it is lost.
  std::optional<std::uint64_t> delay_us(const peer& from, const peer& to);
  void apply(const act::cut& x);
  void apply(const act::mend& x);
  void apply(const act::slow& x);

  std::uint64_t messages() const { return messages_; }
  std::uint64_t lost() const { return lost_; }
  /// Pairs of places whose distance is modelled, not measured.
  std::set<std::string> modelled() const;

private:
  /// One-way delay with its jitter: normal, its sigma `jitter_ppm` of the delay.
  std::uint64_t jittered(std::uint64_t us);
  const std::string& place_of(const party& x) const;

  const script& script_;
  dice dice_;
  std::map<std::pair<party, party>, std::uint64_t> distances_us_;
  std::map<std::pair<party, party>, std::uint32_t> cuts_;  ///< How many cuts hold at the moment.
  std::map<party, std::int64_t> slower_ms_;
  std::uint64_t messages_ = 0;
  std::uint64_t lost_ = 0;
};

}  // namespace datagen::scenario
