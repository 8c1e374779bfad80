#include "actors/kernel_worker.hpp"

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
  for (const auto& x : config_.kernels->devices()) {
    devices_.push_back({.info = x});
    add_lanes(devices_.size() - 1);
  }
}

void kernel_worker_state::add_lanes(std::size_t of) {
  const auto first = lanes_.size();
  for (std::uint32_t i = 0; i < config_.lanes; ++i) {
    lane_state x{.device = of,
                 .quick = i > 0 && i + 1 == config_.lanes,
                 .cancel = std::make_shared<std::atomic<std::uint32_t>>(0)};
    kernel_lane_config own{config_.kernels, devices_[of].info, config_.threads, x.cancel};
    x.actor = config_.own_threads ? self_->spawn<caf::detached>(kernel_lane, std::move(own))
                                  : self_->spawn(kernel_lane, std::move(own));
    self_->link_to(x.actor);
    lanes_.push_back(std::move(x));
  }
  self_->request(lanes_[first].actor, caf::infinite, v1::kernel_test{})
    .then([this, of](const v1::kernel_tested& x) { tested(of, x.failure); });
}

void kernel_worker_state::tested(std::size_t which, const std::string& failure) {
  devices_[which].tested = true;
  devices_[which].failure = failure;
  if (!failure.empty())
    refuse_hopeless();
  hand_out();
}

std::string kernel_worker_state::nothing_serves(const std::string& kernel) const {
  std::string why = "no device of this host that has " + kernel + " computes what it should";
  for (const auto& x : devices_) {
    if (!config_.kernels->knows(kernel, x.info.backend))
      continue;
    if (!x.tested || x.failure.empty())
      return {};
    why += "; " + x.info.backend + " " + std::to_string(x.info.index) + ": " + x.failure;
  }
  return why;
}

// Jobs
// ---------------------------------------------------------------------------------------------

caf::result<v1::kernel_done> kernel_worker_state::run(const v1::kernel_run& job) {
  const auto declared = declared_units(*config_.kernels, job);
  order x{.job = job, .units = declared.units, .caller = {{}, {}}};
  auto refused = declared;
  if (declared.code == ec::ok && declared.units > job.units_max)
    refused = refusal(ec::units_exceeded,
                      job.kernel.name + " needs " + std::to_string(declared.units) +
                        " units for this job; the ticket buys " + std::to_string(job.units_max));
  else if (const auto why = full(x); declared.code == ec::ok && !why.empty())
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

/// A processor leaves to GPUs what they can do, but for quick jobs.
bool kernel_worker_state::fits(const lane_state& on, const order& x) const {
  const auto& kernel = x.job.kernel.name;
  const auto& own = devices_[on.device].info;
  if (!config_.kernels->knows(kernel, own.backend))
    return false;
  if (x.units <= config_.quick_units_max)
    return true;
  const auto better = [&](const device_state& d) {
    return d.serves() && d.info.backend != "cpu" && config_.kernels->knows(kernel, d.info.backend);
  };
  return !on.quick &&
         (own.backend != "cpu" || std::none_of(devices_.begin(), devices_.end(), better));
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
  self_->request(on.actor, caf::infinite, on.running->job).then([this, at](v1::kernel_done& done) {
    end(at, std::move(done));
  });
}

void kernel_worker_state::end(std::size_t at, v1::kernel_done done) {
  auto x = std::move(*lanes_[at].running);
  lanes_[at].running.reset();
  bytes_ -= x.bytes();
  ++(done.code == ec::ok ? done_ : done.code == ec::cancelled ? cancelled_ : refused_);
  x.caller.answer.deliver(std::move(done));
  hand_out();
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
  for (auto& x : lanes_)
    if (x.running && meant(*x.running))
      x.cancel->store(1);
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
                              .failure = x.failure});
  for (const auto& x : lanes_) {
    ++result.devices[x.device].lanes;
    result.devices[x.device].running += x.running.has_value();
  }
  return result;
}

kernel_worker_actor::behavior_type kernel_worker(
  kernel_worker_actor::stateful_pointer<kernel_worker_state> self, kernel_worker_config config) {
  auto& state = self->state;
  state.start(std::move(config));
  return {[&state](const v1::kernel_run& job) { return state.run(job); },
          [&state](const v1::kernel_cancel& which) { state.cancel(which); },
          [&state](const v1::kernel_status_query&) { return state.status(); }};
}

}  // namespace datagen
