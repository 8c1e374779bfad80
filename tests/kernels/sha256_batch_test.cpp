#include <cstring>

#include "support.hpp"

using namespace datagen::kernels::testing;

namespace {

void put_u32(bytes& out, std::size_t value) {
  for (int i = 0; i < 4; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

bytes header(std::size_t count, std::size_t length) {
  bytes out = from_text("DHS1");
  put_u32(out, count);
  put_u32(out, length);
  put_u32(out, 0);
  return out;
}

void append(bytes& out, const bytes& more) { out.insert(out.end(), more.begin(), more.end()); }

/// The input for messages of any sizes, with their table.
bytes with_table(const std::vector<bytes>& messages) {
  bytes out = header(messages.size(), 0);
  for (const auto& message : messages) put_u32(out, message.size());
  for (const auto& message : messages) append(out, message);
  return out;
}

bytes digests(const std::vector<bytes>& messages) {
  bytes out;
  for (const auto& message : messages) append(out, sha256(message));
  return out;
}

/// The job on every back end that this machine has, checked against `expected`.
void check_everywhere(const bytes& input, const bytes& expected) {
  for (std::uint32_t threads : {1u, 2u, 3u}) {
    CHECK(run_cpu("sha256.batch", "", input, threads).output == expected);
    CHECK(run_cpu("sha256.batch", "", input, threads, true).output == expected);
  }
  if (has_cuda()) CHECK(run_cuda("sha256.batch", "", input).output == expected);
}

}  // namespace

TEST_CASE("sha256.batch: the examples of FIPS 180-4") {
  std::vector<bytes> messages = {
      from_text("abc"), {},
      from_text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")};
  messages.emplace_back(1000000, 'a');
  CHECK(hex(run_cpu("sha256.batch", "", with_table(messages)).output) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("sha256.batch: every length around a block's edges, with and without a table") {
  const auto seed = test_seed();
  CAPTURE(seed);
  random_source random(seed);
  for (std::size_t length : {1u, 3u, 54u, 55u, 56u, 63u, 64u, 65u, 119u, 120u, 127u, 128u, 1000u})
    for (std::size_t count : {1u, 2u, 5u}) {
      CAPTURE(length);
      CAPTURE(count);
      std::vector<bytes> messages;
      for (std::size_t i = 0; i < count; ++i) messages.push_back(random.some_bytes(length));
      bytes fixed = header(count, length);
      for (const auto& message : messages) append(fixed, message);
      check_everywhere(fixed, digests(messages));
      check_everywhere(with_table(messages), digests(messages));
    }
}

TEST_CASE("sha256.batch: messages of mixed sizes keep their order") {
  const auto seed = test_seed();
  CAPTURE(seed);
  random_source random(seed);
  std::vector<bytes> messages;
  for (int i = 0; i < 301; ++i) messages.push_back(random.some_bytes(random.below(300)));
  check_everywhere(with_table(messages), digests(messages));
}

TEST_CASE("sha256.batch: no messages give no digests") {
  const auto result = run_cpu("sha256.batch", "", header(0, 64));
  CHECK(result.ok());
  CHECK(result.output.empty());
  CHECK(result.units == 1);
}

TEST_CASE("sha256.batch: units count the blocks of the padded messages, whatever their bytes") {
  bytes fixed = header(64, 64);  // two blocks each
  append(fixed, bytes(4096));
  CHECK(loaded().units({.kernel = "sha256.batch", .params = {}, .input = fixed}).units == 5);
  std::vector<bytes> messages(32, bytes(55));  // one block each
  messages.resize(64, bytes(56));              // two
  CHECK(run_cpu("sha256.batch", "", with_table(messages)).units == 1 + 96 / 32);
}

TEST_CASE("sha256.batch: bad input is refused with a sentence that says what was expected") {
  const auto refused = [](const bytes& input) {
    const auto result = run_cpu("sha256.batch", "", input);
    CHECK(result.output.empty());
    return std::to_string(result.exit_status) + ": " + result.message;
  };
  CHECK(refused({}) ==
        "2: input is 0 bytes, expected at least the 16-byte header DHS1, count, length, 0");
  CHECK(refused(bytes(16)) == "2: input does not start with the four letters DHS1");
  CHECK(refused(header(2, 3)) == "2: input is 16 bytes, but 2 messages of 3 bytes need 22");
  CHECK(refused(header(2, 0)) ==
        "2: input is 16 bytes, but the sizes of 2 messages alone need 24");
  CHECK(refused(header(16777217, 1)) ==
        "3: message count is 16777217 messages, the limit is 16777216 messages");
  bytes short_payload = with_table({bytes(5), bytes(6)});
  short_payload.pop_back();
  CHECK(refused(short_payload) ==
        "2: input is 34 bytes, but header, table and 2 messages of the table's sizes are 35");
  bytes reserved = header(0, 1);
  reserved[12] = 7;
  CHECK(refused(reserved) == "2: the header's last number is 7, expected 0");
  CHECK(run_cpu("sha256.batch", "x=1", {}).message == "unknown parameter 'x', allowed: none");
}
