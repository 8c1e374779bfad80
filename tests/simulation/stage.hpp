#pragma once
// What all members of one run share: time, dice, links, the world and its judge, keys and coin.

#include "tests/simulation/judge.hpp"
#include "tests/simulation/network.hpp"

#include "protocol/consensus/verify.hpp"
#include "protocol/crypto/coin/dealer.hpp"

namespace datagen::simulation {

class stage {
public:
  explicit stage(simulation_options o);
  stage(const stage&) = delete;
  stage& operator=(const stage&) = delete;

  /// The processes that run as author `a`: more than one for Twins.
  const std::vector<member_id>& members_of(author_index a) const { return members_of_[a]; }
  author_index author_of(member_id m) const {
    return m < options.n ? static_cast<author_index>(m) : options.doubled[m - options.n];
  }
  std::size_t member_count() const { return options.n + options.doubled.size(); }
  std::shared_ptr<const coin_source> coin_of(author_index a) const;
  coin_elector electing() const { return {coin_of(0), options.n, options.params.leaders}; }
  /// Sends to every process of author `to`, others of author `from` excepted.
  void send(member_id from, author_index to, const any_event& e);
  /// Is `v` valid for its receivers? A correct author's vertex must be.
  bool valid(const vertex_ptr& v);
  /// `v` was signed: from now on the adversary knows it.
  void publish(const vertex_ptr& v);
  /// Mixes what happened into the run's fingerprint.
  void note(std::uint64_t what);
  void note(const digest& what);

  simulation_options options;
  timeline time;
  std::mt19937_64 random;
  network net;
  std::vector<key_pair> keys;
  committee members;
  world everything;
  judge rules;
  std::map<bytes, member_id> submitted;  ///< Transactions by the member that took them in.
  std::size_t vertices = 0;
  std::size_t restarts = 0;
  std::uint64_t fingerprint = 1469598103934665603ull;

private:
  coin_dealing dealt_;
  std::unique_ptr<verify_context> context_;
  std::vector<std::vector<member_id>> members_of_;
  std::map<digest, bool> checked_;
};

}  // namespace datagen::simulation
