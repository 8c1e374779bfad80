#include "messages/envelope.hpp"
#include "messages/interfaces.hpp"

#include <doctest/doctest.h>

using namespace datagen;

namespace {

constexpr peer from{role::heavy_author, 3}, to{role::heavy_author, 1};

/// Sends an empty message of every kind that `Actor` takes from another role.
template <class Signature>
struct crossing_of {
  static void check(role, std::set<std::string>&) {}
};
template <class T, class Output>
struct crossing_of<caf::typed_mpi<caf::detail::type_list<peer, T>, Output>> {
  static void check(role kind, std::set<std::string>& seen) {
    const auto data = seal_envelope({kind, 1}, caf::make_message(from, T{}));
    REQUIRE_MESSAGE(data, typeid(T).name());
    seen.insert(typeid(T).name());
    envelope x;
    // Some messages have no valid value by default: theirs is taken to the codec, and refused there.
    if (!protocol::decode<T>(protocol::encode(T{}))) {
      CHECK(open_envelope(*data, x) == envelope_check::malformed);
      return;
    }
    REQUIRE(open_envelope(*data, x) == envelope_check::ok);
    CHECK(x.content.match_elements<peer, T>());
    CHECK(seal_envelope(x.to, x.content) == data);
  }
};
template <class... Signatures>
void check_all(role kind, std::set<std::string>& seen, caf::detail::type_list<Signatures...>) {
  (crossing_of<Signatures>::check(kind, seen), ...);
}

}  // namespace

TEST_CASE("envelope: every message that one role takes from another crosses a link") {
  std::set<std::string> seen;
  check_all(role::user, seen, user_actor::signatures{});
  check_all(role::router, seen, router_actor::signatures{});
  check_all(role::validator, seen, validator_actor::signatures{});
  check_all(role::cross_checker, seen, cross_checker_actor::signatures{});
  check_all(role::selector, seen, selector_actor::signatures{});
  check_all(role::heavy_author, seen, block_author_actor::signatures{});
  check_all(role::gateway, seen, gateway_actor::signatures{});
  CHECK(seen.size() == 47);
}

TEST_CASE("envelope: its bytes are pinned: who, to whom, which message, the message") {
  const auto data = seal_envelope(to, caf::make_message(from, v1::follow_heavy{0x0102}));
  REQUIRE(data);
  CHECK(protocol::to_hex(*data) ==
        "0500000003"
        "0500000001"
        "000d"
        "0000000000000102");
}

TEST_CASE("envelope: what is not for other roles never crosses") {
  CHECK(!seal_envelope(to, caf::make_message(v1::alarm{})));
  CHECK(!seal_envelope(to, caf::make_message(from, v1::alarm{})));
  CHECK(!seal_envelope(to, caf::make_message(from, v1::kernel_run{})));
  CHECK(!seal_envelope(to, caf::make_message(from, 7)));
}

TEST_CASE("envelope: a message that the receiver's role does not take is refused undecoded") {
  auto data = *seal_envelope(to, caf::make_message(from, v1::vertex_gossip{}));
  envelope x;
  CHECK(open_envelope(data, x) == envelope_check::ok);
  data[5] = static_cast<std::uint8_t>(role::user);
  CHECK(open_envelope(data, x) == envelope_check::unwanted);
}

TEST_CASE("envelope: cut, trailing, unknown or random bytes never open to something else") {
  const auto good = *seal_envelope(to, caf::make_message(from, v1::vertex_query{1, {}, 2}));
  envelope x;
  for (std::size_t size = 0; size < good.size(); ++size)
    CHECK(open_envelope(protocol::byte_view{good}.first(size), x) == envelope_check::malformed);
  auto longer = good;
  longer.push_back(0);
  CHECK(open_envelope(longer, x) == envelope_check::malformed);
  auto unknown = good;
  unknown[10] = 0x7f;
  CHECK(open_envelope(unknown, x) == envelope_check::malformed);
  std::mt19937 dice{23};
  for (int i = 0; i < 50'000; ++i) {
    auto data = good;
    for (std::uint32_t flips = 1 + dice() % 3; flips > 0; --flips)
      data[dice() % data.size()] = static_cast<std::uint8_t>(dice());
    envelope opened;
    if (open_envelope(data, opened) == envelope_check::ok)
      CHECK(seal_envelope(opened.to, opened.content) == data);
  }
}

TEST_CASE("envelope: what is attached goes when the message does, not with its copies") {
  const auto data = *seal_envelope(to, caf::make_message(from, v1::follow_heavy{1}));
  auto attached = std::make_shared<const int>(1);
  envelope x;
  REQUIRE(open_envelope(data, x, attached) == envelope_check::ok);
  auto second = x.content;
  CHECK(attached.use_count() == 2);
  second.get_mutable_as<v1::follow_heavy>(1).height = 2;  // a copy of its own
  CHECK(attached.use_count() == 2);
  x.content = caf::message{};
  CHECK(attached.use_count() == 1);
}
