#pragma once
// Who may come in: handshakes at a time, of all and of one address, and the standing of keys and
// addresses. Times are arguments. Used by one thread. Private to this folder.

#include "protocol/link/standing.hpp"

#include <map>
#include <string>

namespace datagen::link {

struct gate_limits {
  std::size_t handshakes_max = 0;
  std::size_t handshakes_per_address_max = 0;
  protocol::link::standing_rules standing;
};

class gatekeeper {
public:
  using refusal = protocol::link::refusal;
  explicit gatekeeper(gate_limits limits) : limits_(limits) {}

  /// Counts a handshake of `address`, or says why there can be none.
  /// @param exempt from bans; not from the limits
  refusal enter(const std::string& address, bool exempt, std::uint64_t now_ms);
  void leave(const std::string& address);
  std::size_t handshakes() const { return handshakes_; }

  void offended(const protocol::public_key& who, refusal what, std::uint64_t now_ms);
  void offended(const std::string& address, refusal what, std::uint64_t now_ms);
  bool is_banned(const protocol::public_key& who, std::uint64_t now_ms) const;

private:
  template <class Key>
  using standings = std::map<Key, protocol::link::standing>;
  template <class Key>
  void note(standings<Key>& in, const Key& who, refusal what, std::uint64_t now_ms);

  static constexpr std::size_t standings_max =
    4096;  ///< Of each kind; then the best are forgotten.
  const gate_limits limits_;
  std::size_t handshakes_ = 0;
  std::map<std::string, std::size_t> by_address_;
  standings<protocol::public_key> keys_;
  standings<std::string> addresses_;
};

}  // namespace datagen::link
