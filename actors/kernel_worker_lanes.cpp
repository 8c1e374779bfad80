// What runs where: jobs for free lanes, small ones several at once, and what becomes of those that a
// lane or its device failed.
#include "actors/kernel_worker.hpp"

#include "kernels/device_choice.hpp"
#include "kernels/pipeline.hpp"

#include <ranges>

namespace datagen {

/// A processor leaves to GPUs what they do faster, but for quick jobs and those that a GPU failed.
bool kernel_worker_state::fits(const lane_state& on, const order& x) const {
  const auto& kernel = x.job.kernel.name;
  const auto& own = devices_[on.device].info;
  if (!knows(devices_[on.device], kernel))
    return false;
  const auto elsewhere = [&](const device_state& d) {
    return &d != &devices_[on.device] && d.failure.empty() && knows(d, kernel);
  };
  if (x.failed_on == on.device && std::any_of(devices_.begin(), devices_.end(), elsewhere))
    return false;
  if (x.units <= config_.quick_units_max || (x.failed_on && !on.quick))
    return true;
  const bool on_processor = kernels::processor_is_faster(kernel, threads());
  const auto better = [&](const device_state& d) {
    return d.serves() && (d.info.backend == "cpu") == on_processor && knows(d, kernel);
  };
  return !on.quick && ((own.backend == "cpu") == on_processor ||
                       std::none_of(devices_.begin(), devices_.end(), better));
}

/// A pipeline declares its first stage alone; the others take no more than was bought.
std::uint64_t kernel_worker_state::most_units(const order& x) {
  return x.job.kernel.name == kernels::pipeline_kernel ? x.job.units_max : x.units;
}

/// One message of the link to another host is one job.
bool kernel_worker_state::is_small(const lane_state& on, const order& x) const {
  return !devices_[on.device].lender && !x.alone && most_units(x) <= config_.batch.job_units_max;
}

void kernel_worker_state::hand_out() {
  for (std::size_t i = 0; i < lanes_.size(); ++i)
    if (lanes_[i].free() && devices_[lanes_[i].device].serves())
      if (auto jobs = next_for(lanes_[i]); !jobs.empty())
        begin(i, std::move(jobs));
  counts_->change([this](kernel_totals& to) {
    to.waiting = queue_.size();
    to.running = running_;
  });
}

/// What the queue would give out next, one after the other, as long as it is small: a batch changes
/// nobody's turn, and ends before the first job that is too large for it.
std::vector<std::optional<kernel_worker_state::order>> kernel_worker_state::next_for(
  const lane_state& on) {
  const auto& most = config_.batch;
  std::vector<std::optional<order>> result;
  const auto units_max = most.thread_units_max * crew_of(devices_[on.device]);
  std::uint64_t units = 0;
  std::size_t bytes = 0;
  const auto joins = [&](const order& x) {
    return result.empty() || (is_small(on, x) && units + most_units(x) <= units_max &&
                              bytes + x.bytes() <= most.bytes_max);
  };
  while (auto x = queue_.take([&](const order& o) { return fits(on, o); }, joins)) {
    const bool last = !is_small(on, *x) || result.size() + 1 >= most.jobs_max;
    units += most_units(*x);
    bytes += x->bytes();
    result.emplace_back(std::move(*x));
    if (last)
      break;
  }
  return result;
}

void kernel_worker_state::begin(std::size_t at, std::vector<std::optional<order>> jobs) {
  auto& on = lanes_[at];
  for (std::size_t place = 0; place < jobs.size(); ++place)
    (*on.cancels)[place].store(0);
  on.running = std::move(jobs);
  on.number = ++runs_;
  on.since = self_->clock().now();
  running_ += on.running.size();
  if (devices_[on.device].lender)
    return begin_far(at);
  if (on.running.size() > 1)
    return begin_batch(at);
  self_->request(on.actor, caf::infinite, on.running.front()->job)
    .then([this, at](v1::kernel_done& done) { end(at, std::move(done)); },
          [this, at](const caf::error&) { lost(at); });
}

void kernel_worker_state::begin_batch(std::size_t at) {
  const auto& on = lanes_[at];
  v1::kernel_batch batch{.number = on.number, .jobs = {}};
  for (const auto& x : on.running)
    batch.jobs.push_back(x->job);
  counts_->change([&](kernel_totals& to) {
    ++to.batches;
    to.batched += batch.jobs.size();
  });
  self_->request(on.actor, caf::infinite, std::move(batch))
    .then([this, at](const v1::kernel_batch_end& x) { end_batch(at, x.failure); },
          [this, at](const caf::error&) { lost(at); });
}

void kernel_worker_state::end(std::size_t at, v1::kernel_done done) {
  const bool lent = devices_[lanes_[at].device].lender.has_value();
  if (done.code == ec::busy || (lent && done.code == ec::too_large))  // not for this host, which took it
    return failed(at, done.reason);
  answer(at, 0, std::move(done));
  vacate(at);
  hand_out();
}

void kernel_worker_state::take(v1::kernel_batch_part& x) {
  for (std::size_t i = 0; i < lanes_.size(); ++i)
    if (const auto& on = lanes_[i]; on.number == x.number && x.place < on.running.size() &&
                                    on.running[x.place])
      return answer(i, x.place, std::move(x.done));
}

/// All parts came before this.
void kernel_worker_state::end_batch(std::size_t at, const std::string& failure) {
  const auto& jobs = lanes_[at].running;
  if (std::any_of(jobs.begin(), jobs.end(), [](const auto& x) { return x.has_value(); }))
    return failed(at, failure);
  vacate(at);
  hand_out();
}

void kernel_worker_state::answer(std::size_t at, std::size_t place, v1::kernel_done done) {
  auto& on = lanes_[at];
  auto x = std::move(*on.running[place]);
  on.running[place].reset();
  --running_;
  counts_->change([&](kernel_totals& to) { ++to.devices[on.device].jobs; });
  settle(std::move(x), std::move(done));
}

void kernel_worker_state::settle(order x, v1::kernel_done done) {
  bytes_ -= x.bytes();
  counts_->change([&](kernel_totals& to) {
    ++(done.code == ec::ok ? to.done : done.code == ec::cancelled ? to.cancelled : to.refused);
    to.waiting = queue_.size();
    to.running = running_;
  });
  x.caller.answer.deliver(std::move(done));
}

std::vector<kernel_worker_state::order> kernel_worker_state::vacate(std::size_t at) {
  auto& on = lanes_[at];
  std::vector<order> unanswered;
  for (auto& x : std::exchange(on.running, {}))
    if (x)
      unanswered.push_back(std::move(*x));
  running_ -= unanswered.size();
  const auto busy = self_->clock().now() - on.since;
  counts_->change([&](kernel_totals& to) {
    to.devices[on.device].busy_us += static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(busy).count());
  });
  return unanswered;
}

/// This machine failed the jobs, not the jobs this machine: they are tried once more, elsewhere if they
/// can, the first again as the oldest.
void kernel_worker_state::failed(std::size_t at, const std::string& why) {
  auto& on = lanes_[at];
  const auto device = on.device;
  const bool host_lost = devices_[device].lender && !devices_[device].tested;
  const bool alone = on.running.size() == 1;
  for (std::size_t place = 0; place < on.running.size(); ++place)
    if (on.running[place] && (*on.cancels)[place].load() != 0)
      answer(at, place, {.code = ec::cancelled, .reason = "cancelled while its device failed"});
  auto again = vacate(at);
  test(at);
  for (auto& x : again | std::views::reverse)
    if (host_lost ? ++x.hosts_lost < hosts_lost_max : !alone || !x.blamed)
      run_again(std::move(x), host_lost ? std::nullopt : std::optional{device}, alone);
    else
      settle(std::move(x), {.code = ec::busy, .reason = why});
  hand_out();
}

/// Which job of several it was nobody knows: none is blamed, and each is alone the next time.
void kernel_worker_state::run_again(order x, std::optional<std::size_t> failed_on, bool alone) {
  if (failed_on) {
    x.failed_on = failed_on;
    x.blamed = x.blamed || alone;
  }
  x.alone = true;
  queue_.push_back_in(std::move(x));
}

/// A lane ended with its jobs; another one takes its place.
void kernel_worker_state::lost(std::size_t at) {
  lanes_[at].actor = make_lane(lanes_[at]);
  failed(at, "the device's thread ended while it was at work");
}

}  // namespace datagen
