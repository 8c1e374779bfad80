#include "actors/heavy_duties.hpp"

#include <algorithm>

namespace datagen {

namespace {

constexpr std::uint32_t doublings_max = 5;

}  // namespace

void heavy_duties::owe(const heavy_follower& heavy, const duty& what, protocol::bytes transaction) {
  const auto [it, fresh] = open_.try_emplace(what, entry{std::move(transaction)});
  if (fresh)
    send(heavy, it->second);
}

void heavy_duties::forget(const protocol::job_id& job, std::uint8_t attempt) {
  const auto first = open_.lower_bound({job, attempt, duty_kind{}, 0});
  auto last = first;
  while (last != open_.end() && last->first.job == job && last->first.attempt == attempt)
    ++last;
  open_.erase(first, last);
}

void heavy_duties::wake(const heavy_follower& heavy) {
  const auto now = context_.net->now().monotonic_ms;
  for (auto& [what, x] : open_)
    if (now >= x.sent_ms + (resend_ms_ << std::min(x.tries - 1, doublings_max)))
      send(heavy, x);
}

void heavy_duties::send(const heavy_follower& heavy, entry& x) {
  x.sent_ms = context_.net->now().monotonic_ms;
  context_.net->send(self_, heavy.author(x.tries++), v1::submit_transaction{x.transaction});
}

}  // namespace datagen
