#include "protocol/link/address_book.hpp"

#include <algorithm>
#include <tuple>

namespace datagen::protocol::link {

namespace {

/// Of two records of one sequence, which only a confused or a lying key signs, all nodes keep the
/// same one, whichever they heard first.
bool is_later(const address_record& a, const address_record& b) {
  return a.sequence != b.sequence ? a.sequence > b.sequence
                                  : record_statement(a) > record_statement(b);
}

}  // namespace

merge_result address_book::merge(const address_record& x, std::uint64_t now_ms) {
  // Before the signature is looked at: what would not be kept must not cost a verification.
  if (x.key == own_ || !registered_(x.key))
    return merge_result::unwanted;
  const auto known = records_.find(x.key);
  if (known != records_.end() && !is_later(x, known->second))
    return merge_result::known;
  switch (check(x, genesis_, now_ms)) {
    case record_check::ok:
      break;
    case record_check::bad_signature:
      return merge_result::forged;
    default:
      return merge_result::invalid;
  }
  records_[x.key] = x;
  return merge_result::taken;
}

void address_book::expire(std::uint64_t now_ms) {
  std::erase_if(records_, [&](const auto& x) { return x.second.expires_ms <= now_ms; });
}

const address_record* address_book::find(const public_key& key) const {
  const auto it = records_.find(key);
  return it == records_.end() ? nullptr : &it->second;
}

std::vector<address_record> address_book::to_share(const public_key& peer) const {
  std::vector<address_record> result;
  for (const auto& [key, record] : records_)
    if (key != peer)
      result.push_back(record);
  std::sort(result.begin(), result.end(), [](const auto& a, const auto& b) {
    return std::tie(b.expires_ms, a.key) < std::tie(a.expires_ms, b.key);
  });
  if (result.size() > exchange_records_max)
    result.resize(exchange_records_max);
  return result;
}

}  // namespace datagen::protocol::link
