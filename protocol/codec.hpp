#pragma once
// Canonical bytes: the one writer and the one reader for everything that is hashed, signed, stored
// or sent between operators (protocol.md section 6). Fixed order, big-endian integers, explicit
// lengths. A type lists its fields once:
//
//   template <class Archive> void describe(Archive& ar, ticket& x) { ar(x.job, x.attempt, x.price); }
//
// What decodes re-encodes to the same bytes: booleans and flags are 0 or 1, enumerators are known
// (`max_value`), map and set keys ascend strictly, nothing trails.

#include "protocol/types.hpp"

#include <cstring>
#include <map>
#include <set>
#include <type_traits>
#include <utility>
#include <variant>

namespace datagen::protocol {

class encoder;
class decoder;

template <class T>
concept described = requires(encoder& ar, T& x) { describe(ar, x); };

class encoder {
public:
  template <class... Ts>
  void operator()(const Ts&... xs) {
    (put(xs), ...);
  }
  void raw(byte_view data) { out_.insert(out_.end(), data.begin(), data.end()); }
  const bytes& data() const { return out_; }
  bytes take() { return std::move(out_); }

private:
  template <class T>
    requires std::is_integral_v<T> || std::is_same_v<T, uint128>
  void put(T x) {
    constexpr std::size_t size = sizeof(T);
    for (std::size_t i = 0; i < size; ++i)
      out_.push_back(static_cast<std::uint8_t>(static_cast<uint128>(x) >> (8 * (size - 1 - i))));
  }
  template <class T>
    requires std::is_enum_v<T>
  void put(T x) {
    put(static_cast<std::underlying_type_t<T>>(x));
  }
  template <class Tag, std::size_t Size>
  void put(const fixed_bytes<Tag, Size>& x) {
    raw(x.view());
  }
  template <class Tag, class Rep>
  void put(const strong<Tag, Rep>& x) {
    put(x.value);
  }
  void put(const amount& x) { put(x.units); }
  void put(const bytes& x) {
    put(static_cast<std::uint32_t>(x.size()));
    raw(x);
  }
  void put(const std::string& x) {
    put(static_cast<std::uint32_t>(x.size()));
    raw({reinterpret_cast<const std::uint8_t*>(x.data()), x.size()});
  }
  void put(std::string_view x) { put(std::string{x}); }
  void put(const char* x) { put(std::string{x}); }
  template <class T>
    requires(!std::is_same_v<T, std::uint8_t>)
  void put(const std::vector<T>& xs) {
    put_all(xs);
  }
  template <class T>
  void put(const std::set<T>& xs) {
    put_all(xs);
  }
  template <class K, class V>
  void put(const std::map<K, V>& xs) {
    put_all(xs);
  }
  template <class A, class B>
  void put(const std::pair<A, B>& x) {
    put(x.first);
    put(x.second);
  }
  template <class T, std::size_t N>
  void put(const std::array<T, N>& xs) {
    for (const auto& x : xs)
      put(x);
  }
  template <class T>
  void put(const std::optional<T>& x) {
    put(static_cast<std::uint8_t>(x.has_value()));
    if (x)
      put(*x);
  }
  template <class... Ts>
  void put(const std::variant<Ts...>& x) {
    put(static_cast<std::uint8_t>(x.index()));
    std::visit([this](const auto& alternative) { put(alternative); }, x);
  }
  template <described T>
  void put(const T& x) {
    describe(*this, const_cast<T&>(x));
  }
  template <class Range>
  void put_all(const Range& xs) {
    put(static_cast<std::uint32_t>(xs.size()));
    for (const auto& x : xs)
      put(x);
  }

  bytes out_;
};

/// Reads what `encoder` wrote. After the first violation `ok()` is false and nothing more changes.
/// Counts are checked against the bytes left before anything is allocated.
class decoder {
public:
  explicit decoder(byte_view data) : in_(data) {}

  template <class... Ts>
  void operator()(Ts&... xs) {
    (get(xs), ...);
  }
  bool ok() const { return ok_; }
  /// True when everything was read and nothing trails.
  bool finished() const { return ok_ && in_.empty(); }
  /// Lets a `describe` function refuse values its type does not allow.
  void require(bool condition) { ok_ = ok_ && condition; }

private:
  byte_view take(std::size_t size) {
    if (!ok_ || in_.size() < size) {
      ok_ = false;
      return {};
    }
    auto result = in_.first(size);
    in_ = in_.subspan(size);
    return result;
  }
  template <class T>
    requires std::is_integral_v<T> || std::is_same_v<T, uint128>
  void get(T& x) {
    auto raw = take(sizeof(T));
    if (!ok_)
      return;
    uint128 value = 0;
    for (auto b : raw)
      value = (value << 8) | b;
    if constexpr (std::is_same_v<T, bool>) {
      require(value <= 1);
      x = value == 1;
    } else {
      x = static_cast<T>(value);
    }
  }
  template <class T>
    requires std::is_enum_v<T>
  void get(T& x) {
    std::underlying_type_t<T> value{};
    get(value);
    require(value <= static_cast<std::underlying_type_t<T>>(max_value(T{})));
    if (ok_)
      x = static_cast<T>(value);
  }
  template <class Tag, std::size_t Size>
  void get(fixed_bytes<Tag, Size>& x) {
    auto raw = take(Size);
    if (ok_)
      std::memcpy(x.value.data(), raw.data(), Size);
  }
  template <class Tag, class Rep>
  void get(strong<Tag, Rep>& x) {
    get(x.value);
  }
  void get(amount& x) { get(x.units); }
  void get(bytes& x) {
    std::uint32_t size = 0;
    get(size);
    auto raw = take(size);
    if (ok_)
      x.assign(raw.begin(), raw.end());
  }
  void get(std::string& x) {
    std::uint32_t size = 0;
    get(size);
    auto raw = take(size);
    if (ok_)
      x.assign(raw.begin(), raw.end());
  }
  std::uint32_t get_count() {
    std::uint32_t count = 0;
    get(count);
    require(count <= in_.size());  // every element takes at least one byte
    return ok_ ? count : 0;
  }
  template <class T>
    requires(!std::is_same_v<T, std::uint8_t>)
  void get(std::vector<T>& xs) {
    const auto count = get_count();
    xs.clear();
    for (std::uint32_t i = 0; i < count && ok_; ++i) {
      xs.emplace_back();
      get(xs.back());
    }
  }
  template <class T>
  void get(std::set<T>& xs) {
    const auto count = get_count();
    xs.clear();
    for (std::uint32_t i = 0; i < count && ok_; ++i) {
      T x{};
      get(x);
      require(xs.empty() || *xs.rbegin() < x);
      xs.insert(xs.end(), std::move(x));
    }
  }
  template <class K, class V>
  void get(std::map<K, V>& xs) {
    const auto count = get_count();
    xs.clear();
    for (std::uint32_t i = 0; i < count && ok_; ++i) {
      K key{};
      V value{};
      get(key);
      get(value);
      require(xs.empty() || xs.rbegin()->first < key);
      xs.emplace_hint(xs.end(), std::move(key), std::move(value));
    }
  }
  template <class A, class B>
  void get(std::pair<A, B>& x) {
    get(x.first);
    get(x.second);
  }
  template <class T, std::size_t N>
  void get(std::array<T, N>& xs) {
    for (auto& x : xs)
      get(x);
  }
  template <class T>
  void get(std::optional<T>& x) {
    bool present = false;
    get(present);
    x.reset();
    if (ok_ && present)
      get(x.emplace());
  }
  template <class... Ts>
  void get(std::variant<Ts...>& x) {
    std::uint8_t index = 0;
    get(index);
    require(index < sizeof...(Ts));
    if (ok_)
      get_alternative(x, index, std::index_sequence_for<Ts...>{});
  }
  template <class Variant, std::size_t... Is>
  void get_alternative(Variant& x, std::uint8_t index, std::index_sequence<Is...>) {
    ((index == Is ? get(x.template emplace<Is>()) : void()), ...);
  }
  template <class T>
    requires requires(decoder& ar, T& x) { describe(ar, x); }
  void get(T& x) {
    describe(*this, x);
  }

  byte_view in_;
  bool ok_ = true;
};

/// Canonical bytes of the values, one after the other.
template <class... Ts>
bytes encode(const Ts&... xs) {
  encoder ar;
  ar(xs...);
  return ar.take();
}

/// The value whose canonical encoding is exactly `data`, or nothing.
template <class T>
std::optional<T> decode(byte_view data) {
  decoder ar{data};
  T result{};
  ar(result);
  if (!ar.finished())
    return std::nullopt;
  return result;
}

}  // namespace datagen::protocol
