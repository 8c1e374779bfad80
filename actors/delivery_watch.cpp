#include "actors/delivery_watch.hpp"

#include "protocol/job/placed_leaf.hpp"

#include <algorithm>

namespace datagen {

using namespace protocol;
namespace happened = ledger::happened;

namespace {

constexpr std::uint32_t doublings_max = 5;

}  // namespace

void delivery_watch::ordered(const ticket& x, std::uint64_t now_ms) {
  const job_key name{job_id_of(x), x.attempt};
  if (!open_.try_emplace(name, unanswered{.order = x, .next_ms = now_ms + limits_.retry_ms}).second)
    return;
  order_.push_back(name);
  while (order_.size() > limits_.tickets_max) {
    open_.erase(order_.front());
    order_.pop_front();
  }
}

bool delivery_watch::watches(const ticket& x) const {
  const auto it = open_.find({job_id_of(x), x.attempt});
  return it != open_.end() && it->second.order == x;
}

delivery_watch::unanswered* delivery_watch::find(const job_id& job, std::uint8_t attempt) {
  const auto it = open_.find({job, attempt});
  return it == open_.end() ? nullptr : &it->second;
}

const ledger::tx::checkpoint_content* delivery_watch::find_checkpoint(std::uint64_t sequence) const {
  const auto it = checkpoints_.find(sequence);
  return it == checkpoints_.end() ? nullptr : &it->second;
}

void delivery_watch::hear(const ledger::event& what) {
  if (const auto* x = std::get_if<happened::checkpoint_settled>(&what)) {
    checkpoints_[x->content.sequence] = x->content;
    if (checkpoints_.size() > limits_.checkpoints_max)
      checkpoints_.erase(checkpoints_.begin());
  } else if (const auto* asked = std::get_if<happened::delivery_asked>(&what)) {
    if (auto* mine = find(asked->held.content.job, asked->held.content.attempt()))
      mine->heard = true;
  } else if (const auto* over = std::get_if<happened::delivery_settled>(&what)) {
    auto* mine = find(over->job, over->attempt);
    if (mine && over->delivered)
      mine->stored = true;
    else if (mine)
      open_.erase({over->job, over->attempt});  // its price came back
  }
}

std::vector<v1::leaf_place_query> delivery_watch::due(std::uint64_t now_ms) {
  std::vector<v1::leaf_place_query> result;
  while (!order_.empty() && open_.count(order_.front()) == 0)
    order_.pop_front();
  for (const auto& name : order_) {
    if (result.size() == limits_.questions_max)
      break;
    auto* x = find(name.first, name.second);
    if (!x || x->next_ms > now_ms || x->place)
      continue;
    x->next_ms = now_ms + (limits_.retry_ms << std::min(x->asked++, doublings_max));
    result.push_back({name.first, name.second});
  }
  return result;
}

void delivery_watch::judge(const v1::leaf_place& x) {
  auto* mine = find(x.job, x.attempt);
  if (!mine || mine->place)
    return;
  if (x.held && x.held->order.content == mine->order && x.held->content.job == x.job &&
      x.held->content.attempt() == x.attempt)
    mine->paper = x.held;
  const auto* checkpoint = find_checkpoint(x.checkpoint);
  if (!mine->paper || checkpoint == nullptr)
    return;
  const auto found = find_placed(checkpoint->leaf_root, mine->paper->content, x.index,
                                 checkpoint->leaves, x.path);
  if (found == std::optional{true})
    mine->place = x;
  else if (found)
    open_.erase({x.job, x.attempt});  // nobody pays for it
}

/// With the way to the root over its epoch's checkpoints, which stands once the epoch is over.
std::optional<ledger::tx::not_delivered> delivery_watch::filing(const unanswered& x) const {
  const auto* settled = find_checkpoint(x.place->checkpoint);
  const bool over =
    settled && std::any_of(checkpoints_.begin(), checkpoints_.end(), [settled](const auto& y) {
      return y.second.closes && y.second.closes->epoch == settled->claim_epoch;
    });
  if (!over)
    return std::nullopt;
  std::vector<digest> history;
  std::size_t at = 0;
  for (const auto& [sequence, content] : checkpoints_) {
    if (content.claim_epoch != settled->claim_epoch || (history.empty() && content.leaves == 0))
      continue;  // an epoch begins with its first leaf
    if (sequence == settled->sequence)
      at = history.size();
    history.push_back(merkle_leaf(digest_of(content).view()));
  }
  return ledger::tx::not_delivered{.held = *x.paper,
                                   .settled = *settled,
                                   .settled_path = merkle_path(history, at),
                                   .index = x.place->index,
                                   .path = x.place->path};
}

std::vector<ledger::tx::not_delivered> delivery_watch::filings(std::uint64_t now_ms) {
  std::vector<ledger::tx::not_delivered> result;
  for (auto it = open_.begin(); it != open_.end();) {
    auto& x = it->second;
    if (x.heard || !x.place || x.next_ms > now_ms) {
      ++it;
    } else if (x.filed == limits_.filings_max) {
      it = open_.erase(it);
    } else {
      if (auto made = filing(x)) {
        ++x.filed;
        x.next_ms = now_ms + limits_.retry_ms;
        result.push_back(std::move(*made));
      }
      ++it;
    }
  }
  return result;
}

std::vector<v1::result_query> delivery_watch::fetches(std::uint64_t now_ms,
                                                      const std::function<digest()>& key) {
  std::vector<v1::result_query> result;
  for (auto it = open_.begin(); it != open_.end();) {
    auto& [name, x] = *it;
    if (x.stored && x.fetched == limits_.fetches_max) {
      it = open_.erase(it);
      continue;
    }
    ++it;
    if (!x.stored || (x.fetched > 0 && x.next_ms > now_ms))
      continue;
    if (!x.key)
      x.key = box_key_pair::from_secret({key().value});
    ++x.fetched;
    x.next_ms = now_ms + limits_.retry_ms;
    result.push_back({.job = name.first, .attempt = name.second, .to = x.key->published, .user = {}});
  }
  return result;
}

std::optional<v1::job_reply> delivery_watch::open(const v1::result_sealed& x) const {
  const auto it = open_.find({x.job, x.attempt});
  if (it == open_.end() || !it->second.key || !it->second.paper)
    return std::nullopt;
  auto found = open_result(*it->second.key, x.from, x.sealed.view());
  if (!found || found->held.content != it->second.paper->content)
    return std::nullopt;
  return v1::job_reply{*it->second.paper, found->salt, found->result, blob{std::move(found->output)}};
}

}  // namespace datagen
