// What hosts of one operator lend each other: this host's own devices, and those of others beside
// them.
#include "actors/kernel_worker.hpp"

namespace datagen {

v1::kernel_offer kernel_worker_state::offer() const {
  v1::kernel_offer result;
  for (const auto& device : devices_) {
    if (device.lender)
      continue;  // not lent on
    v1::offered_device x{.backend = device.info.backend,
                         .index = device.info.index,
                         .name = device.info.name,
                         .lanes = config_.lanes,
                         .kernels = {},
                         .failure = trouble(device)};
    for (const auto& kernel : config_.kernels->kernels())
      if (knows(device, kernel.id))
        x.kernels.push_back({kernel.id, kernel.version});
    result.devices.push_back(std::move(x));
  }
  return result;
}

bool kernel_worker_state::knows(const device_state& x, const std::string& kernel) const {
  return x.lender ? x.kernels.count(kernel) != 0 : config_.kernels->knows(kernel, x.info.backend);
}

bool kernel_worker_state::may_serve(const device_state& x) const {
  if (!x.lender)
    return !x.tested || x.failure.empty();
  return x.serves() ||
         (!x.tested && x.gone_since && self_->clock().now() < *x.gone_since + config_.lender_grace);
}

void kernel_worker_state::take(const v1::kernel_offer& x) {
  const auto from = caf::actor_cast<caf::actor_addr>(self_->current_sender());
  const auto lender = std::find_if(lenders_.begin(), lenders_.end(),
                                   [&](const auto& l) { return l.address() == from; });
  if (lender == lenders_.end())
    return;
  const auto index = static_cast<std::size_t>(lender - lenders_.begin());
  for (auto& device : devices_)
    if (device.lender == index && std::exchange(device.tested, false))
      device.gone_since = self_->clock().now();
  for (const auto& device : x.devices)
    take(index, device);
  refuse_hopeless();
  hand_out();
}

void kernel_worker_state::take(std::size_t lender, const v1::offered_device& x) {
  auto found = std::find_if(devices_.begin(), devices_.end(), [&](const device_state& d) {
    return d.lender == lender && d.info.backend == x.backend && d.info.index == x.index;
  });
  if (found == devices_.end()) {
    const auto& where = config_.lenders[lender].where;
    add_device(
      {.info = {.backend = x.backend,
                .module = {},
                .index = x.index,
                .name = x.name + " on " + where.host + ":" + std::to_string(where.port)},
       .lender = lender});
    found = devices_.end() - 1;
    // One more than it runs at a time: the next input is on its way meanwhile.
    for (std::uint32_t i = 0; i < std::min(x.lanes, lent_lanes_max) + 1; ++i)
      lanes_.push_back(new_lane(devices_.size() - 1, false));
  }
  found->tested = true;
  found->failure = x.failure;
  found->kernels.clear();
  for (const auto& own : config_.kernels->kernels())  // of the same version only
    if (std::find(x.kernels.begin(), x.kernels.end(), protocol::kernel_ref{own.id, own.version}) !=
        x.kernels.end())
      found->kernels.insert(own.id);
}

void kernel_worker_state::begin_far(std::size_t at) {
  const auto& on = lanes_[at];
  auto job = on.running.front()->job;
  job.number = on.number;
  self_->request(lenders_[*devices_[on.device].lender], caf::infinite, std::move(job))
    .then([this, at](v1::kernel_done& done) { end(at, std::move(done)); },
          [this, at](const caf::error&) { failed(at, "the link to its host ended"); });
}

}  // namespace datagen
