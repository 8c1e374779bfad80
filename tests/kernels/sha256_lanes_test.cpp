// Compiled once for each instruction set (CMakeLists.txt), so that lanes are run that a job on this
// processor would not use.
#include "kernels/sha256_lanes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <vector>

using namespace datagen::kernels;

namespace {

constexpr sha256_loops lanes_alone{.lanes = true, .ni = false};

struct message {
  std::vector<std::uint8_t> data;
  std::uint8_t prefix_size = 0;
  sha256_message view() const {
    return {.data = data.data(), .size = data.size(), .prefix = 1, .prefix_size = prefix_size};
  }
};

/// Places and digests of the messages whose digest is not the plain loop's.
std::vector<std::size_t> wrong(const std::vector<message>& messages, sha256_loops loops) {
  std::vector<sha256_message> views;
  for (const auto& x : messages) views.push_back(x.view());
  std::vector<digest256> digests(messages.size());
  sha256_messages(views.data(), static_cast<int>(views.size()), loops, digests.data());
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < views.size(); ++i) {
    const auto expected = sha256_portable(views[i]);
    if (std::memcmp(expected.bytes, digests[i].bytes, 32) != 0) result.push_back(i);
  }
  return result;
}

std::vector<message> drawn(std::mt19937& random, std::size_t count, std::size_t size_max) {
  std::vector<message> result(count);
  const bool one_size = random() % 2 == 0;
  const std::size_t size = random() % (size_max + 1);
  for (auto& x : result) {
    x.prefix_size = static_cast<std::uint8_t>(one_size ? result[0].prefix_size : random() % 2);
    x.data.resize(one_size ? size : random() % (size_max + 1));
    std::generate(x.data.begin(), x.data.end(),
                  [&] { return static_cast<std::uint8_t>(random()); });
  }
  return result;
}

}  // namespace

TEST_CASE("sha256 lanes: every length around a block's edges, for every number of messages") {
  std::mt19937 random(1);
  for (std::size_t count = 1; count <= sha256_group_max; ++count)
    for (std::size_t size = 0; size <= 200; ++size)
      for (const std::uint8_t prefix_size : {std::uint8_t{0}, std::uint8_t{1}}) {
        std::vector<message> messages(count);
        for (auto& x : messages) {
          x.prefix_size = prefix_size;
          x.data.assign(size, static_cast<std::uint8_t>(random()));
        }
        CAPTURE(count);
        CAPTURE(size);
        REQUIRE(wrong(messages, lanes_alone).empty());
      }
}

TEST_CASE("sha256 lanes: messages of different sizes beside each other") {
  std::mt19937 random(2);
  for (int round = 0; round < 2000; ++round) {
    const std::size_t count = 1 + random() % sha256_group_max;
    const auto messages = drawn(random, count, round % 4 == 0 ? 3000 : 64);
    CAPTURE(round);
    REQUIRE(wrong(messages, lanes_alone).empty());
    if (has_sha_ni()) REQUIRE(wrong(messages, {.lanes = true, .ni = true}).empty());
    REQUIRE(wrong(messages, {.lanes = false, .ni = has_sha_ni()}).empty());
  }
}

TEST_CASE("sha256 groups: lanes are filled unless a thread would go without") {
  CHECK(sha256_group_size(1000, 2) == 16);
  CHECK(sha256_group_size(20, 2) == 10);
  CHECK(sha256_group_size(20, 16) == 2);
  CHECK(sha256_group_size(1, 16) == 2);
}
