#include "actors/leaf_watch.hpp"

#include "protocol/job/placed_leaf.hpp"

namespace datagen {

using namespace protocol;
namespace happened = ledger::happened;

void leaf_watch::holds(const receipt& x, std::uint64_t now_ms) {
  held_.add({x.content.job, x.content.attempt()},
            {.paper = x, .next_ms = now_ms + limits_.retry_ms});
}

void leaf_watch::hear(const ledger::event& what) {
  if (const auto* asked = std::get_if<happened::leaf_asked>(&what)) {
    held_.erase({asked->held.content.job, asked->held.content.attempt()});  // the chain sees to it now
  } else if (const auto* drawn = std::get_if<happened::check_requested>(&what)) {
    const auto& there = drawn->subject.content;
    if (auto* mine = held_.find({there.job, there.attempt()});
        mine && there != mine->paper.content && there.validator() == mine->paper.content.validator())
      mine->other = drawn->subject;
  }
}

std::vector<v1::leaf_place_query> leaf_watch::due(std::uint64_t now_ms) {
  std::vector<v1::leaf_place_query> result;
  for (auto& [name, x] : held_) {
    if (result.size() == limits_.questions_max)
      break;
    if (x.next_ms > now_ms || x.other)
      continue;
    x.next_ms = now_ms + limits_.retry_ms;
    ++x.asked;
    result.push_back({name.first, name.second});
  }
  return result;
}

void leaf_watch::judge(const v1::leaf_place& x, const settled_checkpoints& settled) {
  const auto* mine = held_.find({x.job, x.attempt});
  const auto* content = settled.find(x.checkpoint);
  if (mine && content &&
      find_placed(content->leaf_root, mine->paper.content, x.index, content->leaves, x.path))
    held_.erase({x.job, x.attempt});  // it is where it was promised
}

std::vector<ledger::transaction_body> leaf_watch::complaints(std::uint64_t now_ms,
                                                             std::uint64_t live_ms,
                                                             std::size_t members) {
  std::vector<ledger::transaction_body> result;
  held_.erase_if([&](auto& entry) {
    auto& x = entry.second;
    const bool missing = live_ms >= x.paper.deadline_ms && x.asked >= members;
    if ((!x.other && !missing) || x.complain_ms > now_ms)
      return false;
    if (x.complaints == limits_.complaints_max)
      return true;
    ++x.complaints;
    x.complain_ms = now_ms + limits_.retry_ms;
    if (x.other)
      result.push_back(ledger::tx::twin_receipts{x.paper, *x.other});
    else
      result.push_back(ledger::tx::ask_for_leaf{x.paper});
    return false;
  });
  return result;
}

}  // namespace datagen
