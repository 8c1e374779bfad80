// The gateway across epochs (consensus.md 2.13): committees as certified Heavy news name them,
// certificates that came before their committee was known, blocks that a new committee made void,
// and what is told about all that.

#include "actors/gateway.hpp"

#include "actors/gateway/checkpoint_form.hpp"
#include "actors/gateway/query.hpp"
#include "actors/gateway/views.hpp"

namespace datagen {

using namespace protocol;
using web::chain_kind;
namespace happened = ledger::happened;

// Following ---------------------------------------------------------------------------------------

/// Heavy's authors changed; `x` is proven.
void gateway_state::take(consensus::hand_over x) {
  if (!committees_.take(x))
    return;
  if (config_.archive)
    gathered_->records.push_back(
      {std::string{web::hand_over_records}, encode(x.next.epoch), encode(x)});
  committee_is_known(chain_kind::heavy);
}

/// A certified Heavy block may elect a committee or seat Fast's.
void gateway_state::take_committees(const ledger::block_events& block,
                                    const std::function<heavy_proof()>& proof) {
  const auto& fast = committees_.newest(chain_kind::fast).members.chain;
  for (const auto& what : block.events) {
    committees_.take(block.height, what);
    const auto* seated = std::get_if<happened::committee_seated>(&what);
    if (!seated || seated->now.chain != fast)
      continue;
    const web::seating kept{proof()};
    if (!committees_.take(kept))
      continue;
    if (config_.archive)
      gathered_->records.push_back(
        {std::string{web::seating_records}, encode(seated->now.epoch), encode(kept)});
    committee_is_known(chain_kind::fast);
  }
}

void gateway_state::committee_is_known(chain_kind x) {
  const auto& members = committees_.newest(x).members;
  publish(to_string(x), "committee", {{"epoch", members.epoch}, {"size", members.size()}});
  for (auto& proof : std::exchange(early_, {}))
    hear(v1::block_certified{std::move(proof)});
}

/// Blocks of `x` from `height` on are void: a new committee begins there.
void gateway_state::cut(chain_kind x, std::uint64_t height) {
  if (config_.archive) {
    const auto chain = static_cast<std::uint8_t>(x);
    // Cuts come first in a batch: what has gathered since the last one must not come after it.
    std::erase_if(gathered_->commits,
                  [&](const auto& row) { return row.chain == chain && row.height >= height; });
    std::erase_if(gathered_->certificates,
                  [&](const auto& row) { return row.chain == chain && row.height >= height; });
    gathered_->cuts.push_back({chain, height - 1});
  }
  const auto changed = models_.cut(x, height);
  if (x == chain_kind::fast) {
    const auto gone = proofs_.cut(height);
    for (auto& [id, job] : saved_)
      if (job.place && gone.count(job.place->checkpoint) > 0) {
        let_go(job);
        job.place.reset();
        save(job);
      }
  }
  for (const auto& id : changed)
    job_changed(id);
}

// Telling -----------------------------------------------------------------------------------------

namespace {

constexpr std::size_t past_max = 64;

std::string name_of(chain_kind x, std::uint32_t id, const web::read_models& models) {
  const auto* validator = x == chain_kind::fast ? models.validators.find({id}) : nullptr;
  return validator && !validator->name.empty() ? validator->name : "author " + std::to_string(id);
}

web::json::object member_json(chain_kind x, const consensus::roster& members, std::size_t i,
                              const web::read_models& models) {
  return {{"id", members.ids[i]},
          {"name", name_of(x, members.ids[i], models)},
          {"key", web::form(members.authors[i])}};
}

web::json::object roster_json(chain_kind x, const consensus::roster& members,
                              const web::read_models& models) {
  web::json::array list;
  for (std::size_t i = 0; i < members.size(); ++i)
    list.push_back(member_json(x, members, i, models));
  return {{"epoch", members.epoch},
          {"size", members.size()},
          {"quorum", members.quorum()},
          {"roster", web::form(digest_of(members))},
          {"members", std::move(list)}};
}

web::json::object seated_json(chain_kind x, const web::seated_committee& seated,
                              const web::read_models& models) {
  auto result = roster_json(x, seated.members, models);
  result["first_height"] = seated.first_height;
  result["seated_in"] =
    seated.seated_in == 0 ? web::json::value(nullptr) : web::json::value(seated.seated_in);
  return result;
}

web::json::value next_json(chain_kind x, const std::optional<web::next_committee>& next,
                           const web::read_models& models) {
  if (!next)
    return nullptr;
  auto result = roster_json(x, next->members, models);
  result["state"] = next->ready ? "ready" : "elected";
  result["elected_in"] = next->elected_in;
  result["dealt"] = web::form(next->dealt);
  return result;
}

}  // namespace

web::json::object gateway_state::line_json(chain_kind x) const {
  const auto now = config_.context.net->now().monotonic_ms;
  const auto& health = health_of(x);
  const auto told = health.of(committees_.newest(x).members, now);
  auto present = seated_json(x, committees_.newest(x), models_);
  for (auto& member : present["members"].as_array()) {
    const auto silent = health.silence_of(
      static_cast<std::uint32_t>(member.at("id").to_number<std::uint64_t>()), now);
    member.as_object()["silent_ms"] = web::form(silent);
    member.as_object()["alive"] = silent && *silent <= health.window_ms();
  }
  web::json::array past;
  const auto& all = committees_.all(x);
  for (auto it = std::next(all.rbegin()); it != all.rend() && past.size() < past_max; ++it)
    past.push_back(seated_json(x, it->second, models_));
  return {{"now", std::move(present)},
          {"alive", told.alive},
          {"missing", web::form(told.missing)},
          {"committing", told.is_committing},
          {"stalled_ms", told.stalled_ms},
          {"window_ms", health.window_ms()},
          {"next", next_json(x, committees_.next(x), models_)},
          {"past", std::move(past)}};
}

http::response gateway_state::committees_answer() const {
  return web::json_answer(web::json::object{{"heavy", line_json(chain_kind::heavy)},
                                            {"fast", line_json(chain_kind::fast)}});
}

/// The newest block that Heavy's committee of `epoch` certified, as far as it is known here.
std::optional<trusted_checkpoint> gateway_state::checkpoint_of(std::uint32_t epoch) const {
  const auto* members = committees_.find(chain_kind::heavy, epoch);
  if (!members)
    return std::nullopt;
  if (const auto* last = committees_.last_of(epoch))
    return trusted_checkpoint{*members, last->statement.height, last->statement.block};
  const auto height = models_.heavy.certified_height();
  const auto* block = models_.heavy.at(height);
  if (!block || block->news.epoch != epoch)
    return std::nullopt;
  return trusted_checkpoint{*members, height, block->news.block};
}

http::response gateway_state::checkpoint_answer(const http::request& ask) const {
  const auto newest = committees_.newest(chain_kind::heavy).members.epoch;
  auto epoch = newest;
  if (const auto asked = ask.query.find("epoch"); asked != ask.query.end()) {
    const auto number = web::number_from(asked->second);
    if (!number)
      return web::bad_query("epoch is '" + asked->second.substr(0, 40) + "'; a number is expected");
    epoch = static_cast<std::uint32_t>(std::min<std::uint64_t>(*number, UINT32_MAX));
  }
  auto found = checkpoint_of(epoch);
  if (!found && epoch == newest && epoch > 0 && ask.query.count("epoch") == 0)
    found = checkpoint_of(epoch - 1);  // the new committee has certified nothing yet
  if (!found)
    return web::not_found("no certified block of Heavy epoch " + std::to_string(epoch) +
                          " is known here; the newest epoch is " + std::to_string(newest));
  return web::json_answer(web::checkpoint_json(*found));
}

}  // namespace datagen
