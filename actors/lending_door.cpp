#include "actors/lending_door.hpp"

namespace datagen {

void lending_door_state::start(kernel_lender_actor worker) {
  worker_ = std::move(worker);
  self_->link_to(worker_);
}

bool lending_door_state::has_orders(const caf::actor_addr& borrower) const {
  return std::any_of(open_.begin(), open_.end(),
                     [&](const auto& x) { return x.second.borrower == borrower; });
}

caf::result<v1::kernel_done> lending_door_state::run(const v1::kernel_run& job) {
  // In this order: the promise takes the sender away.
  const auto borrower = self_->current_sender();
  if (!has_orders(borrower->address()))
    self_->monitor(borrower);
  const auto number = ++runs_;
  auto answer = self_->make_response_promise<v1::kernel_done>();
  open_[number] = {.borrower = borrower->address(), .number = job.number, .answer = answer};
  auto own = job;
  own.number = number;
  self_->request(worker_, caf::infinite, std::move(own))
    .then([this, number](v1::kernel_done& done) { answered(number, std::move(done)); },
          [this, number](caf::error& why) { answered(number, std::move(why)); });
  return answer;
}

template <class T>
void lending_door_state::answered(std::uint64_t number, T what) {
  auto done = open_.extract(number).mapped();
  if (!has_orders(done.borrower))
    self_->demonitor(done.borrower);
  done.answer.deliver(std::move(what));
}

void lending_door_state::cancel(const v1::kernel_cancel& which) {
  const auto borrower = caf::actor_cast<caf::actor_addr>(self_->current_sender());
  for (const auto& [number, x] : open_)
    if (x.borrower == borrower && x.number == which.number)
      self_->send(worker_, v1::kernel_cancel{number});
}

void lending_door_state::lost(const caf::actor_addr& borrower) {
  for (const auto& [number, x] : open_)
    if (x.borrower == borrower)
      self_->send(worker_, v1::kernel_cancel{number});
}

/// Not delegated: the worker's own answer would make it known to the middleman.
template <class Query, class Answer>
caf::result<Answer> lending_door_state::ask() {
  auto answer = self_->make_response_promise<Answer>();
  self_->request(worker_, caf::infinite, Query{})
    .then([answer](Answer& x) mutable { answer.deliver(std::move(x)); },
          [answer](caf::error& why) mutable { answer.deliver(std::move(why)); });
  return answer;
}

caf::result<v1::kernel_status> lending_door_state::status() {
  return ask<v1::kernel_status_query, v1::kernel_status>();
}

caf::result<v1::kernel_offer> lending_door_state::offer() {
  return ask<v1::kernel_offer_query, v1::kernel_offer>();
}

kernel_lender_actor::behavior_type lending_door(
  kernel_lender_actor::stateful_pointer<lending_door_state> self, kernel_lender_actor worker) {
  auto& state = self->state;
  self->set_down_handler([&state](const caf::down_msg& x) { state.lost(x.source); });
  state.start(std::move(worker));
  return {[&state](const v1::kernel_run& job) { return state.run(job); },
          [&state](const v1::kernel_cancel& which) { state.cancel(which); },
          [&state](const v1::kernel_status_query&) { return state.status(); },
          [&state](const v1::kernel_offer_query&) { return state.offer(); }};
}

}  // namespace datagen
