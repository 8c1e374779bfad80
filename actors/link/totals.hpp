#pragma once
// What an endpoint counts, since it started. Read from any thread.

#include "protocol/link/refusal.hpp"

#include <atomic>

namespace datagen::link {

struct totals {
  using counter = std::atomic<std::uint64_t>;

  std::array<counter, protocol::link::refusals> refused{};     ///< By this side, by reason.
  std::array<counter, protocol::link::refusals> refused_us{};  ///< By peers, as they said.
  counter accepted{0};                                         ///< TCP connections that came in.
  counter dialled{0};                                          ///< Attempts to reach a peer.
  counter unreachable{0};  ///< Of these, those on which nobody answered.
  counter established{0};  ///< Links that came up.
  counter broken{0};       ///< Links that ended without a reason given.
  counter links{0};        ///< Up now.
  counter handshakes{0};   ///< Going on now.
  counter messages_in{0}, messages_out{0};
  counter bytes_in{0}, bytes_out{0};  ///< Of frames with their headers.
  counter dropped{0};                 ///< Messages that made room in an outbox.
  counter assembly_bytes{0};          ///< Pieces held now, of all peers.

  std::uint64_t of(protocol::link::refusal x) const {
    return refused[static_cast<std::size_t>(x)].load();
  }
  std::uint64_t told(protocol::link::refusal x) const {
    return refused_us[static_cast<std::size_t>(x)].load();
  }
};

}  // namespace datagen::link
