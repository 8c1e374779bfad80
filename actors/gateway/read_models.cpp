#include "actors/gateway/read_models.hpp"

namespace datagen::web {

using namespace protocol;

read_models::change read_models::take(chain_kind where, v1::block_news news) {
  change result;
  result.block = of(where).add(std::move(news));
  if (!result.block)
    return result;
  const auto& block = result.block->news;
  const block_place at{where, block.height, block.timestamp_ms, block.live_ms, block.epoch};
  const bool counted = counts.take(where, block);
  for (const auto& raw : block.events) {
    if (where == chain_kind::fast) {
      const auto what = decode<protocol::fast::event>(raw);
      if (!what)
        continue;
      if (counted)
        counts.take(*what, validators.active());
      validators.take(*what);
      for (const auto& id : jobs.take(at, *what))
        result.jobs.insert(id);
    } else {
      const auto what = decode<ledger::event>(raw);
      if (!what)
        continue;
      if (counted)
        counts.take(*what);
      validators.take(block.height, *what);
      if (const auto* audit = audits.take(block.height, block.timestamp_ms, *what))
        result.audits.push_back(audit);
      if (const auto* x = std::get_if<ledger::happened::checkpoint_settled>(&*what))
        settled.add(x->content.fast_height, {block.epoch, block.height});
      for (const auto& id : jobs.take(at, *what))
        result.jobs.insert(id);
    }
  }
  return result;
}

std::vector<job_id> read_models::cut(chain_kind where, std::uint64_t height) {
  of(where).cut(height);
  return where == chain_kind::fast ? jobs.cut(height) : std::vector<job_id>{};
}

}  // namespace datagen::web
