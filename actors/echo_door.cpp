#include "actors/echo_door.hpp"

namespace datagen {

using namespace protocol;
namespace happened = ledger::happened;

void echo_door::hear(const ledger::event& what) {
  if (const auto* x = std::get_if<happened::echo_opened>(&what))
    paid_[x->session] = {x->until_ms, std::nullopt};
  if (const auto* x = std::get_if<happened::session_closed>(&what)) {
    paid_.erase(x->session);
    free_ms_.erase(x->session);
  }
}

bool echo_door::admits(const ledger::view& heavy, const v1::echo_package& x, std::uint64_t now_ms) {
  const auto session = heavy.find(x.session);
  if (!session) {  // its opening may be on the way here
    if (now_ms >= strangers_ms_ + limits_.rest_ms) {
      strangers_ms_ = now_ms;
      strangers_ = 0;
    }
    return strangers_++ < limits_.strangers_max;
  }
  if (const auto paid = paid_.find(x.session);
      paid != paid_.end() && heavy.live_ms <= paid->second.until_ms) {
    auto& nonce = paid->second.nonce;
    if (!nonce)
      nonce = x.nonce;
    return *nonce == x.nonce;
  }
  const auto present = session->paired ? heavy.find(*session->paired) : nullptr;
  if (present && present->now == happened::standing::active)
    return false;
  if (free_ms_.size() >= limits_.sessions_max && free_ms_.count(x.session) == 0)
    free_ms_.clear();
  const auto [last, first] = free_ms_.try_emplace(x.session, now_ms);
  if (!first && now_ms < last->second + limits_.rest_ms)
    return false;
  last->second = now_ms;
  return true;
}

}  // namespace datagen
