#pragma once
// Virtual time: actions happen in order of (time, order of scheduling), nothing else decides.

#include <cstdint>
#include <functional>
#include <queue>
#include <tuple>
#include <vector>

namespace datagen::simulation {

class timeline {
public:
  std::uint64_t now() const { return now_; }
  void at(std::uint64_t time_ms, std::function<void()> action) {
    heap_.push({time_ms < now_ ? now_ : time_ms, ++order_, std::move(action)});
  }
  void after(std::uint64_t delay_ms, std::function<void()> action) {
    at(now_ + delay_ms, std::move(action));
  }
  /// Runs what is due up to `until_ms`, or until `stop` says so after an action.
  template <class Stop>
  void run(std::uint64_t until_ms, Stop stop) {
    while (!heap_.empty() && heap_.top().time <= until_ms && !stop()) {
      auto next = std::move(const_cast<entry&>(heap_.top()));
      heap_.pop();
      now_ = next.time;
      next.action();
    }
    now_ = until_ms;
  }

private:
  struct entry {
    std::uint64_t time, order;
    std::function<void()> action;
    bool operator<(const entry& o) const {
      return std::tie(time, order) > std::tie(o.time, o.order);
    }
  };
  std::priority_queue<entry> heap_;
  std::uint64_t order_ = 0;
  std::uint64_t now_ = 0;
};

}  // namespace datagen::simulation
