#pragma once
// Values of any described type, filled from a number: an archive beside the codec's two, so that a
// new field of a message is in the seeds without a line here. `filled<T>(i)` takes alternative i of
// the first variant it meets.

#include "protocol/codec.hpp"

#include "protocol/ledger/proven_map.hpp"
#include "protocol/ledger/section.hpp"
#include "protocol/link/address_record.hpp"
#include "protocol/link/hello.hpp"
#include "protocol/params.hpp"

namespace datagen::fuzz {

class filler {
public:
  explicit filler(std::uint64_t number) : alternative_(number), random_(number + 1) {}

  template <class... Ts>
  void operator()(Ts&... xs) {
    (fill(xs), ...);
  }

private:
  /// xorshift64*: small, and the same everywhere.
  std::uint64_t next() {
    random_ ^= random_ >> 12;
    random_ ^= random_ << 25;
    random_ ^= random_ >> 27;
    return random_ * 0x2545f4914f6cdd1dULL;
  }
  std::size_t few() { return depth_ > 6 ? 0 : next() % 3; }

  template <class T>
  requires std::is_integral_v<T> || std::is_same_v<T, protocol::uint128>
  void fill(T& x) {
    const auto any = next();
    x = static_cast<T>(std::is_same_v<T, bool> ? any >> 63 : any % 3 == 0 ? any : any % 16);
  }
  template <class T>
  requires std::is_enum_v<T>
  void fill(T& x) { x = static_cast<T>(next() % (static_cast<std::uint64_t>(max_value(T{})) + 1)); }
  template <class Tag, std::size_t Size>
  void fill(protocol::fixed_bytes<Tag, Size>& x) {
    x.value.fill(static_cast<std::uint8_t>(next()));
  }
  template <class Tag, class Rep>
  void fill(protocol::strong<Tag, Rep>& x) {
    fill(x.value);
  }
  void fill(protocol::amount& x) { x.units = next() % 1'000'000'000'000; }
  void fill(protocol::bytes& x) { x.assign(next() % 40, static_cast<std::uint8_t>(next())); }
  void fill(std::string& x) { x = std::string{"merkle.root"}.substr(next() % 8); }
  template <class T>
  requires(!std::is_same_v<T, std::uint8_t>) void fill(std::vector<T>& xs) {
    xs.resize(few());
    for (auto& x : xs)
      fill(x);
  }
  template <class T>
  void fill(std::set<T>& xs) {
    for (auto n = few(); n > 0; --n)
      xs.insert(filled<T>());
  }
  template <class K, class V>
  void fill(std::map<K, V>& xs) {
    for (auto n = few(); n > 0; --n)
      xs.emplace(filled<K>(), filled<V>());
  }
  template <class A, class B>
  void fill(std::pair<A, B>& x) {
    fill(x.first);
    fill(x.second);
  }
  template <class T, std::size_t N>
  void fill(std::array<T, N>& xs) {
    for (auto& x : xs)
      fill(x);
  }
  template <class T>
  void fill(std::optional<T>& x) {
    x.reset();
    if (depth_ < 7 && next() % 4 != 0)
      x = filled<T>();
  }
  template <class... Ts>
  void fill(std::variant<Ts...>& x) {
    const auto which = alternative_ % sizeof...(Ts);
    alternative_ = next();
    emplace(x, which, std::index_sequence_for<Ts...>{});
  }
  template <class Variant, std::size_t... Is>
  void emplace(Variant& x, std::size_t which, std::index_sequence<Is...>) {
    ((which == Is ? fill(x.template emplace<Is>()) : void()), ...);
  }
  // Types that describe themselves to the codec's two archives only.
  void fill(protocol::parameters& x) { x = protocol::dev_preset(); }
  void fill(protocol::link::hello& x) {
    (*this)(x.genesis, x.heavy, x.fast, x.life, x.also, x.later);
    x.window_bytes = 1 << 20;
    x.frame_bytes_max = 1 << 16;
  }
  void fill(protocol::link::address_record& x) {
    (*this)(x.genesis, x.key, x.sequence, x.expires_ms, x.addresses, x.by);
  }
  /// Everything else describes itself, but for blobs: those are made from bytes.
  template <class T>
  requires std::is_class_v<T>
  void fill(T& x) {
    if constexpr (requires { describe(*this, x); }) {
      ++depth_;
      describe(*this, x);
      --depth_;
    } else {
      x = T{filled<protocol::bytes>()};
    }
  }
  template <class T>
  T filled() {
    T x{};
    fill(x);
    return x;
  }

  std::uint64_t alternative_;
  std::uint64_t random_;
  std::uint32_t depth_ = 0;
};

template <class T>
T filled(std::uint64_t number) {
  T x{};
  filler ar{number};
  ar(x);
  return x;
}

}  // namespace datagen::fuzz
