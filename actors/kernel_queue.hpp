#pragma once
// Which job runs next: the most urgent one in the order of arrival, but none waits for ever.

#include "messages/work.hpp"

#include <algorithm>
#include <list>
#include <optional>

namespace datagen {

/// A job, and who waits for it: whatever `Caller` is.
template <class Caller>
struct kernel_order {
  v1::kernel_run job;
  std::uint64_t units = 0;  ///< Declared: about microseconds of one core.
  Caller caller;
  std::optional<std::size_t> failed_on;  ///< The device that was at it, and could not.
  std::uint32_t hosts_lost = 0;          ///< That were at it.
  std::size_t bytes() const { return job.parameters.size() + job.input.size(); }
};

template <class Caller>
class kernel_queue {
public:
  using order = kernel_order<Caller>;
  static constexpr std::uint64_t picks_per_oldest = 4;

  void push(order x) { waiting_.push_back(std::move(x)); }

  /// A job that was at work before: as the oldest.
  void push_back_in(order x) { waiting_.push_front(std::move(x)); }

  /// The next job among those that `fits` allows. Every fourth pick is the oldest, so that a check
  /// moves on beside any number of users' jobs.
  template <class Fits>
  std::optional<order> take(const Fits& fits) {
    const bool oldest = picks_ % picks_per_oldest == picks_per_oldest - 1;
    auto best = waiting_.end();
    for (auto it = waiting_.begin(); it != waiting_.end(); ++it)
      if (fits(*it) && (best == waiting_.end() || (!oldest && it->job.urgency < best->job.urgency)))
        best = it;
    picks_ += best != waiting_.end();
    return extract(best);
  }

  /// The first job for which `is` holds.
  template <class Is>
  std::optional<order> remove(const Is& is) {
    return extract(std::find_if(waiting_.begin(), waiting_.end(), is));
  }

  std::size_t size() const { return waiting_.size(); }

private:
  std::optional<order> extract(typename std::list<order>::iterator at) {
    if (at == waiting_.end())
      return std::nullopt;
    auto result = std::optional{std::move(*at)};
    waiting_.erase(at);
    return result;
  }

  std::list<order> waiting_;  ///< In the order of arrival.
  std::uint64_t picks_ = 0;
};

}  // namespace datagen
