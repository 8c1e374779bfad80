#pragma once
// A trusted checkpoint as JSON for people around the canonical bytes, which alone count: what the
// gateway serves, operators publish and `datagen verify --checkpoint` reads.
//
//   {"format":"datagen-checkpoint-1","checkpoint":"<its digest>",…,"canonical":"<hex>"}

#include "protocol/receipt/trusted_checkpoint.hpp"

#include <boost/json.hpp>

namespace datagen::web {

inline constexpr const char* checkpoint_format = "datagen-checkpoint-1";

boost::json::object checkpoint_json(const protocol::trusted_checkpoint& x);

/// Either a checkpoint, or a sentence why `said` is none: another format, bytes that do not decode,
/// or a readable field that they deny.
struct read_checkpoint {
  std::optional<protocol::trusted_checkpoint> content;
  std::string wrong;
};
read_checkpoint checkpoint_from(const boost::json::value& said);

}  // namespace datagen::web
