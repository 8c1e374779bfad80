#pragma once
// A user of a scenario: opens a session, then brings one job after the other.

#include "tools/scenario/script.hpp"

#include "actors/node/deterministic_system.hpp"
#include "actors/user.hpp"

namespace datagen::scenario {

class customer {
public:
  customer(deterministic_system& sim, user_actor actor, const workload& load, std::uint64_t seed);

  /// Takes in answers and does what is due.
  void tick(std::uint64_t now_ms);

  std::uint32_t user() const { return load_.user; }
  std::uint64_t sent() const { return sent_; }
  std::uint64_t answered() const { return latencies_us_.size(); }
  /// Virtual time of the last answer.
  std::uint64_t answered_ms() const { return answered_ms_; }
  std::uint64_t until_ms() const { return load_.until_ms; }
  const std::vector<std::uint64_t>& latencies_us() const { return latencies_us_; }
  /// Refusals and failures, in the words of the network.
  const std::vector<std::string>& complaints() const { return complaints_; }
  std::optional<protocol::session_id> session() const { return session_; }

private:
  void take_session(std::uint64_t now_ms);
  void take_job(std::uint64_t now_ms);
  void send_job(std::uint64_t now_ms);

  deterministic_system& sim_;
  user_actor actor_;
  workload load_;
  std::uint64_t seed_;
  std::shared_ptr<std::optional<v1::session_ready>> opening_;
  std::shared_ptr<std::optional<v1::job_outcome>> working_;
  std::optional<protocol::session_id> session_;
  std::uint64_t next_ms_ = 0;
  std::uint64_t answered_ms_ = 0;
  std::uint64_t sent_ = 0;
  std::vector<std::uint64_t> latencies_us_;
  std::vector<std::string> complaints_;
};

}  // namespace datagen::scenario
