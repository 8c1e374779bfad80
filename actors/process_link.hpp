#pragma once
// One link to another process of the operator: connects, connects again with back-off when the
// other side went away, and keeps a bounded number of batches on their way. What was on its way
// when a connection broke is lost; what waits in the outbox is not.

#include "messages/interfaces.hpp"

#include "actors/parcel_outbox.hpp"

namespace datagen {

/// Where a process of this operator listens.
struct process_address {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
};

struct process_link_config {
  process_address other;
  std::shared_ptr<parcel_outbox> outbox;
  std::uint32_t batches_max = 4;  ///< Sent and not answered yet.
  std::size_t batch_parcels_max = 512;
  std::size_t batch_bytes_max = std::size_t{1} << 20;
  std::uint64_t answer_ms = 5'000;  ///< Without an answer by then the link counts as broken.
  std::uint64_t retry_min_ms = 20;  ///< Between attempts to connect; doubled up to the most.
  std::uint64_t retry_max_ms = 1'000;
};

/// Takes wake-ups only: something waits in the outbox.
using process_link_actor = caf::typed_actor<caf::reacts_to<v1::alarm>>;

class process_link_state {
public:
  explicit process_link_state(process_link_actor::pointer self) : self_(self) {}
  static inline const char* name = "process_link";

  void start(process_link_config config);
  void wake(const v1::alarm& what);
  /// Something that was monitored ended.
  void lost(const caf::actor_addr& who);

private:
  enum alarm_kind : std::uint32_t { outbox_filled = 0, time_to_connect = 1 };

  void connect();
  void connected(const caf::strong_actor_ptr& gate);
  void broken();
  void send_what_waits();

  process_link_actor::pointer self_;
  process_link_config config_;
  process_gate_actor gate_;       ///< None while not connected.
  std::uint64_t connection_ = 0;  ///< Counts connections: answers of an older one mean nothing.
  std::uint32_t batches_ = 0;
  std::uint64_t retry_ms_ = 0;
};

process_link_actor::behavior_type process_link(
  process_link_actor::stateful_pointer<process_link_state> self, process_link_config config);

}  // namespace datagen
