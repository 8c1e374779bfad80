#pragma once
// Which Echo packages a validator answers (protocol.md section 2, step 2): those that are paid for,
// and first ones, which a deposit stands for, now and then. What is refused costs no kernel.

#include "messages/echo.hpp"

#include "protocol/ledger/view.hpp"

namespace datagen {

struct echo_door_limits {
  std::uint64_t rest_ms = 1'000;      ///< Between two packages of one session that nobody prepaid.
  std::uint32_t strangers_max = 4;    ///< Packages of sessions not heard of yet, in each such time.
  std::size_t sessions_max = 65'536;  ///< Remembered; beyond, the rest is the same for all of them.
};

class echo_door {
public:
  explicit echo_door(echo_door_limits limits = {}) : limits_(limits) {}

  void hear(const protocol::ledger::event& what);
  /// @param now_ms monotonic
  bool admits(const protocol::ledger::view& heavy, const v1::echo_package& x, std::uint64_t now_ms);

private:
  struct opened {
    std::uint64_t until_ms = 0;  ///< Live time.
    std::optional<protocol::digest> nonce;  ///< Of the one package that it pays for.
  };
  echo_door_limits limits_;
  std::map<protocol::session_id, opened> paid_;
  std::map<protocol::session_id, std::uint64_t> free_ms_;  ///< When one was answered last.
  std::uint64_t strangers_ms_ = 0;
  std::uint32_t strangers_ = 0;
};

}  // namespace datagen
