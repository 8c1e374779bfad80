#pragma once
// The devices of another host of the same operator, as a lane of the kernel worker here: connects,
// connects again with back-off, asks for signs of life, and gives jobs back whose host has gone.

#include "messages/kernel_offer.hpp"

#include "actors/process_link.hpp"

#include <caf/typed_response_promise.hpp>

namespace datagen {

struct far_lane_config {
  process_address where;
  std::uint64_t probe_ms = 1'000;
  /// Without an answer by then the host counts as gone. A broken connection is noticed at once;
  /// this is for silence, and a large input may be on its way.
  std::uint64_t silence_ms = 10'000;
  std::uint64_t retry_min_ms = 100;  ///< Between attempts to connect; doubled up to the most.
  std::uint64_t retry_max_ms = 5'000;
};

class far_lane_state {
public:
  explicit far_lane_state(far_lane_actor::pointer self) : self_(self) {}
  static inline const char* name = "far_lane";

  /// @param owner told of every offer, and of an empty one when the host is out of reach
  void start(sharing_worker_actor owner, far_lane_config config);
  /// Numbers must differ among all jobs that are not answered yet.
  caf::result<v1::kernel_done> run(const v1::kernel_run& job);
  void cancel(const v1::kernel_cancel& which);
  void wake(const v1::alarm& what);
  /// Something that was monitored ended.
  void lost(const caf::actor_addr& who);

private:
  enum alarm_kind : std::uint32_t { time_to_connect = 0, time_to_probe = 1 };

  void connect();
  void connected(const caf::strong_actor_ptr& found);
  void probe();
  void offered(const v1::kernel_offer& x);
  void answered(std::uint64_t number, v1::kernel_done done);
  void broken();
  v1::kernel_done gone() const;

  far_lane_actor::pointer self_;
  sharing_worker_actor owner_;
  far_lane_config config_;
  kernel_lender_actor lender_;    ///< None while not connected.
  std::uint64_t connection_ = 0;  ///< Counts connections: answers of an older one mean nothing.
  std::uint64_t retry_ms_ = 0;
  std::map<std::uint64_t, caf::typed_response_promise<v1::kernel_done>> open_;  ///< By number.
};

far_lane_actor::behavior_type far_lane(far_lane_actor::stateful_pointer<far_lane_state> self,
                                       sharing_worker_actor owner, far_lane_config config);

}  // namespace datagen
