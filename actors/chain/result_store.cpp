#include "actors/chain/result_store.hpp"

namespace datagen {

using namespace protocol;
namespace happened = ledger::happened;

void result_store::hear(const ledger::event& what) {
  if (const auto* x = std::get_if<happened::delivery_asked>(&what)) {
    const auto& leaf = x->held.content;
    asked_.try_emplace({leaf.job, leaf.attempt()},
                       entry{.held = {.held = x->held}, .until_ms = x->until_ms + keep_ms_});
  } else if (const auto* over = std::get_if<happened::delivery_settled>(&what)) {
    const auto it = asked_.find({over->job, over->attempt});
    if (it != asked_.end() && !over->delivered)
      drop(it);  // it was refunded
  }
}

void result_store::expire(std::uint64_t live_ms) {
  for (auto it = asked_.begin(); it != asked_.end();)
    if (const auto old = it++; old->second.until_ms <= live_ms)
      drop(old);
}

void result_store::drop(std::map<job_key, entry>::iterator it) {
  bytes_ -= it->second.held.output.size();
  asked_.erase(it);
}

std::optional<digest> result_store::offer(const v1::result_offer& x) {
  const auto it = asked_.find({x.job, x.attempt});
  if (it == asked_.end())
    return std::nullopt;
  auto& known = it->second;
  const auto& commitment = known.held.held.content.commitment;
  if (known.there)
    return commitment;
  if (x.output.size() > bytes_max_ - bytes_)
    return std::nullopt;
  const auto output = x.output.view();
  stored_result brought{known.held.held, x.salt, x.result, {output.begin(), output.end()}};
  if (!is_result_of(brought))
    return std::nullopt;
  bytes_ += output.size();
  known.held = std::move(brought);
  known.there = true;
  return commitment;
}

const stored_result* result_store::find(const job_id& job, std::uint8_t attempt) const {
  const auto it = asked_.find({job, attempt});
  return it == asked_.end() || !it->second.there ? nullptr : &it->second.held;
}

}  // namespace datagen
