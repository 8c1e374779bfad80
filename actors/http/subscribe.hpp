#pragma once
// The query of an event reader: ?topics=blocks,jobs&resume_from=7 or resume_from=blocks:7,jobs:3.
// Private to this folder.

#include "actors/http/event_stream.hpp"

namespace datagen::http {

/// @returns nothing, with a sentence in `why`, on unknown parameters, bad numbers or names, and
/// more than `topics_max` topics.
std::optional<subscription> parse_subscription(const std::map<std::string, std::string>& query,
                                               std::size_t topics_max, std::string& why);

}  // namespace datagen::http
