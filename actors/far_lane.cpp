#include "actors/far_lane.hpp"

#include "actors/inside_link.hpp"

#include <chrono>

namespace datagen {

using std::chrono::milliseconds;

void far_lane_state::start(sharing_worker_actor owner, far_lane_config config) {
  owner_ = std::move(owner);
  config_ = std::move(config);
  retry_ms_ = config_.retry_min_ms;
  connect();
}

void far_lane_state::wake(const v1::alarm& what) {
  if (what.what == time_to_connect)
    connect();
  else if (what.subject == connection_)
    probe();
}

void far_lane_state::connect() {
  self_
    ->request(inside_connector(self_->system()), milliseconds{config_.silence_ms},
              caf::connect_atom::value, config_.where.host, config_.where.port)
    .then([this](const caf::node_id&, const caf::strong_actor_ptr& found,
                 const std::set<std::string>&) { connected(found); },
          [this](const caf::error&) { broken(); });
}

void far_lane_state::connected(const caf::strong_actor_ptr& found) {
  if (!found)
    return broken();
  lender_ = caf::actor_cast<kernel_lender_actor>(found);
  ++connection_;
  self_->monitor(lender_);
  probe();
}

void far_lane_state::probe() {
  self_->request(lender_, milliseconds{config_.silence_ms}, v1::kernel_offer_query{})
    .then(
      [this, connection = connection_](const v1::kernel_offer& x) {
        if (connection == connection_)
          offered(x);
      },
      [this, connection = connection_](const caf::error&) {
        if (connection == connection_)
          broken();
      });
}

void far_lane_state::offered(const v1::kernel_offer& x) {
  retry_ms_ = config_.retry_min_ms;
  self_->send(owner_, x);
  self_->delayed_send(self_, milliseconds{config_.probe_ms}, v1::alarm{time_to_probe, connection_});
}

void far_lane_state::lost(const caf::actor_addr& who) {
  if (lender_ && lender_.address() == who)
    broken();
}

/// The owner hears that the devices are gone before it gets their jobs back.
void far_lane_state::broken() {
  if (lender_)  // may only have been silent
    for (const auto& [number, answer] : open_)
      self_->send(lender_, v1::kernel_cancel{number});
  lender_ = kernel_lender_actor{};
  ++connection_;
  self_->send(owner_, v1::kernel_offer{});
  for (auto& [number, answer] : std::exchange(open_, {}))
    answer.deliver(gone());
  self_->delayed_send(self_, milliseconds{retry_ms_}, v1::alarm{time_to_connect, 0});
  retry_ms_ = std::min(2 * retry_ms_, config_.retry_max_ms);
}

v1::kernel_done far_lane_state::gone() const {
  return {.code = ec::busy,
          .reason = "the host " + config_.where.host + ":" + std::to_string(config_.where.port) +
                    " that was to compute it is out of reach"};
}

caf::result<v1::kernel_done> far_lane_state::run(const v1::kernel_run& job) {
  if (!lender_)
    return gone();
  auto answer = self_->make_response_promise<v1::kernel_done>();
  open_[job.number] = answer;
  self_->request(lender_, caf::infinite, job)
    .then([this, number = job.number](v1::kernel_done& done) { answered(number, std::move(done)); },
          [this, number = job.number](const caf::error&) { answered(number, gone()); });
  return answer;
}

/// Nobody waits for an answer of a host that was gone in between.
void far_lane_state::answered(std::uint64_t number, v1::kernel_done done) {
  if (auto found = open_.extract(number))
    found.mapped().deliver(std::move(done));
}

void far_lane_state::cancel(const v1::kernel_cancel& which) {
  if (lender_)
    self_->send(lender_, which);
}

far_lane_actor::behavior_type far_lane(far_lane_actor::stateful_pointer<far_lane_state> self,
                                       sharing_worker_actor owner, far_lane_config config) {
  auto& state = self->state;
  self->set_down_handler([&state](const caf::down_msg& x) { state.lost(x.source); });
  state.start(std::move(owner), std::move(config));
  return {[&state](const v1::kernel_run& job) { return state.run(job); },
          [&state](const v1::kernel_cancel& which) { state.cancel(which); },
          [&state](const v1::alarm& what) { state.wake(what); }};
}

}  // namespace datagen
