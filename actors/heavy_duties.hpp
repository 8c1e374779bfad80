#pragma once
// What a role owes the Heavy Chain in an audit: sent, and sent again through the next author until
// the chain says that it is done. A statement that is lost on the way could cost a stake.

#include "actors/heavy_follower.hpp"

#include <map>

namespace datagen {

enum class duty_kind : std::uint8_t {
  commit,       ///< A checker's commitment.
  reveal,       ///< A checker's reveal.
  unavailable,  ///< A checker cannot get the input.
  opening,      ///< P opens its commitment.
  evidence,     ///< U's word.
  stored,       ///< The committee holds the input.
  leaf,         ///< P shows a leaf that is asked for.
  canary,       ///< P reveals a canary.
  appeal,       ///< P asks for the last stage.
  count,        ///< A job of a closed epoch's totals is asked for, or shown.
  fraud,        ///< Totals that contradict themselves.
  delivery,     ///< P shows that its user has the result.
};

class heavy_duties {
public:
  /// About which audit, and in which of its stages.
  struct duty {
    protocol::job_id job;
    std::uint8_t attempt = 0;
    duty_kind kind = duty_kind::commit;
    std::uint8_t stage = 0;
    friend auto operator<=>(const duty&, const duty&) = default;
  };

  heavy_duties() = default;
  /// @param resend_ms between the first two sendings; it doubles up to `resend_ms` << 5.
  heavy_duties(const peer& self, const role_context& context, std::uint64_t resend_ms = 2000)
      : self_(self), context_(context), resend_ms_(resend_ms) {}

  /// Sends `transaction` now and keeps it; one that is kept for `what` already stays.
  void owe(const heavy_follower& heavy, const duty& what, protocol::bytes transaction);
  void done(const duty& what) { open_.erase(what); }
  /// Nothing more is heard about this audit.
  void forget(const protocol::job_id& job, std::uint8_t attempt);
  /// Call about once a second.
  void wake(const heavy_follower& heavy);
  std::size_t open() const { return open_.size(); }

private:
  struct entry {
    protocol::bytes transaction;
    std::uint64_t sent_ms = 0;
    std::uint32_t tries = 0;
  };
  void send(const heavy_follower& heavy, entry& x);

  peer self_;
  role_context context_;
  std::uint64_t resend_ms_ = 2000;
  std::map<duty, entry> open_;
};

}  // namespace datagen
