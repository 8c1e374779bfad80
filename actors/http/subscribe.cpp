#include "actors/http/subscribe.hpp"

#include <charconv>

namespace datagen::http {

namespace {

std::vector<std::string_view> split(std::string_view list) {
  std::vector<std::string_view> parts;
  while (!list.empty()) {
    const auto comma = list.find(',');
    parts.push_back(list.substr(0, comma));
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
  }
  return parts;
}

bool is_topic(std::string_view name) {
  return !name.empty() && name.size() <= 128 &&
         name.find_first_not_of(
           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"
           "/") == std::string_view::npos;
}

bool parse_number(std::string_view text, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

bool parse_resume(std::string_view list, subscription& wanted) {
  for (auto part : split(list)) {
    const auto colon = part.rfind(':');
    std::uint64_t from = 0;
    if (!parse_number(colon == std::string_view::npos ? part : part.substr(colon + 1), from))
      return false;
    if (colon == std::string_view::npos)
      wanted.resume_from = from;
    else
      wanted.resume_topics[std::string{part.substr(0, colon)}] = from;
  }
  return true;
}

}  // namespace

std::optional<subscription> parse_subscription(const std::map<std::string, std::string>& query,
                                               std::size_t topics_max, std::string& why) {
  subscription wanted;
  for (const auto& [name, value] : query) {
    if (name == "topics") {
      for (auto topic : split(value)) {
        if (!is_topic(topic)) {
          why = "A topic is 1 to 128 letters, digits, '.', '_', '-' or '/'.";
          return std::nullopt;
        }
        wanted.topics.emplace(topic);
      }
    } else if (name == "resume_from") {
      if (!parse_resume(value, wanted)) {
        why = "resume_from is a sequence number, or topic:number pairs with commas.";
        return std::nullopt;
      }
    } else {
      why = "Events take the parameters topics and resume_from.";
      return std::nullopt;
    }
  }
  if (wanted.topics.size() > topics_max || wanted.resume_topics.size() > topics_max) {
    why = "A connection follows at most " + std::to_string(topics_max) + " topics; this one asks " +
          "for " + std::to_string(std::max(wanted.topics.size(), wanted.resume_topics.size())) +
          ".";
    return std::nullopt;
  }
  return wanted;
}

}  // namespace datagen::http
