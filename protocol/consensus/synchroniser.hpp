#pragma once
// Whom to ask for what is missing: first the sender of the referrer, after a while two others
// (consensus.md 2.15, live part).

#include "protocol/consensus/admission.hpp"
#include "protocol/consensus/events.hpp"

namespace datagen::protocol::consensus {

class synchroniser {
public:
  synchroniser(const engine_params& params, std::size_t peers, author_index self)
      : params_(params), self_(self), links_(peers) {}

  void want(const wanted_ref& missing, std::uint64_t now_ms);
  /// Asks `peer` for its own vertices from `round` on, unless it is already being asked.
  void want_since(author_index peer, round_number round, std::uint64_t now_ms);
  void set_up(author_index peer, bool up);
  bool is_up(author_index peer) const { return links_[peer].up; }

  /// The requests that are due, lowest rounds first; forgets what `door` no longer wants.
  std::vector<any_effect> poll(const admission& door, std::uint64_t now_ms);
  /// A reply ends its request; what it lacks is asked of others.
  void replied(author_index peer, std::uint64_t request, std::span<const vertex_ptr> vertices,
               std::uint64_t now_ms);
  /// When `poll` has something to do next.
  std::uint64_t due_ms() const { return due_ms_; }
  std::size_t missing() const { return wants_.size(); }

private:
  struct want_state {
    std::vector<author_index> holders;  ///< Peers that must have it, as they became known.
    std::size_t holders_asked = 0;
    std::uint32_t asked = 0;    ///< How many peers so far.
    std::uint64_t next_ms = 0;  ///< When others are asked.
  };
  struct request_state {
    author_index peer = 0;
    std::uint64_t expires_ms = 0;
    bool since = false;
    std::vector<vertex_ref> refs;
  };
  struct link {
    bool up = true;
    std::uint32_t requests = 0;
    bool since_open = false;
  };

  using want_place = std::map<vertex_ref, want_state>::iterator;

  void expire(std::uint64_t now_ms);
  void forget_unwanted(const admission& door);
  std::vector<want_place> in_turn(std::uint64_t now_ms);
  void close(std::map<std::uint64_t, request_state>::iterator request);
  std::optional<author_index> choose(const vertex_ref& ref, want_state& w) const;
  std::uint64_t open(author_index peer, bool since, std::uint64_t now_ms);

  engine_params params_;
  author_index self_;
  std::vector<link> links_;
  std::map<vertex_ref, want_state> wants_;
  std::map<std::uint64_t, request_state> requests_;
  std::vector<any_effect> ready_;
  std::uint64_t next_request_ = 1;
  std::uint64_t due_ms_ = ~std::uint64_t{0};
};

}  // namespace datagen::protocol::consensus
