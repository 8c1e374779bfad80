#include "actors/kernel_worker.hpp"

#include "kernels/device_choice.hpp"

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
  if (config_.lanes != 0)
    for (const auto& x : config_.kernels->devices()) {
      devices_.push_back({.info = x});
      add_lanes(devices_.size() - 1);
    }
  for (const auto& x : config_.lenders) {
    lenders_.push_back(self_->spawn(far_lane, sharing_worker_actor{self_}, x));
    self_->link_to(lenders_.back());
    lane_addresses_.insert(lenders_.back().address());
  }
}

kernel_worker_state::~kernel_worker_state() {
  for (const auto& x : lanes_)
    x.cancel->store(1);
}

void kernel_worker_state::add_lanes(std::size_t of) {
  const auto first = lanes_.size();
  for (std::uint32_t i = 0; i < config_.lanes; ++i) {
    lane_state x{.device = of,
                 .quick = i > 0 && i + 1 == config_.lanes,
                 .cancel = std::make_shared<std::atomic<std::uint32_t>>(0)};
    x.actor = make_lane(x);
    lanes_.push_back(std::move(x));
  }
  test(first);
}

/// Linked, so that it ends with this worker.
kernel_lane_actor kernel_worker_state::make_lane(const lane_state& x) {
  kernel_lane_config own{config_.kernels, devices_[x.device].info, config_.threads, x.cancel};
  const auto lane = config_.own_threads ? self_->spawn<caf::detached>(kernel_lane, std::move(own))
                                        : self_->spawn(kernel_lane, std::move(own));
  self_->link_to(lane);
  lane_addresses_.insert(lane.address());
  return lane;
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
    ++refused_;
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

/// A processor leaves to GPUs what they do faster, but for quick jobs and those that a GPU failed.
bool kernel_worker_state::fits(const lane_state& on, const order& x) const {
  const auto& kernel = x.job.kernel.name;
  const auto& own = devices_[on.device].info;
  if (!knows(devices_[on.device], kernel))
    return false;
  const auto elsewhere = [&](const device_state& d) {
    return &d != &devices_[on.device] && d.failure.empty() &&
           knows(d, kernel);
  };
  if (x.failed_on == on.device && std::any_of(devices_.begin(), devices_.end(), elsewhere))
    return false;
  if (x.units <= config_.quick_units_max || (x.failed_on && !on.quick))
    return true;
  const auto threads = config_.threads != 0 ? config_.threads : std::thread::hardware_concurrency();
  const bool on_processor = kernels::processor_is_faster(kernel, threads);
  const auto better = [&](const device_state& d) {
    return d.serves() && (d.info.backend == "cpu") == on_processor &&
           knows(d, kernel);
  };
  return !on.quick && ((own.backend == "cpu") == on_processor ||
                       std::none_of(devices_.begin(), devices_.end(), better));
}

void kernel_worker_state::hand_out() {
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    const auto& x = lanes_[i];
    if (x.running || !devices_[x.device].serves())
      continue;
    if (auto next = queue_.take([&](const order& o) { return fits(x, o); }))
      begin(i, std::move(*next));
  }
}

void kernel_worker_state::begin(std::size_t at, order x) {
  auto& on = lanes_[at];
  on.cancel->store(0);
  on.running = std::move(x);
  if (devices_[on.device].lender)
    return begin_far(at);
  self_->request(on.actor, caf::infinite, on.running->job)
    .then([this, at](v1::kernel_done& done) { end(at, std::move(done)); },
          [this, at](const caf::error&) { lost(at); });
}

void kernel_worker_state::end(std::size_t at, v1::kernel_done done) {
  const bool lent = devices_[lanes_[at].device].lender.has_value();
  if (done.code == ec::busy || (lent && done.code == ec::too_large))  // not for this host, which took it
    return failed(at, std::move(done.reason));
  auto x = std::move(*lanes_[at].running);
  lanes_[at].running.reset();
  bytes_ -= x.bytes();
  ++(done.code == ec::ok ? done_ : done.code == ec::cancelled ? cancelled_ : refused_);
  x.caller.answer.deliver(std::move(done));
  hand_out();
}

/// This machine failed the job, not the job this machine: it is tried once more, elsewhere if it can.
void kernel_worker_state::failed(std::size_t at, std::string why) {
  const auto& device = devices_[lanes_[at].device];
  const bool host_lost = device.lender && !device.tested;
  auto x = std::move(*lanes_[at].running);
  lanes_[at].running.reset();
  test(at);
  if (host_lost && ++x.hosts_lost < hosts_lost_max) {
    queue_.push_back_in(std::move(x));
  } else if (!host_lost && !x.failed_on) {
    x.failed_on = lanes_[at].device;
    queue_.push_back_in(std::move(x));
  } else {
    bytes_ -= x.bytes();
    ++refused_;
    x.caller.answer.deliver(refusal(ec::busy, std::move(why)));
  }
  hand_out();
}

/// A lane ended with its job; another one takes its place.
void kernel_worker_state::lost(std::size_t at) {
  lanes_[at].actor = make_lane(lanes_[at]);
  failed(at, "the device's thread ended while it was at work");
}

void kernel_worker_state::cancel(const v1::kernel_cancel& which) {
  const auto sender = caf::actor_cast<caf::actor_addr>(self_->current_sender());
  const auto meant = [&](const order& x) {
    return x.job.number == which.number && x.caller.who == sender;
  };
  if (auto waiting = queue_.remove(meant)) {
    bytes_ -= waiting->bytes();
    ++cancelled_;
    waiting->caller.answer.deliver(refusal(ec::cancelled, "cancelled while it waited"));
    return;
  }
  for (auto& x : lanes_) {
    if (!x.running || !meant(*x.running))
      continue;
    x.cancel->store(1);
    if (const auto lender = devices_[x.device].lender)
      self_->send(lenders_[*lender], v1::kernel_cancel{x.number});
  }
}

/// What waits for kernels that no device is left for.
void kernel_worker_state::refuse_hopeless() {
  const auto hopeless = [this](const order& x) {
    return !nothing_serves(x.job.kernel.name).empty();
  };
  while (auto x = queue_.remove(hopeless)) {
    bytes_ -= x->bytes();
    ++refused_;
    x->caller.answer.deliver(refusal(ec::busy, nothing_serves(x->job.kernel.name)));
  }
}

v1::kernel_status kernel_worker_state::status() const {
  v1::kernel_status result{.waiting = queue_.size(),
                           .bytes = bytes_,
                           .done = done_,
                           .refused = refused_,
                           .cancelled = cancelled_,
                           .devices = {}};
  for (const auto& x : devices_)
    result.devices.push_back({.backend = x.info.backend,
                              .index = x.info.index,
                              .name = x.info.name,
                              .failure = x.lender ? trouble(x) : x.failure});
  for (const auto& x : lanes_) {
    ++result.devices[x.device].lanes;
    result.devices[x.device].running += x.running.has_value();
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
          [&state](const v1::kernel_offer& x) { state.take(x); }};
}

}  // namespace datagen
