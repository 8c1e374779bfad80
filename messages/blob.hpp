#pragma once
// Job data on its way: shared and never changed, so that a 64 MiB input crosses ten mailboxes
// without a copy.

#include "protocol/codec.hpp"

#include <memory>

namespace datagen {

class blob {
public:
  blob() = default;
  explicit blob(protocol::bytes data)
      : data_(std::make_shared<const protocol::bytes>(std::move(data))) {}
  protocol::byte_view view() const {
    return data_ ? protocol::byte_view{*data_} : protocol::byte_view{};
  }
  std::size_t size() const { return data_ ? data_->size() : 0; }

private:
  std::shared_ptr<const protocol::bytes> data_;
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
