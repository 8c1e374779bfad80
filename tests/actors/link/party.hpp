#pragma once
// Endpoints on the loopback interface, and what their owners are told.

#include "actors/link/endpoint.hpp"

#include "protocol/crypto/hash.hpp"

#include <doctest/doctest.h>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

namespace datagen::link::tests {

using protocol::bytes;
using protocol::key_pair;

inline key_pair key_of(std::uint8_t i) { return key_pair::from_secret({{i}}); }

/// Everybody from 1 to 9 is registered.
class recorder : public observer {
public:
  bool knows(const public_key& key) const override {
    for (std::uint8_t i = 1; i <= 9; ++i)
      if (key_of(i).identity == key)
        return true;
    return false;
  }
  refusal received(const public_key& from, byte_view message, held_credit credit) override {
    std::lock_guard lock{mutex_};
    heard_.emplace_back(from, bytes(message.begin(), message.end()));
    heard_bytes_ += message.size();
    if (keeps_credit)
      kept_.push_back(std::move(credit));
    if (answer)
      answer(from, message);
    changed_.notify_all();
    return message.size() == 1 && message[0] == 0xbd ? refusal::malformed_message : refusal::none;
  }
  void up(const public_key&, const std::vector<public_key>& also, std::uint16_t version) override {
    std::lock_guard lock{mutex_};
    ++ups_;
    also_ = also;
    version_ = version;
    changed_.notify_all();
  }
  void down(const public_key&, refusal why) override {
    std::lock_guard lock{mutex_};
    downs_.push_back(why);
    changed_.notify_all();
  }

  /// @returns whether `holds` comes true within 20 s
  template <class Condition>
  bool sees(Condition holds) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, std::chrono::seconds{20}, [&] { return holds(*this); });
  }
  bool hears(std::size_t messages) {
    return sees([=](const recorder& x) { return x.heard_.size() >= messages; });
  }
  bool links(std::size_t times) {
    return sees([=](const recorder& x) { return x.ups_ >= times; });
  }
  void give_back() {
    std::vector<held_credit> freed;
    std::lock_guard lock{mutex_};
    freed.swap(kept_);
  }
  std::vector<bytes> heard() const {
    std::lock_guard lock{mutex_};
    std::vector<bytes> result;
    for (const auto& x : heard_)
      result.push_back(x.second);
    return result;
  }
  std::size_t heard_bytes() const {
    std::lock_guard lock{mutex_};
    return heard_bytes_;
  }
  std::uint16_t version() const { return version_; }
  std::vector<public_key> also() const {
    std::lock_guard lock{mutex_};
    return also_;
  }

  bool keeps_credit = false;
  std::function<void(const public_key&, byte_view)> answer;

private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::pair<public_key, bytes>> heard_;
  std::size_t heard_bytes_ = 0;
  std::vector<held_credit> kept_;
  std::size_t ups_ = 0;
  std::vector<public_key> also_;
  std::uint16_t version_ = 0;
  std::vector<refusal> downs_;
};

inline endpoint_config config_of(std::uint8_t who) {
  return {.key = key_of(who),
          .genesis = protocol::hash("test-genesis"),
          .heavy = protocol::hash("test-heavy"),
          .fast = protocol::hash("test-fast"),
          .life = {1'000, protocol::hash("test-life", who)},
          .seed = who,
          .farewell_ms = 500,
          .retry = {.min_ms = 5, .max_ms = 50}};
}

struct party {
  explicit party(const endpoint_config& config) : key(config.key) {
    const auto why = end.start(config, ear);
    REQUIRE_MESSAGE(!why, why.value_or(""));
  }
  explicit party(std::uint8_t who) : party(config_of(who)) {}
  void dial(const party& other) { dial(other, other.end.port()); }
  void dial(const party& other, std::uint16_t port) {
    end.dial(other.key.identity, {{"127.0.0.1", port}});
  }
  void say(const party& to, bytes message) { end.send(to.key.identity, std::move(message)); }
  std::uint64_t refused(refusal x) const { return end.counts().of(x); }
  std::uint64_t told(refusal x) const { return end.counts().told(x); }

  key_pair key;
  recorder ear;
  endpoint end;
};

/// @returns whether `holds` comes true within 20 s
template <class Condition>
bool soon(Condition holds) {
  for (int i = 0; i < 2'000 && !holds(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  return holds();
}

/// A message that starts with its number.
inline bytes numbered(std::uint32_t number, std::size_t size = 4) {
  auto result = protocol::encode(number);
  result.resize(std::max<std::size_t>(size, 4), static_cast<std::uint8_t>(number));
  return result;
}

}  // namespace datagen::link::tests
