#include "actors/chain/mempool.hpp"

namespace datagen {

using protocol::digest;

bool mempool::add(protocol::bytes transaction, std::optional<peer> tell, std::uint64_t now_ms) {
  const auto id = protocol::sha256(transaction);
  if (const auto it = known_.find(id); it != known_.end()) {
    if (tell)
      it->second.tell = tell;
    return false;
  }
  if (known_.size() >= bounds_.transactions_max || bytes_ + transaction.size() > bounds_.bytes_max) {
    refused_.push_back({{id, 0xffff,
                         "the mempool is full (" + std::to_string(known_.size()) +
                           " transactions); try again"},
                        tell});
    return false;
  }
  bytes_ += transaction.size();
  known_.emplace(id, entry{std::move(transaction), tell, now_ms});
  queue_.push_back(id);
  return true;
}

mempool::selection mempool::select(const protocol::chain::state_machine& machine,
                                   std::size_t bytes_max, std::size_t count_max) {
  selection result;
  std::size_t bytes = 0;
  std::deque<digest> later;
  while (!queue_.empty()) {
    const auto id = queue_.front();
    const auto it = known_.find(id);
    if (it == known_.end()) {  // executed meanwhile
      queue_.pop_front();
      continue;
    }
    auto& waiting = it->second;
    if (result.transactions.size() >= count_max || bytes + waiting.transaction.size() > bytes_max) {
      result.more = true;
      break;
    }
    queue_.pop_front();
    const auto admission = machine.check(waiting.transaction);
    if (admission.later) {
      later.push_back(id);
    } else if (admission.code != 0) {
      refused_.push_back({{id, admission.code, admission.reason}, waiting.tell});
      drop(id);
    } else {
      bytes += waiting.transaction.size();
      waiting.in_flight = true;
      result.transactions.push_back(waiting.transaction);
    }
  }
  queue_.insert(queue_.end(), later.begin(), later.end());
  return result;
}

void mempool::requeue(std::vector<protocol::bytes> transactions, std::uint64_t now_ms) {
  for (auto& transaction : transactions) {
    const auto id = protocol::sha256(transaction);
    if (const auto it = known_.find(id); it == known_.end()) {
      add(std::move(transaction), {}, now_ms);
    } else if (it->second.in_flight) {
      it->second.in_flight = false;
      queue_.push_back(id);
    }
  }
}

std::vector<protocol::bytes> mempool::front(std::size_t count_max) const {
  std::vector<protocol::bytes> result;
  for (const auto& id : queue_) {
    if (result.size() >= count_max)
      break;
    if (const auto it = known_.find(id); it != known_.end())
      result.push_back(it->second.transaction);
  }
  return result;
}

std::optional<peer> mempool::executed(const digest& id) {
  const auto it = known_.find(id);
  if (it == known_.end())
    return std::nullopt;
  auto tell = it->second.tell;
  drop(id);
  return tell;
}

void mempool::expire(std::uint64_t now_ms) {
  std::vector<digest> old;
  for (const auto& [id, waiting] : known_)
    if (now_ms > waiting.since_ms + bounds_.patience_ms)
      old.push_back(id);
  for (const auto& id : old) {
    refused_.push_back(
      {{id, 0xfffe, "not executed within " + std::to_string(bounds_.patience_ms) + " ms"},
       known_.at(id).tell});
    drop(id);
  }
}

void mempool::drop(const digest& id) {
  const auto it = known_.find(id);
  bytes_ -= it->second.transaction.size();
  known_.erase(it);
}

std::vector<mempool::refusal> mempool::take_refused() { return std::exchange(refused_, {}); }

}  // namespace datagen
