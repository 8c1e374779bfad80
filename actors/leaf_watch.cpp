#include "actors/leaf_watch.hpp"

#include "protocol/job/placed_leaf.hpp"

namespace datagen {

using namespace protocol;
namespace happened = ledger::happened;

void leaf_watch::holds(const receipt& x, std::uint64_t now_ms) {
  const std::pair name{x.content.job, x.content.attempt()};
  if (!held_.try_emplace(name, held{.paper = x, .next_ms = now_ms + limits_.retry_ms}).second)
    return;
  order_.push_back(name);
  while (order_.size() > limits_.receipts_max) {
    held_.erase(order_.front());
    order_.pop_front();
  }
}

void leaf_watch::hear(const ledger::event& what) {
  if (const auto* x = std::get_if<happened::checkpoint_settled>(&what)) {
    checkpoints_[x->content.sequence] = x->content;
    if (checkpoints_.size() > limits_.checkpoints_max)
      checkpoints_.erase(checkpoints_.begin());
  } else if (const auto* asked = std::get_if<happened::leaf_asked>(&what)) {
    held_.erase({asked->held.content.job, asked->held.content.attempt()});  // the chain sees to it now
  } else if (const auto* drawn = std::get_if<happened::check_requested>(&what)) {
    const auto& there = drawn->subject.content;
    if (auto* mine = find(there.job, there.attempt());
        mine && there != mine->paper.content && there.validator() == mine->paper.content.validator())
      mine->other = drawn->subject;
  }
}

leaf_watch::held* leaf_watch::find(const job_id& job, std::uint8_t attempt) {
  const auto it = held_.find({job, attempt});
  return it == held_.end() ? nullptr : &it->second;
}

std::vector<v1::leaf_place_query> leaf_watch::due(std::uint64_t now_ms) {
  std::vector<v1::leaf_place_query> result;
  while (!order_.empty() && held_.count(order_.front()) == 0)
    order_.pop_front();
  for (const auto& name : order_) {
    if (result.size() == limits_.questions_max)
      break;
    auto* x = find(name.first, name.second);
    if (!x || x->next_ms > now_ms || x->other)
      continue;
    x->next_ms = now_ms + limits_.retry_ms;
    ++x->asked;
    result.push_back({name.first, name.second});
  }
  return result;
}

void leaf_watch::judge(const v1::leaf_place& x) {
  const auto* mine = find(x.job, x.attempt);
  const auto checkpoint = checkpoints_.find(x.checkpoint);
  if (!mine || checkpoint == checkpoints_.end())
    return;
  const auto& content = checkpoint->second;
  if (find_placed(content.leaf_root, mine->paper.content, x.index, content.leaves, x.path))
    held_.erase({x.job, x.attempt});  // it is where it was promised
}

std::vector<ledger::transaction_body> leaf_watch::complaints(std::uint64_t now_ms,
                                                             std::uint64_t live_ms,
                                                             std::size_t members) {
  std::vector<ledger::transaction_body> result;
  for (auto it = held_.begin(); it != held_.end();) {
    auto& x = it->second;
    const bool missing = live_ms >= x.paper.deadline_ms && x.asked >= members;
    if ((!x.other && !missing) || x.complain_ms > now_ms) {
      ++it;
    } else if (x.complaints == limits_.complaints_max) {
      it = held_.erase(it);
    } else {
      ++x.complaints;
      x.complain_ms = now_ms + limits_.retry_ms;
      if (x.other)
        result.push_back(ledger::tx::twin_receipts{x.paper, *x.other});
      else
        result.push_back(ledger::tx::ask_for_leaf{x.paper});
      ++it;
    }
  }
  return result;
}

}  // namespace datagen
