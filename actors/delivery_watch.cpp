#include "actors/delivery_watch.hpp"

#include "actors/delivery_claim.hpp"

#include "protocol/job/placed_leaf.hpp"

#include <algorithm>

namespace datagen {

using namespace protocol;
namespace happened = ledger::happened;

namespace {

constexpr std::uint32_t doublings_max = 5;

}  // namespace

void delivery_watch::ordered(const ticket& x, std::uint64_t now_ms) {
  open_.add({job_id_of(x), x.attempt}, {.order = x, .next_ms = now_ms + limits_.retry_ms});
}

bool delivery_watch::watches(const ticket& x) const {
  const auto* known = open_.find({job_id_of(x), x.attempt});
  return known && known->order == x;
}

void delivery_watch::hear(const ledger::event& what) {
  if (const auto* asked = std::get_if<happened::delivery_asked>(&what)) {
    if (auto* mine = open_.find({asked->held.content.job, asked->held.content.attempt()}))
      mine->heard = true;
  } else if (const auto* over = std::get_if<happened::delivery_settled>(&what)) {
    auto* mine = open_.find({over->job, over->attempt});
    if (mine && over->delivered)
      mine->stored = true;
    else if (mine)
      open_.erase({over->job, over->attempt});  // its price came back
  }
}

std::vector<v1::leaf_place_query> delivery_watch::due(std::uint64_t now_ms) {
  std::vector<v1::leaf_place_query> result;
  for (auto& [name, x] : open_) {
    if (result.size() == limits_.questions_max)
      break;
    if (x.next_ms > now_ms || x.place)
      continue;
    x.next_ms = now_ms + (limits_.retry_ms << std::min(x.asked++, doublings_max));
    result.push_back({name.first, name.second});
  }
  return result;
}

void delivery_watch::judge(const v1::leaf_place& x, const settled_checkpoints& settled) {
  auto* mine = open_.find({x.job, x.attempt});
  if (!mine || mine->place)
    return;
  if (x.held && x.held->order.content == mine->order && x.held->content.job == x.job &&
      x.held->content.attempt() == x.attempt)
    mine->paper = x.held;
  const auto* checkpoint = settled.find(x.checkpoint);
  if (!mine->paper || checkpoint == nullptr)
    return;
  const auto found = find_placed(checkpoint->leaf_root, mine->paper->content, x.index,
                                 checkpoint->leaves, x.path);
  if (found == std::optional{true})
    mine->place = x;
  else if (found)
    open_.erase({x.job, x.attempt});  // nobody pays for it
}

std::vector<ledger::tx::not_delivered> delivery_watch::filings(std::uint64_t now_ms,
                                                               const settled_checkpoints& settled) {
  std::vector<ledger::tx::not_delivered> result;
  open_.erase_if([&](auto& entry) {
    auto& x = entry.second;
    if (x.heard || !x.place || x.next_ms > now_ms)
      return false;
    if (x.filed == limits_.filings_max)
      return true;
    auto made = claim_delivery(*x.paper, *x.place, settled);
    if (made.check == claim_check::ok) {
      ++x.filed;
      x.next_ms = now_ms + limits_.retry_ms;
      result.push_back(std::move(made.content));
    }
    return made.check == claim_check::epoch_unknown;  // this user came in the middle of it
  });
  return result;
}

std::vector<v1::result_query> delivery_watch::fetches(std::uint64_t now_ms,
                                                      const std::function<digest()>& key) {
  std::vector<v1::result_query> result;
  open_.erase_if([&](auto& entry) {
    auto& [name, x] = entry;
    if (x.stored && x.fetched == limits_.fetches_max)
      return true;
    if (!x.stored || (x.fetched > 0 && x.next_ms > now_ms))
      return false;
    if (!x.key)
      x.key = box_key_pair::from_secret({key().value});
    ++x.fetched;
    x.next_ms = now_ms + limits_.retry_ms;
    result.push_back({.job = name.first, .attempt = name.second, .to = x.key->published, .user = {}});
    return false;
  });
  return result;
}

std::optional<v1::job_reply> delivery_watch::open(const v1::result_sealed& x) const {
  const auto* mine = open_.find({x.job, x.attempt});
  if (!mine || !mine->key || !mine->paper)
    return std::nullopt;
  auto found = open_result(*mine->key, x.from, x.sealed.view());
  if (!found || found->held.content != mine->paper->content)
    return std::nullopt;
  return v1::job_reply{*mine->paper, found->salt, found->result, blob{std::move(found->output)}};
}

}  // namespace datagen
