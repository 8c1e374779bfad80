#pragma once
// What a Fast block tells the API and the roles: the canonical `events` of its `block_result`.

#include "protocol/fast/transactions.hpp"

namespace datagen::protocol::fast {

namespace happened {

/// A leaf has its place in the log; `checkpoint` is the sequence of the checkpoint it goes into.
struct leaf_ordered {
  leaf content;
  bool payable = false;  ///< False for a later attempt at a job that is paid already.
  std::uint64_t height = 0;
  std::uint64_t checkpoint = 0;
  std::uint32_t index = 0;  ///< In the checkpoint's tree.
};
template <class Archive>
void describe(Archive& ar, leaf_ordered& x) {
  ar(x.content, x.payable, x.height, x.checkpoint, x.index);
}

/// A leaf was not ordered; `code` is a `transaction_check`.
struct leaf_refused {
  leaf content;
  std::uint16_t code = 0;
  std::string reason;
};
template <class Archive>
void describe(Archive& ar, leaf_refused& x) {
  ar(x.content, x.code, x.reason);
}

/// The root of an Echo report is in this block (R10).
struct echo_recorded {
  session_id session;
  digest entries_root;
  std::uint64_t height = 0;
};
template <class Archive>
void describe(Archive& ar, echo_recorded& x) {
  ar(x.session, x.entries_root, x.height);
}

/// Everything Heavy decided up to its block `height` is known here now.
struct heavy_followed {
  std::uint64_t height = 0;
};
template <class Archive>
void describe(Archive& ar, heavy_followed& x) {
  ar(x.height);
}

/// The block carries a checkpoint: with its finality certificate it belongs on Heavy.
struct checkpoint_made {
  ledger::tx::checkpoint_content content;
};
template <class Archive>
void describe(Archive& ar, checkpoint_made& x) {
  ar(x.content);
}

/// A validator signed two leaves for one (job, attempt).
struct equivocation_found {
  digest ordered;  ///< Leaf hash of the first, which stays.
  receipt second;
};
template <class Archive>
void describe(Archive& ar, equivocation_found& x) {
  ar(x.ordered, x.second);
}

}  // namespace happened

/// Append, never reorder: the index is the wire form.
using event =
  std::variant<happened::leaf_ordered, happened::leaf_refused, happened::echo_recorded,
               happened::heavy_followed, happened::checkpoint_made, happened::equivocation_found>;

}  // namespace datagen::protocol::fast
