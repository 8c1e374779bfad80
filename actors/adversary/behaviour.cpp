#include "actors/adversary/behaviour.hpp"

#include "protocol/crypto/hash.hpp"

namespace datagen {

const char* to_string(conduct x) {
  switch (x) {
    case conduct::lie_on_result:
      return "lie-on-result";
    case conduct::collude:
      return "collude";
    case conduct::lazy_copy:
      return "lazy-copy";
    case conduct::equivocate:
      return "equivocate";
    case conduct::double_vote:
      return "double-vote";
    case conduct::withhold:
      return "withhold";
    case conduct::echo_cheat:
      return "echo-cheat";
    case conduct::forge_user_hash:
      return "forge-user-hash";
    case conduct::bad_input:
      return "bad-input";
    case conduct::delay:
      return "delay";
    case conduct::drop_to:
      return "drop-to";
    case conduct::garbage_bytes:
      return "garbage-bytes";
    case conduct::replay:
      return "replay";
    case conduct::clock_skew:
      return "clock-skew";
    case conduct::err_on_check:
      return "err-on-check";
    case conduct::keep_shares:
      return "keep-shares";
    case conduct::twin:
      return "twin";
    case conduct::self_deal:
      return "self-deal";
  }
  return "unknown";
}

void note(const behaviour& x, const peer& who, const deeds::name& what) {
  if (x.done)
    x.done->add(who, what);
}

bool happens(const behaviour& x, std::string_view occasion) {
  if (x.share_ppm >= 1'000'000)
    return true;
  const auto drawn = protocol::hash("occasion", std::string{to_string(x.what)}, std::string{occasion});
  std::uint64_t number = 0;
  for (int i = 0; i < 8; ++i)
    number = number << 8 | drawn.value[i];
  return number % 1'000'000 < x.share_ppm;
}

}  // namespace datagen
