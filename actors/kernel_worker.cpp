#include "actors/kernel_worker.hpp"

#include <thread>

namespace datagen {

namespace {

v1::kernel_done refusal(ec code, std::string reason) {
  return {.code = code, .reason = std::move(reason)};
}

}  // namespace

// Devices
// ------------------------------------------------------------------------------------------

void kernel_worker_state::start(kernel_worker_config config) {
  config_ = std::move(config);
  counts_ = config_.counts ? config_.counts : std::make_shared<kernel_counts>();
  if (config_.lanes != 0)
    for (const auto& x : config_.kernels->devices()) {
      add_device({.info = x});
      add_lanes(devices_.size() - 1);
    }
  for (const auto& x : config_.lenders) {
    lenders_.push_back(self_->spawn(far_lane, sharing_worker_actor{self_}, x));
    self_->link_to(lenders_.back());
    lane_addresses_.insert(lenders_.back().address());
  }
}

kernel_worker_state::~kernel_worker_state() {
  for (const auto& lane : lanes_)
    for (auto& x : *lane.cancels)
      x.store(1);
}

void kernel_worker_state::add_device(device_state x) {
  counts_->change([&](kernel_totals& to) {
    to.devices.push_back({.backend = x.info.backend, .index = x.info.index, .name = x.info.name});
  });
  devices_.push_back(std::move(x));
}

void kernel_worker_state::add_lanes(std::size_t of) {
  const auto first = lanes_.size();
  for (std::uint32_t i = 0; i < config_.lanes; ++i) {
    auto x = new_lane(of, i > 0 && i + 1 == config_.lanes);
    x.actor = make_lane(x);
    lanes_.push_back(std::move(x));
  }
  test(first);
}

kernel_worker_state::lane_state kernel_worker_state::new_lane(std::size_t device,
                                                              bool quick) const {
  const auto places = devices_[device].lender ? 1 : std::max(1u, config_.batch.jobs_max);
  return {.device = device, .quick = quick, .cancels = std::make_shared<cancel_flags>(places)};
}

/// Linked, so that it ends with this worker.
batch_lane_actor kernel_worker_state::make_lane(const lane_state& x) {
  kernel_lane_config own{.kernels = config_.kernels,
                         .device = devices_[x.device].info,
                         .threads = config_.threads,
                         .helpers = crew_of(devices_[x.device]) - 1,
                         .cancels = x.cancels};
  const auto lane = config_.own_threads ? self_->spawn<caf::detached>(kernel_lane, std::move(own))
                                        : self_->spawn(kernel_lane, std::move(own));
  self_->link_to(lane);
  lane_addresses_.insert(lane.address());
  return lane;
}

/// Threads that run several jobs at once there. Without threads of our own one, in their order.
std::uint32_t kernel_worker_state::crew_of(const device_state& x) const {
  if (!config_.own_threads)
    return 1;
  return x.info.backend == "cpu" ? threads() : gpu_streams;
}

/// Of one job on this host's processor.
std::uint32_t kernel_worker_state::threads() const {
  return config_.threads != 0 ? config_.threads : std::max(1u, std::thread::hardware_concurrency());
}

/// Of the device of lane `at`, by it. No job goes to the device until it has passed.
void kernel_worker_state::test(std::size_t at) {
  const auto which = lanes_[at].device;
  devices_[which].tested = false;
  if (devices_[which].lender) {  // its host tests it, and says so with its next offer
    devices_[which].gone_since = self_->clock().now();
    return;
  }
  self_->request(lanes_[at].actor, caf::infinite, v1::kernel_test{})
    .then([this, which](const v1::kernel_tested& x) { tested(which, x.failure); },
          [this, which](const caf::error&) { tested(which, "its test did not come to an end"); });
}

void kernel_worker_state::tested(std::size_t which, const std::string& failure) {
  devices_[which].tested = true;
  devices_[which].failure = failure;
  if (!failure.empty())
    refuse_hopeless();
  hand_out();
}

std::string kernel_worker_state::trouble(const device_state& x) {
  if (x.tested)
    return x.failure;
  return x.lender ? "its host is out of reach" : "its test is not over";
}

std::string kernel_worker_state::nothing_serves(const std::string& kernel) const {
  std::string why = "no device in reach that has " + kernel + " computes what it should";
  for (const auto& x : devices_) {
    if (!knows(x, kernel))
      continue;
    if (may_serve(x))
      return {};
    why += "; " + x.info.backend + " " + std::to_string(x.info.index) + ": " + trouble(x);
  }
  return why;
}

// Jobs
// ---------------------------------------------------------------------------------------------

caf::result<v1::kernel_done> kernel_worker_state::run(const v1::kernel_run& job) {
  order x{.job = job, .caller = {{}, {}}};
  auto refused = too_large(x);
  if (refused.code == ec::ok)
    refused = declared_units(*config_.kernels, job);
  x.units = refused.units;
  if (refused.code == ec::ok && x.units > job.units_max)
    refused = refusal(ec::units_exceeded,
                      job.kernel.name + " needs " + std::to_string(x.units) +
                        " units for this job; the ticket buys " + std::to_string(job.units_max));
  if (const auto why = full(x); refused.code == ec::ok && !why.empty())
    refused = refusal(ec::busy, why);
  if (refused.code != ec::ok) {
    counts_->change([](kernel_totals& to) { ++to.refused; });
    return refused;
  }
  // In this order: the promise takes the sender away.
  x.caller.who = caf::actor_cast<caf::actor_addr>(self_->current_sender());
  x.caller.answer = self_->make_response_promise<v1::kernel_done>();
  auto answer = x.caller.answer;
  bytes_ += x.bytes();
  queue_.push(std::move(x));
  hand_out();
  return answer;
}

/// Before anything of the input is read. Waiting would not help, so it is not `busy`.
v1::kernel_done kernel_worker_state::too_large(const order& x) const {
  if (x.bytes() <= config_.bytes_max)
    return {};
  return refusal(ec::too_large, "input and parameters have " + std::to_string(x.bytes()) +
                                  " bytes; this host spares " + std::to_string(config_.bytes_max) +
                                  " for all its jobs");
}

std::string kernel_worker_state::full(const order& x) const {
  if (auto why = nothing_serves(x.job.kernel.name); !why.empty())
    return why;
  if (queue_.size() >= config_.jobs_max)
    return std::to_string(queue_.size()) + " jobs wait for this host's devices already";
  if (bytes_ + x.bytes() > config_.bytes_max)
    return "the inputs of waiting jobs fill the " + std::to_string(config_.bytes_max >> 20) +
           " MiB that this host spares for them";
  return {};
}

void kernel_worker_state::cancel(const v1::kernel_cancel& which) {
  const auto sender = caf::actor_cast<caf::actor_addr>(self_->current_sender());
  const auto meant = [&](const order& x) {
    return x.job.number == which.number && x.caller.who == sender;
  };
  if (auto waiting = queue_.remove(meant)) {
    settle(std::move(*waiting), refusal(ec::cancelled, "cancelled while it waited"));
    return;
  }
  for (auto& lane : lanes_)
    for (std::size_t place = 0; place < lane.running.size(); ++place) {
      if (!lane.running[place] || !meant(*lane.running[place]))
        continue;
      (*lane.cancels)[place].store(1);
      if (const auto lender = devices_[lane.device].lender)
        self_->send(lenders_[*lender], v1::kernel_cancel{lane.number});
    }
}

/// What waits for kernels that no device is left for.
void kernel_worker_state::refuse_hopeless() {
  const auto hopeless = [this](const order& x) {
    return !nothing_serves(x.job.kernel.name).empty();
  };
  while (auto x = queue_.remove(hopeless)) {
    auto why = nothing_serves(x->job.kernel.name);
    settle(std::move(*x), refusal(ec::busy, std::move(why)));
  }
}

v1::kernel_status kernel_worker_state::status() const {
  const auto counted = counts_->read();
  v1::kernel_status result{.waiting = queue_.size(),
                           .bytes = bytes_,
                           .done = counted.done,
                           .refused = counted.refused,
                           .cancelled = counted.cancelled,
                           .devices = {}};
  for (const auto& x : devices_)
    result.devices.push_back({.backend = x.info.backend,
                              .index = x.info.index,
                              .name = x.info.name,
                              .failure = x.lender ? trouble(x) : x.failure});
  for (const auto& x : lanes_) {
    ++result.devices[x.device].lanes;
    for (const auto& job : x.running)
      result.devices[x.device].running += job.has_value();
  }
  return result;
}

sharing_worker_actor::behavior_type kernel_worker(
  sharing_worker_actor::stateful_pointer<kernel_worker_state> self, kernel_worker_config config) {
  auto& state = self->state;
  state.start(std::move(config));
  self->set_exit_handler([self](caf::exit_msg& x) {
    if (!self->state.is_lane(x.source))
      self->quit(x.reason);
  });
  return {[&state](const v1::kernel_run& job) { return state.run(job); },
          [&state](const v1::kernel_cancel& which) { state.cancel(which); },
          [&state](const v1::kernel_status_query&) { return state.status(); },
          [&state](const v1::kernel_offer_query&) { return state.offer(); },
          [&state](const v1::kernel_offer& x) { state.take(x); },
          [&state](v1::kernel_batch_part& x) { state.take(x); }};
}

}  // namespace datagen
