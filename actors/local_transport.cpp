#include "actors/local_transport.hpp"

#include <caf/mailbox_element.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include <chrono>

namespace datagen {

local_transport::local_transport(caf::actor_system& system, std::uint64_t unix_ms, delay_us delay,
                                 std::uint32_t pace)
    : clock_(system.clock()),
      start_(clock_.now()),
      unix_ms_(unix_ms),
      pace_(pace),
      delay_(std::move(delay)) {}

void local_transport::attach_pointer(const peer& address, caf::strong_actor_ptr handle) {
  std::unique_lock lock{mutex_};
  peers_[address] = std::move(handle);
}

void local_transport::detach(const peer& address) {
  std::unique_lock lock{mutex_};
  peers_.erase(address);
}

void local_transport::pause(role kind) {
  std::unique_lock lock{mutex_};
  paused_.insert(kind);
}

void local_transport::resume(role kind) {
  std::vector<held> waiting;
  {
    std::unique_lock lock{mutex_};
    paused_.erase(kind);
    waiting.swap(held_);
  }
  for (auto& x : waiting)  // those of another paused role are held again
    deliver(x.from, x.to, std::move(x.content));
}

void local_transport::cut(const peer& who) {
  std::unique_lock lock{mutex_};
  cut_.insert(who);
}

void local_transport::mend(const peer& who) {
  std::unique_lock lock{mutex_};
  cut_.erase(who);
}

void local_transport::close() {
  std::unique_lock lock{mutex_};
  peers_.clear();
  held_.clear();
}

void local_transport::deliver(const peer& from, const peer& to, caf::message content) {
  caf::strong_actor_ptr receiver;
  {
    std::shared_lock lock{mutex_};
    const auto it = peers_.find(to);
    if (it == peers_.end() || cut_.count(from) != 0 || cut_.count(to) != 0)
      return;
    receiver = it->second;
    if (!paused_.empty() && (paused_.count(from.kind) != 0 || paused_.count(to.kind) != 0)) {
      lock.unlock();
      std::unique_lock writing{mutex_};
      held_.push_back({from, to, std::move(content)});
      return;
    }
  }
  const auto delay = delay_ ? delay_(from, to) : 0;
  if (delay == lost)
    return;
  auto element = caf::make_mailbox_element(nullptr, caf::make_message_id(), {}, std::move(content));
  if (delay == 0)
    receiver->enqueue(std::move(element), nullptr);
  else
    clock_.schedule_message(clock_.now() + std::chrono::microseconds{delay}, std::move(receiver),
                            std::move(element));
}

std::vector<std::uint32_t> local_transport::known(role kind) const {
  std::shared_lock lock{mutex_};
  std::vector<std::uint32_t> result;
  for (auto it = peers_.lower_bound({kind, 0}); it != peers_.end() && it->first.kind == kind; ++it)
    result.push_back(it->first.index);
  return result;
}

std::uint64_t local_transport::now_us() const {
  return static_cast<std::uint64_t>(
    std::chrono::duration_cast<std::chrono::microseconds>(clock_.now() - start_).count());
}

protocol::consensus::instant local_transport::now() const {
  const auto elapsed_ms = now_us() / 1000;
  return {.monotonic_ms = elapsed_ms, .unix_ms = unix_ms_ + elapsed_ms * pace_};
}

}  // namespace datagen
