// Parcels of other hosts: whatever opens is sealed to the same bytes again. The first byte chooses
// a role; every message that it takes is a seed.

#include "tests/fuzz/filler.hpp"
#include "tests/fuzz/target.hpp"

#include "messages/envelope.hpp"
#include "messages/interfaces.hpp"

namespace datagen::fuzz {

void check(byte_view data) {
  envelope opened;
  if (open_envelope(data, opened) != envelope_check::ok)
    return;
  const auto again = seal_envelope(opened.to, opened.content);
  require(again && std::ranges::equal(*again, data), "an envelope has one encoding");
}

namespace {

template <class Signature>
struct crossing {
  static void add(role, std::vector<bytes>&) {}
};
template <class T, class Output>
struct crossing<caf::typed_mpi<caf::detail::type_list<peer, T>, Output>> {
  static void add(role to, std::vector<bytes>& result) {
    for (std::uint64_t number = 0; number < 6; ++number)
      if (auto data = seal_envelope(
            {to, 1}, caf::make_message(peer{role::heavy_author, 3}, filled<T>(number))))
        result.push_back(std::move(*data));
  }
};

template <class... Signatures>
void add_all(role to, std::vector<bytes>& result, caf::detail::type_list<Signatures...>) {
  (crossing<Signatures>::add(to, result), ...);
}

}  // namespace

std::vector<bytes> seeds() {
  std::vector<bytes> result;
  add_all(role::user, result, user_actor::signatures{});
  add_all(role::router, result, router_actor::signatures{});
  add_all(role::validator, result, validator_actor::signatures{});
  add_all(role::cross_checker, result, cross_checker_actor::signatures{});
  add_all(role::selector, result, selector_actor::signatures{});
  add_all(role::heavy_author, result, block_author_actor::signatures{});
  add_all(role::gateway, result, gateway_actor::signatures{});
  return result;
}

}  // namespace datagen::fuzz
