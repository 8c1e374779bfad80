#include "actors/link/gatekeeper.hpp"

#include <algorithm>
#include <tuple>

namespace datagen::link {

using namespace protocol::link;

refusal gatekeeper::enter(const std::string& address, bool exempt, std::uint64_t now_ms) {
  const auto known = addresses_.find(address);
  if (!exempt && known != addresses_.end() && protocol::link::is_banned(known->second, now_ms))
    return refusal::address_banned;
  if (handshakes_ >= limits_.handshakes_max)
    return refusal::handshakes_full;
  auto& mine = by_address_[address];
  if (mine >= limits_.handshakes_per_address_max)
    return refusal::address_handshakes_full;
  ++mine;
  ++handshakes_;
  return refusal::none;
}

void gatekeeper::leave(const std::string& address) {
  --handshakes_;
  const auto it = by_address_.find(address);
  if (--it->second == 0)
    by_address_.erase(it);
}

template <class Key>
void gatekeeper::note(standings<Key>& in, const Key& who, refusal what, std::uint64_t now_ms) {
  if (points_of(what) == 0)
    return;
  if (in.size() >= standings_max && in.count(who) == 0) {
    std::erase_if(in, [&](const auto& x) { return is_clean(x.second, now_ms, limits_.standing); });
    if (in.size() >= standings_max)
      in.erase(std::min_element(in.begin(), in.end(), [](const auto& a, const auto& b) {
        const auto& [x, y] = std::tie(a.second, b.second);
        return std::tie(x.banned_until_ms, x.points) < std::tie(y.banned_until_ms, y.points);
      }));
  }
  auto& mine = in[who];
  mine = after(mine, what, now_ms, limits_.standing);
}

void gatekeeper::offended(const protocol::public_key& who, refusal what, std::uint64_t now_ms) {
  note(keys_, who, what, now_ms);
}
void gatekeeper::offended(const std::string& address, refusal what, std::uint64_t now_ms) {
  note(addresses_, address, what, now_ms);
}

bool gatekeeper::is_banned(const protocol::public_key& who, std::uint64_t now_ms) const {
  const auto it = keys_.find(who);
  return it != keys_.end() && protocol::link::is_banned(it->second, now_ms);
}

}  // namespace datagen::link
