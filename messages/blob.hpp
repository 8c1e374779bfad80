#pragma once
// Job data on its way: shared and never changed, so that a 64 MiB input crosses ten mailboxes
// without a copy.

#include "protocol/codec.hpp"

#include <memory>

namespace datagen {

class blob {
public:
  blob() = default;
  explicit blob(protocol::bytes data) {
    const auto held = std::make_shared<const protocol::bytes>(std::move(data));
    data_ = *held;
    owner_ = held;
  }
  /// Bytes that somebody else made and that live as long as `owner` does.
  blob(protocol::byte_view data, std::shared_ptr<const void> owner)
      : data_(data), owner_(std::move(owner)) {}
  protocol::byte_view view() const { return data_; }
  std::size_t size() const { return data_.size(); }

private:
  protocol::byte_view data_;
  std::shared_ptr<const void> owner_;
};

inline void describe(protocol::encoder& ar, blob& x) {
  ar(static_cast<std::uint32_t>(x.size()));
  ar.raw(x.view());
}
inline void describe(protocol::decoder& ar, blob& x) {
  protocol::bytes data;
  ar(data);
  x = blob{std::move(data)};
}

}  // namespace datagen
