#pragma once
// Shares the devices of a host among the jobs of its roles. Each device has lanes, each lane runs
// one job at a time on a thread of its own; the worker itself never computes, so that it can
// answer, queue and cancel while jobs run. Spawned detached all the same: declaring a job's work
// reads its whole input. Devices of other hosts of the operator stand beside its own while they are
// within reach; jobs of a host that goes away are run again.

#include "actors/far_lane.hpp"
#include "actors/kernel_counts.hpp"
#include "actors/kernel_lane.hpp"
#include "actors/kernel_queue.hpp"

#include <caf/typed_response_promise.hpp>

#include <set>

namespace datagen {

/// Small jobs that wait already go to a lane together, whoever sent them; none waits for others to
/// come. Each has one thread and is answered as soon as it is over. A lane is free again after about
/// 3 ms at most, on however many threads, so that an Echo which comes meanwhile waits no longer.
struct kernel_batch_limits {
  std::uint32_t jobs_max = 64;           ///< 1: one by one.
  std::uint64_t job_units_max = 1'000;   ///< What is small: about a millisecond of one core.
  std::uint64_t thread_units_max = 2'000;  ///< Of all together, for each thread that runs them.
  std::size_t bytes_max = std::size_t{8} << 20;
};

struct kernel_worker_config {
  std::shared_ptr<const kernels::registry> kernels;
  std::uint32_t threads = 0;  ///< Of one job on the CPU; 0 = one per processor.
  /// Jobs at a time on each device; 0 leaves this host's devices alone. Where there are several, the
  /// last lane takes quick jobs only: a picture of ten seconds must not hold up an answer of ten
  /// microseconds.
  std::uint32_t lanes = 2;
  std::uint64_t quick_units_max = 100'000;       ///< About a tenth of a second of one core.
  kernel_batch_limits batch;
  std::size_t jobs_max = 4'096;                  ///< Waiting; more are refused as `busy`.
  std::size_t bytes_max = std::size_t{1} << 30;  ///< Of inputs and parameters, running ones too.
  bool own_threads = true;                       ///< False under the deterministic scheduler.
  std::vector<far_lane_config> lenders;          ///< Other hosts' workers.
  /// Jobs wait so long for one that was in reach a moment ago: links break and are mended.
  std::chrono::milliseconds lender_grace{10'000};
  std::shared_ptr<kernel_counts> counts;  ///< Null: nobody reads them.
};

/// A job that so many hosts were lost with is refused: it may be what ends them.
inline constexpr std::uint32_t hosts_lost_max = 3;
/// Small jobs that a GPU runs at once, each from a thread with its own stream.
inline constexpr std::uint32_t gpu_streams = 4;
/// Of one lent device, whatever its host says.
inline constexpr std::uint32_t lent_lanes_max = 64;

class kernel_worker_state {
public:
  explicit kernel_worker_state(sharing_worker_actor::pointer self) : self_(self) {}
  /// Nobody waits for what runs.
  ~kernel_worker_state();
  kernel_worker_state(const kernel_worker_state&) = delete;
  kernel_worker_state& operator=(const kernel_worker_state&) = delete;
  static inline const char* name = "kernel_worker";

  /// Starts lanes and their devices' tests; jobs wait until a device has passed.
  void start(kernel_worker_config config);
  caf::result<v1::kernel_done> run(const v1::kernel_run& job);
  void cancel(const v1::kernel_cancel& which);
  v1::kernel_status status() const;
  /// Of this host's own devices.
  v1::kernel_offer offer() const;
  /// A lender has said what it lends.
  void take(const v1::kernel_offer& x);
  /// A lane is done with one of several jobs.
  void take(v1::kernel_batch_part& x);
  /// Past or present: the loss of one does not end the worker.
  bool is_lane(const caf::actor_addr& who) const { return lane_addresses_.count(who) != 0; }

private:
  struct caller {
    caf::typed_response_promise<v1::kernel_done> answer;
    caf::actor_addr who;
  };
  using order = kernel_order<caller>;

  struct device_state {
    kernels::device_info info;
    bool tested = false;               ///< One that is lent: it is offered at present.
    std::string failure;               ///< Of its test.
    std::optional<std::size_t> lender; ///< Whose it is; none for this host's own.
    std::optional<caf::actor_clock::time_point> gone_since;  ///< Its host, if it was in reach before.
    std::set<std::string> kernels;     ///< That the lender's computes, as the ones here do.
    bool serves() const { return tested && failure.empty(); }
  };
  struct lane_state {
    std::size_t device = 0;
    bool quick = false;
    batch_lane_actor actor;  ///< None where the device is lent.
    std::shared_ptr<cancel_flags> cancels;     ///< By the jobs' places.
    std::vector<std::optional<order>> running;  ///< Those that are answered are gone.
    std::uint64_t number = 0;  ///< By which a lender, or a lane with several, knows what runs.
    caf::actor_clock::time_point since;
    bool free() const { return running.empty(); }
  };

  std::uint32_t threads() const;
  std::uint32_t crew_of(const device_state& x) const;
  void add_device(device_state x);
  void add_lanes(std::size_t of);
  lane_state new_lane(std::size_t device, bool quick) const;
  batch_lane_actor make_lane(const lane_state& x);
  void test(std::size_t at);
  void tested(std::size_t which, const std::string& failure);
  v1::kernel_done too_large(const order& x) const;
  /// Why nothing may wait any more, or an empty sentence.
  std::string full(const order& x) const;
  /// A sentence once every device that has this kernel has failed its test; empty otherwise.
  std::string nothing_serves(const std::string& kernel) const;
  bool fits(const lane_state& on, const order& x) const;
  static std::uint64_t most_units(const order& x);
  bool is_small(const lane_state& on, const order& x) const;
  /// Gives every free lane a job that fits it, or several small ones.
  void hand_out();
  std::vector<std::optional<order>> next_for(const lane_state& on);
  void begin(std::size_t at, std::vector<std::optional<order>> jobs);
  void begin_far(std::size_t at);
  void begin_batch(std::size_t at);
  void end(std::size_t at, v1::kernel_done done);
  void end_batch(std::size_t at, const std::string& failure);
  void answer(std::size_t at, std::size_t place, v1::kernel_done done);
  /// Counts and answers it. @pre it neither waits nor runs any more
  void settle(order x, v1::kernel_done done);
  /// Nothing runs there any more. @returns what had no answer
  std::vector<order> vacate(std::size_t at);
  bool knows(const device_state& x, const std::string& kernel) const;
  /// Jobs may wait for it.
  bool may_serve(const device_state& x) const;
  /// Why it takes no jobs, or an empty sentence.
  static std::string trouble(const device_state& x);
  void take(std::size_t lender, const v1::offered_device& x);
  void failed(std::size_t at, const std::string& why);
  void run_again(order x, std::optional<std::size_t> failed_on, bool alone);
  void lost(std::size_t at);
  void refuse_hopeless();

  sharing_worker_actor::pointer self_;
  kernel_worker_config config_;
  std::vector<device_state> devices_;
  std::vector<lane_state> lanes_;
  std::set<caf::actor_addr> lane_addresses_;
  std::vector<far_lane_actor> lenders_;
  std::uint64_t runs_ = 0;  ///< Numbers them.
  kernel_queue<caller> queue_;
  std::size_t bytes_ = 0;
  std::size_t running_ = 0;  ///< Jobs.
  std::shared_ptr<kernel_counts> counts_;
};

sharing_worker_actor::behavior_type kernel_worker(
  sharing_worker_actor::stateful_pointer<kernel_worker_state> self, kernel_worker_config config);

}  // namespace datagen
