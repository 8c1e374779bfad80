#include "protocol/link/hello.hpp"

#include "protocol/crypto/hash.hpp"

#include <algorithm>

namespace datagen::protocol::link {

namespace {

template <class Archive>
void describe_fields(Archive& ar, hello& x) {
  ar(x.versions, x.genesis, x.heavy, x.fast, x.life, x.window_bytes, x.frame_bytes_max, x.also,
     x.later);
}

}  // namespace

void describe(encoder& ar, hello& x) { describe_fields(ar, x); }

void describe(decoder& ar, hello& x) {
  describe_fields(ar, x);
  ar.require(x.versions.oldest >= 1 && x.versions.oldest <= x.versions.newest);
  ar.require(x.also.size() <= hello_proofs_max && x.later.size() <= hello_later_max);
  ar.require(x.window_bytes > 0 && x.frame_bytes_max > 0);
}

std::optional<std::uint16_t> agreed_version(const version_range& a, const version_range& b) {
  const auto newest = std::min(a.newest, b.newest);
  if (newest < std::max(a.oldest, b.oldest))
    return std::nullopt;
  return newest;
}

bool takes_over(const incarnation& live, const incarnation& fresh) {
  return fresh.started_ms > live.started_ms || fresh == live;
}

digest identity_statement(const digest& genesis, const digest& channel, end speaker,
                          const public_key& certificate, const public_key& key) {
  return hash("link-identity", genesis, channel, speaker, certificate, key);
}

refusal check(const hello& own, const hello& theirs, const digest& channel, end speaker,
              const public_key& certificate) {
  if (!agreed_version(own.versions, theirs.versions))
    return refusal::wrong_version;
  if (theirs.genesis != own.genesis)
    return refusal::wrong_genesis;
  if (theirs.heavy != own.heavy || theirs.fast != own.fast)
    return refusal::wrong_chain;
  for (const auto& x : theirs.also) {
    const auto statement = identity_statement(own.genesis, channel, speaker, certificate, x.key);
    if (!verify(x.key, statement.view(), x.by))
      return refusal::bad_proof;
  }
  return refusal::none;
}

}  // namespace datagen::protocol::link
