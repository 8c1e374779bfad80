#include "actors/process_link.hpp"

#include <caf/io/middleman.hpp>
#include <caf/io/middleman_actor.hpp>

#include <chrono>

namespace datagen {

using std::chrono::milliseconds;

void process_link_state::start(process_link_config config) {
  config_ = std::move(config);
  retry_ms_ = config_.retry_min_ms;
  connect();
}

void process_link_state::wake(const v1::alarm& what) {
  if (what.what == time_to_connect)
    connect();
  else
    send_what_waits();
}

void process_link_state::connect() {
  // The middleman's actor connects on a thread of its own, so a silent host delays only links.
  self_
    ->request(self_->system().middleman().actor_handle(), milliseconds{config_.answer_ms},
              caf::connect_atom::value, config_.other.host, config_.other.port)
    .then([this](const caf::node_id&, const caf::strong_actor_ptr& gate,
                 const std::set<std::string>&) { connected(gate); },
          [this](const caf::error&) { broken(); });
}

void process_link_state::connected(const caf::strong_actor_ptr& gate) {
  if (!gate)
    return broken();
  gate_ = caf::actor_cast<process_gate_actor>(gate);
  ++connection_;
  batches_ = 0;
  self_->monitor(gate_);
  send_what_waits();
}

void process_link_state::lost(const caf::actor_addr& who) {
  if (gate_ && gate_.address() == who)
    broken();
}

void process_link_state::broken() {
  gate_ = process_gate_actor{};
  ++connection_;
  self_->delayed_send(self_, milliseconds{retry_ms_}, v1::alarm{time_to_connect, 0});
  retry_ms_ = std::min(2 * retry_ms_, config_.retry_max_ms);
}

void process_link_state::send_what_waits() {
  while (gate_ && batches_ < config_.batches_max) {
    auto parcels = config_.outbox->take(config_.batch_parcels_max, config_.batch_bytes_max);
    if (parcels.empty())
      return;
    ++batches_;
    self_->request(gate_, milliseconds{config_.answer_ms}, v1::parcel_batch{std::move(parcels)})
      .then(
        [this, connection = connection_](const v1::parcels_delivered&) {
          if (connection != connection_)
            return;
          --batches_;
          retry_ms_ = config_.retry_min_ms;
          send_what_waits();
        },
        [this, connection = connection_](const caf::error&) {
          if (connection == connection_)
            broken();
        });
  }
}

process_link_actor::behavior_type process_link(
  process_link_actor::stateful_pointer<process_link_state> self, process_link_config config) {
  auto& state = self->state;
  self->set_down_handler([&state](const caf::down_msg& x) { state.lost(x.source); });
  state.start(std::move(config));
  return {[&state](const v1::alarm& x) { state.wake(x); }};
}

}  // namespace datagen
