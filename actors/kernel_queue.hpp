#pragma once
// Which job runs next: the most urgent one in the order of arrival, but none waits for ever.

#include "messages/work.hpp"

#include <algorithm>
#include <array>
#include <list>
#include <optional>

namespace datagen {

/// A job, and who waits for it: whatever `Caller` is.
template <class Caller>
struct kernel_order {
  v1::kernel_run job;
  std::uint64_t units = 0;  ///< Declared: about microseconds of one core.
  Caller caller;
  std::optional<std::size_t> failed_on;  ///< The device that was at it last, and could not.
  bool alone = false;                    ///< A device failed with it and others: not with others again.
  bool blamed = false;                   ///< A device failed with it alone.
  std::uint32_t hosts_lost = 0;          ///< That were at it.
  std::size_t bytes() const { return job.parameters.size() + job.input.size(); }
};

template <class Caller>
class kernel_queue {
public:
  using order = kernel_order<Caller>;
  static constexpr std::uint64_t picks_per_oldest = 4;

  void push(order x) {
    auto& to = waiting_[static_cast<std::size_t>(x.job.urgency)];
    to.push_back({std::move(x), next_++});
  }

  /// A job that was at work before: as the oldest.
  void push_back_in(order x) {
    auto& to = waiting_[static_cast<std::size_t>(x.job.urgency)];
    to.push_front({std::move(x), --first_});
  }

  /// The next job among those that `fits` allows. Every fourth pick is the oldest, so that a check
  /// moves on beside any number of users' jobs.
  template <class Fits>
  std::optional<order> take(const Fits& fits) {
    return take(fits, [](const order&) { return true; });
  }

  /// The same job if `joins` holds for it, else none: what comes next is not passed over.
  template <class Fits, class Joins>
  std::optional<order> take(const Fits& fits, const Joins& joins) {
    const bool oldest = picks_ % picks_per_oldest == picks_per_oldest - 1;
    const auto at = oldest ? find_oldest(fits) : find_urgent(fits);
    if (!at || !joins(at->second->what))
      return std::nullopt;
    ++picks_;
    return extract(*at);
  }

  /// The first job to have come for which `is` holds.
  template <class Is>
  std::optional<order> remove(const Is& is) {
    const auto at = find_oldest(is);
    return at ? std::optional{extract(*at)} : std::nullopt;
  }

  std::size_t size() const {
    std::size_t result = 0;
    for (const auto& x : waiting_)
      result += x.size();
    return result;
  }

private:
  struct entry {
    order what;
    std::int64_t arrived = 0;
  };
  using entries = std::list<entry>;
  using place = std::pair<entries*, typename entries::iterator>;

  template <class Is>
  std::optional<place> find_in(entries& of, const Is& is) {
    const auto found =
      std::find_if(of.begin(), of.end(), [&](const entry& x) { return is(x.what); });
    return found == of.end() ? std::nullopt : std::optional{place{&of, found}};
  }

  template <class Is>
  std::optional<place> find_urgent(const Is& is) {
    for (auto& x : waiting_)
      if (auto found = find_in(x, is))
        return found;
    return std::nullopt;
  }

  template <class Is>
  std::optional<place> find_oldest(const Is& is) {
    std::optional<place> best;
    for (auto& x : waiting_)
      if (auto found = find_in(x, is))
        if (!best || found->second->arrived < best->second->arrived)
          best = found;
    return best;
  }

  order extract(const place& at) {
    auto result = std::move(at.second->what);
    at.first->erase(at.second);
    return result;
  }

  /// By urgency, each in the order of arrival.
  std::array<entries, static_cast<std::size_t>(max_value(v1::kernel_urgency{})) + 1> waiting_;
  std::int64_t next_ = 0;
  std::int64_t first_ = 0;
  std::uint64_t picks_ = 0;
};

}  // namespace datagen
