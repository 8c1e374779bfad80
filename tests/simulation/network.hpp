#pragma once
// The links between members: seeded delays and reordering, loss, repetition, partitions, and a
// scheduler that may hold messages back for as long as it likes, but not for ever.

#include "tests/simulation/options.hpp"
#include "tests/simulation/timeline.hpp"

#include "protocol/consensus/events.hpp"

#include <random>

namespace datagen::simulation {

class network {
public:
  /// Extra milliseconds before a message that is due may arrive; 0 lets it through. Asked again
  /// when they are over.
  using holder = std::function<std::uint64_t(member_id from, member_id to)>;
  using receiver = std::function<void(member_id to, const any_event&)>;

  network(timeline& time, std::mt19937_64& random, const simulation_options& options)
      : time_(time), random_(random), options_(options) {}

  void attach(receiver r) { receiver_ = std::move(r); }
  void send(member_id from, member_id to, any_event e);
  /// The two sides hear only themselves until `heal`.
  void partition(std::set<member_id> side) { side_ = std::move(side); }
  void heal() { side_.clear(); }
  void hold(holder h) { holder_ = std::move(h); }

private:
  void arrive(member_id from, member_id to, const any_event& e);

  timeline& time_;
  std::mt19937_64& random_;
  const simulation_options& options_;
  receiver receiver_;
  holder holder_;
  std::set<member_id> side_;
};

}  // namespace datagen::simulation
