#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace datagen::kernels {

/// The bytes of a finished job where the module left them: shared, never changed, and given back
/// when the last owner goes. A copy of a large output costs as much as hashing it.
class output_bytes {
public:
  output_bytes() = default;
  output_bytes(std::span<const std::uint8_t> data, std::shared_ptr<const void> owner)
      : data_(data), owner_(std::move(owner)) {}

  const std::uint8_t* data() const { return data_.data(); }
  std::size_t size() const { return data_.size(); }
  bool empty() const { return data_.empty(); }
  auto begin() const { return data_.begin(); }
  auto end() const { return data_.end(); }
  std::uint8_t operator[](std::size_t i) const { return data_[i]; }
  const std::shared_ptr<const void>& owner() const { return owner_; }
  std::vector<std::uint8_t> copy() const { return {begin(), end()}; }

  friend bool operator==(const output_bytes& a, const output_bytes& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }
  friend bool operator==(const output_bytes& a, const std::vector<std::uint8_t>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

private:
  std::span<const std::uint8_t> data_;
  std::shared_ptr<const void> owner_;
};

}  // namespace datagen::kernels
