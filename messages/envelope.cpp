#include "messages/envelope.hpp"

#include "messages/interfaces.hpp"

#include <caf/detail/tuple_vals.hpp>
#include <caf/make_counted.hpp>

#include <typeindex>
#include <unordered_map>

namespace datagen {

namespace {

template <class... Ts>
struct types {};

/// The number on the wire is the place in this list. Append, never renumber; a message that nobody
/// sends any more keeps its place.
using crossing =
  types<v1::vertex_gossip, v1::vertex_query, v1::vertices_since_query, v1::vertices_reply,
        v1::block_query, v1::block_answer, v1::snapshot_query, v1::snapshot_piece, v1::ceremony_key,
        v1::ceremony_share, v1::ceremony_ack, v1::submit_transaction, v1::transaction_done,
        v1::follow_heavy, v1::heavy_news, v1::follow_blocks, v1::block_news, v1::block_certified,
        v1::state_query, v1::state_reply, v1::leaf_query, v1::leaf_reply, v1::content_query,
        v1::content_reply, v1::input_offer, v1::input_kept, v1::leaf_place_query, v1::leaf_place,
        v1::claims_query, v1::claims_reply, v1::entry_query, v1::entry_reply, v1::echo_package,
        v1::echo_reply, v1::job_request, v1::job_reply, v1::job_refused, v1::job_acknowledged,
        v1::job_probe, v1::job_working, v1::canary_offer, v1::canary_proposal,
        v1::canary_consent, v1::result_offer, v1::result_kept, v1::result_query,
        v1::result_sealed>;

struct header {
  peer from;
  peer to;
  std::uint16_t kind = 0;
};
template <class Archive>
void describe(Archive& ar, header& x) {
  ar(x.from, x.to, x.kind);
}
constexpr std::size_t header_bytes = 12;

/// A message with something that goes when it goes. A copy of it is a plain message.
template <class T>
class attached_message final : public caf::detail::tuple_vals<peer, T> {
public:
  attached_message(const peer& from, T&& x, std::shared_ptr<const void> attached)
      : caf::detail::tuple_vals<peer, T>(from, std::move(x)), attached_(std::move(attached)) {}

private:
  std::shared_ptr<const void> attached_;
};

/// What is known of one kind of message.
struct kind {
  std::type_index type = typeid(void);
  void (*write)(protocol::encoder&, const caf::message&) = nullptr;
  bool (*read)(protocol::byte_view, envelope&, std::shared_ptr<const void>&&) = nullptr;
  std::uint32_t takers = 0;  ///< Bit set of roles.
};

template <class T, class Signature>
struct takes : std::false_type {};
template <class T, class Output>
struct takes<T, caf::typed_mpi<caf::detail::type_list<peer, T>, Output>> : std::true_type {};

template <class T, class Signatures>
struct taken_by_one;
template <class T, class... Signatures>
struct taken_by_one<T, caf::detail::type_list<Signatures...>>
    : std::disjunction<takes<T, Signatures>...> {};

template <class T, class Actor>
constexpr std::uint32_t taker(role who) {
  return taken_by_one<T, typename Actor::signatures>::value ? 1u << static_cast<unsigned>(who) : 0;
}

template <class T>
constexpr std::uint32_t takers_of() {
  return taker<T, user_actor>(role::user) | taker<T, router_actor>(role::router) |
         taker<T, validator_actor>(role::validator) |
         taker<T, cross_checker_actor>(role::cross_checker) |
         taker<T, selector_actor>(role::selector) |
         taker<T, block_author_actor>(role::heavy_author) |
         taker<T, block_author_actor>(role::fast_author) | taker<T, gateway_actor>(role::gateway);
}

template <class T>
kind kind_of() {
  return {.type = typeid(T),
          .write = [](protocol::encoder& ar, const caf::message& x) { ar(x.get_as<T>(1)); },
          .read =
            [](protocol::byte_view data, envelope& result, std::shared_ptr<const void>&& attached) {
              auto x = protocol::decode<T>(data);
              if (!x)
                return false;
              result.content =
                caf::message{caf::message::data_ptr{caf::make_counted<attached_message<T>>(
                  result.from, std::move(*x), std::move(attached))}};
              return true;
            },
          .takers = takers_of<T>()};
}

template <class... Ts>
std::vector<kind> kinds_of(types<Ts...>) {
  return {kind_of<Ts>()...};
}

const std::vector<kind>& kinds() {
  static const auto result = kinds_of(crossing{});
  return result;
}

const std::unordered_map<std::type_index, std::uint16_t>& numbers() {
  static const auto result = [] {
    std::unordered_map<std::type_index, std::uint16_t> places;
    for (std::uint16_t i = 0; i < kinds().size(); ++i)
      places.emplace(kinds()[i].type, i);
    return places;
  }();
  return result;
}

}  // namespace

std::optional<protocol::bytes> seal_envelope(const peer& to, const caf::message& content) {
  if (content.size() != 2 || content.type(1).second == nullptr || !content.match_element<peer>(0))
    return std::nullopt;
  const auto number = numbers().find(*content.type(1).second);
  if (number == numbers().end())
    return std::nullopt;
  protocol::encoder ar;
  ar(header{content.get_as<peer>(0), to, number->second});
  kinds()[number->second].write(ar, content);
  return ar.take();
}

envelope_check open_envelope(protocol::byte_view data, envelope& result,
                             std::shared_ptr<const void> attached) {
  if (data.size() < header_bytes)
    return envelope_check::malformed;
  const auto head = protocol::decode<header>(data.first(header_bytes));
  if (!head || head->kind >= kinds().size())
    return envelope_check::malformed;
  const auto& known = kinds()[head->kind];
  if ((known.takers >> static_cast<unsigned>(head->to.kind) & 1) == 0)
    return envelope_check::unwanted;
  result.from = head->from;
  result.to = head->to;
  return known.read(data.subspan(header_bytes), result, std::move(attached))
           ? envelope_check::ok
           : envelope_check::malformed;
}

}  // namespace datagen
